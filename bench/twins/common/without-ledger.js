// What stands where the ledger would: the send alone.

import { log } from "./log.js";
import { send } from "./paytr.js";
import { ended } from "./problem.js";

export async function sendOnly(env, settings, { webhookId, secret }, message) {
  const answer = ended(webhookId, await send(settings, message));
  log(answer, webhookId, secret);
  return answer;
}

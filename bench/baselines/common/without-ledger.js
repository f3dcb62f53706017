// What stands where the ledger would: the send alone.

import { log } from "./log.js";
import { send } from "./paytr.js";
import { ended } from "./problem.js";

export async function sendOnly(env, settings, arrival, verified, message) {
  const askedAt = Date.now();
  const outcome = await send(settings, message);
  const answer = { ...ended(verified.webhookId, outcome), paytrMs: Math.max(0, Date.now() - askedAt) };
  log(env, arrival, answer, verified, message);
  return answer;
}

// What stands where the ledger would: the send alone.

import { log } from "./log.js";
import { send } from "./paytr.js";
import { asked, ended } from "./problem.js";

export async function sendOnly(env, settings, context, verified, message) {
  const askedAt = Date.now();
  const outcome = await send(settings, message);
  const response = { ...ended(verified.webhookId, outcome), ...asked(outcome, askedAt) };
  log(context, response, verified, message);
  return response;
}

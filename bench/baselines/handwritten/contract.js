// By hand, without any ledger: the contract of a send alone. It sends twice if asked twice.

import { app } from "./app.js";
import { log } from "./log.js";
import { send } from "./paytr.js";
import { asked, ended } from "./problem.js";

export default app(async (env, settings, context, verified, message) => {
  const askedAt = Date.now();
  const outcome = await send(settings, message);
  const response = { ...ended(verified.webhookId, outcome), ...asked(outcome, askedAt) };
  log(context, response, verified, message);
  return response;
});

// By hand, with the ledger, links and payments.

import { app } from "./app.js";
import { callback } from "./callback.js";
import { parseCreate } from "./create.js";
import { submit, submitCreate } from "./partitions.js";

const deliver = (env, settings, context, verified, message) =>
  (message.type === "link.create" ? submitCreate : submit)(env, settings, context, verified, message);

export { Ledger } from "./ledger.js";
export default app(deliver, { parsers: { "link.create": parseCreate }, callback });

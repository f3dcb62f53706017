// By hand, with the ledger, links and payments.
import { submit } from "../common/ledger.js";
import { app } from "./app.js";
import { callback } from "./callback.js";
import { Ledger, submitCreate } from "./ledger.js";
import { parseCreate } from "./create.js";

const deliver = (env, settings, context, verified, message) =>
  (message.type === "link.create" ? submitCreate : submit)(env, settings, context, verified, message);

export { Ledger };
export default app(deliver, { parsers: { "link.create": parseCreate }, callback });

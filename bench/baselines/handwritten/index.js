// By hand, with the ledger.
import { Ledger, submit } from "../common/ledger.js";
import { app } from "./app.js";

export { Ledger };
export default app(submit);

// By hand, with the ledger.
import { Ledger, forward } from "../common/ledger.js";
import { door } from "./door.js";

export { Ledger };
export default door(forward);

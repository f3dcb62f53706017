// By hand, without the ledger: it sends twice if asked twice.
import { sendOnly } from "../common/without-ledger.js";
import { door } from "./door.js";

export default door(sendOnly);

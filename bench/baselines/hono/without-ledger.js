// Hono, zod and standardwebhooks, without the ledger: it sends twice if asked twice.
import { sendOnly } from "../common/without-ledger.js";
import { app } from "./app.js";

export default app(sendOnly);

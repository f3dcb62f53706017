// A storage that takes nothing any more: what is said of a payment and of a message in the answer and in the log.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { callback, notice } from "../../bench/lib/requests.mjs";
import { Workerd } from "../../bench/lib/workerd.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { post } from "../support/message.mjs";
import { until } from "../support/until.mjs";
import { RELAY } from "../support/workerd.mjs";

/** The relay on a storage whose commits fail, as they do on a full disk: a statement is taken, and never made durable. */
const ON_A_FULL_DISK = `import relay, { Ledger as Working } from "./index.js";
export default relay;
export class Ledger extends Working {
  constructor(state, env) {
    super(state, env);
    const { storage } = state;
    const full = {
      sql: storage.sql,
      transactionSync: (work) => storage.transactionSync(work),
      setAlarm: (...alarm) => storage.setAlarm(...alarm),
      sync: () => Promise.reject(new Error("database or disk is full: SQLITE_FULL")),
    };
    Object.defineProperty(this, "ctx", { value: { storage: full } });
  }
}
`;

const keep = endings();
const main = join(ownFolder("full"), "full.js");
const lines = [];
let relay;
before(async () => {
  await writeFile(main, ON_A_FULL_DISK);
  const hear = (line) => line.startsWith('{"request_id"') && lines.push(JSON.parse(line));
  const variant = { modules: { "full.js": main, ...RELAY }, ledger: true };
  relay = await keep(Workerd.start(variant, { PAYTR_BASE_URL: "http://127.0.0.1:1" }, hear));
});

test("a payment that could not be stored is answered 500, and no line of the log says that it was", async () => {
  const { status, text } = await relay.ask(callback(notice("0f".repeat(32))));
  assert.deepEqual([status, text], [500, "PAYTR notification failed: the relay could not store it"]);
  assert.deepEqual(await nextLine(), ["refused", "ledger-unavailable", "storage-failed"]);
});

test("a message whose outcome could not be stored is answered 503, and the log says nothing else of it", async () => {
  const message = { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: "05550001234" } };
  const { status, code } = await post(relay.url, message);
  assert.deepEqual([status, code], [503, "ledger-unavailable"]);
  assert.deepEqual(await nextLine(), ["refused", "ledger-unavailable", "storage-failed"]);
});

/** What the log says since it was looked at last, which is one line. */
async function nextLine() {
  const [{ outcome, code, reason }, ...more] = (await until(() => lines, ({ length }) => length > 0)).splice(0);
  assert.deepEqual(more, []);
  return [outcome, code, reason];
}

// A storage that takes nothing any more: what is said of a payment and of a message in the answer and in the log.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { noticeOf } from "../../bench/lib/requests.mjs";
import { ownFolder } from "../support/ends.mjs";
import { post } from "../support/message.mjs";
import { texts } from "../support/relay.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../support/secrets.mjs";
import { until } from "../support/until.mjs";
import { RELAY, startWorkerd } from "../support/workerd.mjs";

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

let workerd, url;
after(() => workerd?.stop("SIGKILL"));
const directory = ownFolder("full");

before(async () => {
  await writeFile(join(directory, "full.js"), ON_A_FULL_DISK);
  const settings = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET, PAYTR_BASE_URL: "http://127.0.0.1:1" };
  const services = [{ name: "main", bindings: texts(settings), hasLedger: true }];
  const modules = { "full.js": join(directory, "full.js"), ...RELAY };
  const started = await startWorkerd(directory, { modules, storage: directory, services }, "pipe");
  ({ workerd } = started);
  url = started.urls.main;
});

test("a payment that could not be stored is answered 500, and no line of the log says that it was", async () => {
  const { PAYTR_MERCHANT_ID: id, PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
  const body = new URLSearchParams(noticeOf("0f".repeat(32), "IN20261129A1", { id, key, salt }));
  const answer = await fetch(`${url}/callback`, { method: "POST", body });
  assert.deepEqual([answer.status, await answer.text()], [500, "PAYTR notification failed: the relay could not store it"]);
  assert.deepEqual(await nextLine(), ["refused", "ledger-unavailable", "storage-failed"]);
});

test("a message whose outcome could not be stored is answered 503, and the log says nothing else of it", async () => {
  const message = { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: "05550001234" } };
  const { status, code } = await post(url, message);
  assert.deepEqual([status, code], [503, "ledger-unavailable"]);
  assert.deepEqual(await nextLine(), ["refused", "ledger-unavailable", "storage-failed"]);
});

let read = 0;
/** What the log says since it was looked at last, which is one line. */
async function nextLine() {
  const all = () => workerd.output().split("\n").filter((line) => line.startsWith('{"request_id"'));
  const lines = (await until(all, ({ length }) => length > read)).slice(read).map((line) => JSON.parse(line));
  read += lines.length;
  assert.equal(lines.length, 1);
  const [{ outcome, code, reason }] = lines;
  return [outcome, code, reason];
}

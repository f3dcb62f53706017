// Alarms that the platform lost: by the cron a partition is worked off all the same, though nobody asks anything of it, and
// a replay trusts none.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { noticeOf } from "../../bench/lib/requests.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { ask } from "../support/message.mjs";
import { phone } from "../support/people.mjs";
import { texts } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../support/secrets.mjs";
import { NODE } from "../support/tools.mjs";
import { RELAY, startWorkerd } from "../support/workerd.mjs";

const STORAGE = inRoot("tests/worker/support/storage.mjs");
const PATIENCE_MS = 20_000;
/** The relay, with a path that does what the platform does at the time of a cron. */
const WITH_CRON = `import relay from "./index.js";
export { Ledger } from "./index.js";
export default {
  async fetch(request, env, context) {
    if (!request.url.endsWith("/cron")) return relay.fetch(request, env, context);
    await relay.scheduled({}, env, context);
    return new Response("tended");
  },
};
`;

/** The relay on a platform that loses every alarm at once, until somebody asks for `/mended`. */
const WITHOUT_ALARMS = `import relay, { Ledger as Working } from "./index.js";
let isMended = false;
export default {
  fetch(request, env, context) {
    if (!request.url.endsWith("/mended")) return relay.fetch(request, env, context);
    isMended = true;
    return new Response("mended");
  },
};
export class Ledger extends Working {
  constructor(state, env) {
    super(state, env);
    const { storage } = state;
    const losing = {
      sql: storage.sql,
      transactionSync: (work) => storage.transactionSync(work),
      setAlarm: (...alarm) => (isMended ? storage.setAlarm(...alarm) : Promise.resolve()),
      sync: () => storage.sync(),
    };
    Object.defineProperty(this, "ctx", { value: { storage: losing } });
  }
}
`;

let sandbox, workerd, url;
after(() => workerd?.stop("SIGKILL"));
const keep = endings();
const directory = ownFolder("cron");

before(async () => {
  await writeFile(join(directory, "cron.js"), WITH_CRON);
  await writeFile(join(directory, "losing.js"), WITHOUT_ALARMS);
  sandbox = await keep(startSandbox());
});

async function start(main = "cron.js", settings = {}) {
  const secrets = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET };
  const bindings = texts({ ...secrets, PAYTR_BASE_URL: sandbox.url, SEND_LIMITS: "[]", ...settings });
  const modules = { [main]: join(directory, main), ...RELAY };
  const started = await startWorkerd(directory, { modules, storage: directory, services: [{ name: "main", bindings, hasLedger: true }] });
  ({ workerd } = started);
  url = started.urls.main;
}

const storage = (...args) => execa(NODE, ["--no-warnings", STORAGE, ...args]);

async function messages() {
  const { stdout } = await storage("count", directory);
  return JSON.parse(stdout).messages;
}

test("a partition whose alarm was lost keeps what is too old until the cron comes", async () => {
  await start();
  const send = () => ask(url, { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: phone() } });
  for (let number = 0; number < 8; number += 1) await send();
  await workerd.stop("SIGKILL");
  await storage("age", directory, "8");
  await storage("lose-alarms", directory, "everywhere");
  await start();
  await sleep(2000);
  assert.equal(await messages(), 8, "nobody has asked anything, and there is no alarm");
  assert.equal((await fetch(`${url}/cron`)).status, 200);
  for (const deadline = Date.now() + PATIENCE_MS; (await messages()) > 0; await sleep(100)) {
    assert.ok(Date.now() < deadline, "what is too old is still there");
  }
});

test("a replay has events delivered at once, though an alarm was lost that should have come a moment ago", async () => {
  await workerd.stop("SIGKILL");
  const receiver = await keep(startReceiver());
  await start("losing.js", { EVENTS_URL: `${receiver.url}/told` });
  const { PAYTR_MERCHANT_ID: id, PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
  const callbackId = "0f".repeat(32);
  const body = new URLSearchParams(noticeOf(callbackId, "IN20261130A1", { id, key, salt }));
  assert.equal((await fetch(`${url}/callback`, { method: "POST", body })).status, 200);
  await sleep(500);
  assert.equal((await receiver.events("/told", 0)).length, 0, "the alarm came, so this shows nothing");
  assert.equal((await fetch(`${url}/mended`)).status, 200);
  const replayed = await ask(url, { type: "event.replay", data: { callback_id: callbackId } });
  assert.deepEqual(replayed, { outcome: "replayed", events: 1 });
  // The try that was lost is due as well, and may be made beside the replay's: it is the same event.
  const told = await receiver.events("/told", 1);
  assert.deepEqual(new Set(told.map(({ body }) => JSON.parse(body).data.payment.merchant_oid)), new Set(["IN20261130A1"]));
  assert.equal(new Set(told.map(({ headers }) => headers["webhook-id"])).size, 1);
});

// Alarms that the platform lost: by the cron a partition is worked off all the same, though nobody asks anything of it, and
// a replay trusts none.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { callback, notice } from "../../bench/lib/requests.mjs";
import { Workerd } from "../../bench/lib/workerd.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { ask } from "../support/message.mjs";
import { phone } from "../support/people.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { NODE } from "../support/tools.mjs";
import { RELAY } from "../support/workerd.mjs";

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

const keep = endings();
const main = join(ownFolder("tend"), "main.js");
let sandbox;
before(async () => (sandbox = await keep(startSandbox())));

/** The relay behind this module. */
async function start(text, settings) {
  await writeFile(main, text);
  const variant = { modules: { "main.js": main, ...RELAY }, ledger: true };
  return keep(Workerd.start(variant, { PAYTR_BASE_URL: sandbox.url, SEND_LIMITS: "[]", ...settings }));
}

const toStorage = (...args) => execa(NODE, ["--no-warnings", STORAGE, ...args]);

test("a partition whose alarm was lost keeps what is too old until the cron comes", async () => {
  const relay = await start(WITH_CRON);
  const send = () => ask(relay.url, { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: phone() } });
  for (let number = 0; number < 8; number += 1) await send();
  await relay.restart(async (storage) => {
    await toStorage("age", storage, "8");
    await toStorage("lose-alarms", storage, "everywhere");
  });
  await sleep(2000);
  const messages = async () => JSON.parse((await toStorage("count", relay.storage)).stdout).messages;
  assert.equal(await messages(), 8, "nobody has asked anything, and there is no alarm");
  assert.equal((await fetch(`${relay.url}/cron`)).status, 200);
  for (const deadline = Date.now() + PATIENCE_MS; (await messages()) > 0; await sleep(100)) {
    assert.ok(Date.now() < deadline, "what is too old is still there");
  }
});

test("a replay has events delivered at once, though an alarm was lost that should have come a moment ago", async () => {
  const receiver = await keep(startReceiver());
  const relay = await start(WITHOUT_ALARMS, { EVENTS_URL: `${receiver.url}/told` });
  const callbackId = "0f".repeat(32);
  assert.equal((await relay.ask(callback(notice(callbackId, "IN20261130A1")))).status, 200);
  await sleep(500);
  assert.equal((await receiver.events("/told", 0)).length, 0, "the alarm came, so this shows nothing");
  assert.equal((await fetch(`${relay.url}/mended`)).status, 200);
  const replayed = await ask(relay.url, { type: "event.replay", data: { callback_id: callbackId } });
  assert.deepEqual(replayed, { outcome: "replayed", events: 1 });
  // The try that was lost is due as well, and may be made beside the replay's: it is the same event.
  const told = await receiver.events("/told", 1);
  assert.deepEqual(new Set(told.map(({ body }) => JSON.parse(body).data.payment.merchant_oid)), new Set(["IN20261130A1"]));
  assert.equal(new Set(told.map(({ headers }) => headers["webhook-id"])).size, 1);
});

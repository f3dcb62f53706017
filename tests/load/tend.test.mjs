// The cron: a partition whose alarm the platform lost is worked off all the same, though nobody asks anything of it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Webhook } from "standardwebhooks";
import { inRoot } from "../../scripts/paths.mjs";
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

let directory, sandbox, workerd, url;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "cron-"));
  await writeFile(join(directory, "cron.js"), WITH_CRON);
  sandbox = await startSandbox();
});

after(async () => {
  await workerd?.stop("SIGKILL");
  await sandbox?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function start() {
  const bindings = texts({ ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET, PAYTR_BASE_URL: sandbox.url, SEND_LIMITS: "[]" });
  const modules = { "cron.js": join(directory, "cron.js"), ...RELAY };
  const started = await startWorkerd(directory, { modules, storage: directory, services: [{ name: "main", bindings, hasLedger: true }] });
  ({ workerd } = started);
  url = started.urls.main;
}

async function send(number) {
  const body = JSON.stringify({ type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: phone() } });
  const now = new Date();
  const id = `msg_tend_${number}`;
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(now / 1000)}`,
    "webhook-signature": new Webhook(SECRET).sign(id, now, body),
  };
  const answer = await fetch(`${url}/webhook`, { method: "POST", headers, body });
  assert.equal(answer.status, 200, await answer.text());
}

const storage = (...args) => execa(NODE, ["--no-warnings", STORAGE, ...args]);

async function messages() {
  const { stdout } = await storage("count", directory);
  return JSON.parse(stdout).messages;
}

test("a partition whose alarm was lost keeps what is too old until the cron comes", async () => {
  await start();
  for (let number = 0; number < 8; number += 1) await send(number);
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

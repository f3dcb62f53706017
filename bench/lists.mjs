// `npm run bench:lists`: what a page of a list takes when the ledger holds 1,000 links and when it holds 100,000: rows read, as
// SQLite counts them, and the time until the answer, as a ratio of medians. `-- --links 1000,100000 --asks 20` are the defaults.
//
// 160 links are made, and half of them paid; the rest are copies of their rows, made while workerd is down.

import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { inRoot } from "../scripts/paths.mjs";
import { texts } from "../tests/support/relay.mjs";
import { startSandbox } from "../tests/support/sandbox.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../tests/support/secrets.mjs";
import { NODE } from "../tests/support/tools.mjs";
import { RELAY, startWorkerd } from "../tests/support/workerd.mjs";
import { Webhook } from "standardwebhooks";
import { table } from "./lib/report.mjs";
import { noticeOf } from "./lib/requests.mjs";
import { median } from "./lib/statistics.mjs";
import { temporaryDirectory } from "./lib/storage.mjs";

const COUNTED = { "counted.js": inRoot("bench/lib/usage/counted.js"), ...RELAY };
const COPY = inRoot("bench/lib/copy-rows.mjs");
const MADE = 160;
const LIMIT = 10;
const PAGE = 100;

const { values: options } = parseArgs({
  options: { links: { type: "string", default: "1000,100000" }, asks: { type: "string", default: "20" } },
});
const sizes = options.links.split(",").map(Number);
let messages = 0;

const directory = temporaryDirectory();
const sandbox = await startSandbox();
let relay = await start();
try {
  console.error(`Making ${MADE} links`);
  for (let made = 0; made < MADE; made += 1) await make(made);
  const measured = [];
  for (const size of sizes) {
    await relay.workerd.stop("SIGKILL");
    await execa(NODE, ["--no-warnings", COPY, directory, String(size)]);
    relay = await start();
    measured.push(await measure());
    console.error(`${size.toLocaleString("en")} links: ${JSON.stringify(measured.at(-1))}`);
  }
  const rows = Object.keys(measured[0]).map((name) => [
    name,
    ...measured.map((of) => of[name].rowsRead.toLocaleString("en")),
    (measured.at(-1)[name].ms / measured[0][name].ms).toFixed(2),
  ]);
  const heads = sizes.map((size) => `rows read, ${size.toLocaleString("en")} links`);
  console.log(table([`a page of ${LIMIT}`, ...heads, "time, of the fewest links'"], rows));
} finally {
  await relay.workerd.stop("SIGKILL");
  await sandbox.stop();
  await rm(directory, { recursive: true, force: true });
}
process.exit(0);

async function start() {
  const settings = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET, PAYTR_BASE_URL: sandbox.url };
  const more = { SEND_LIMITS: "[]", EVENTS_URL: `${sandbox.url}/nobody` };
  const services = [{ name: "main", bindings: texts({ ...settings, ...more }), hasLedger: true }];
  const { workerd, urls } = await startWorkerd(directory, { modules: COUNTED, storage: directory, services });
  return { workerd, url: urls.main };
}

async function ask(type, data = {}) {
  const body = JSON.stringify({ type, data });
  const id = `msg_lists_${(messages += 1)}`;
  const at = new Date();
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": new Webhook(SECRET).sign(id, at, body),
  };
  const answer = await fetch(`${relay.url}/webhook`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${type}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function make(number) {
  const data = { name: "Çay takımı", price: 158_000, reference: String(1000 + number) };
  const { link } = await ask("link.create", data);
  if (number % 2 === 0) return;
  const { PAYTR_MERCHANT_ID: id, PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
  const body = noticeOf(link.callback_id, `oid${number}`, { id, key, salt });
  const answer = await fetch(`${relay.url}/callback`, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } });
  if ((await answer.text()) !== "OK") throw new Error("a payment is not taken");
}

async function measure() {
  const half = new Date(Date.now() - 36e5).toISOString();
  const lists = {
    "the newest links": ["link.list", {}],
    "the open ones": ["link.list", { state: "open" }],
    "the paid ones": ["link.list", { state: "paid" }],
    "those of a reference": ["link.list", { reference: "1007" }],
    "those of the time before the last hour": ["link.list", { created_before: half }],
    "the pending events": ["event.list", { state: "pending" }],
  };
  const measured = {};
  for (const [name, [type, data]] of Object.entries(lists)) {
    measured[name] = await time(type, { ...data, limit: LIMIT });
    if ("reference" in data) continue;
    let cursor;
    for (let page = 1; page < PAGE; page += 1) {
      const answer = await ask(type, { ...data, limit: LIMIT, cursor });
      if (!answer.cursor) break;
      cursor = answer.cursor;
    }
    measured[`${name}, page ${PAGE}`] = await time(type, { ...data, limit: LIMIT, cursor });
  }
  return measured;
}

async function time(type, data) {
  await ask(type, data);
  await fetch(`${relay.url}/usage`);
  await ask(type, data);
  const { rowsRead } = await (await fetch(`${relay.url}/usage`)).json();
  const times = [];
  for (let asked = 0; asked < Number(options.asks); asked += 1) {
    const from = performance.now();
    await ask(type, data);
    times.push(performance.now() - from);
  }
  return { rowsRead, ms: median(times) };
}

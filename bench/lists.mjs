// `npm run bench:lists`: what a page of a list takes when the ledger holds 1,000 links and when it holds 100,000: rows read, as
// SQLite counts them, and the time until the answer, as a ratio of medians. `-- --links 1000,100000 --asks 20` are the defaults.
//
// 160 links are made, and half of them paid; the rest are copies of their rows, made while workerd is down.

import { startSandbox } from "../tests/support/sandbox.mjs";
import { options } from "./lib/options.mjs";
import { table } from "./lib/report.mjs";
import { median } from "./lib/statistics.mjs";
import { copyRows } from "./lib/storage.mjs";
import { Counted } from "./lib/usage/relay.mjs";

const MADE = 160;
const LIMIT = 10;
const PAGE = 100;

const { links, asks } = options({ links: "1000,100000", asks: 20 });
const sizes = links.split(",").map(Number);

const sandbox = await startSandbox();
const settings = { PAYTR_BASE_URL: sandbox.url, SEND_LIMITS: "[]", EVENTS_URL: `${sandbox.url}/nobody` };
const relay = await Counted.start(settings);
try {
  console.error(`Making ${MADE} links`);
  for (let made = 0; made < MADE; made += 1) await make(made);
  const measured = [];
  for (const size of sizes) {
    await relay.restart((storage) => copyRows(storage, size));
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
  await relay.stop();
  await sandbox.stop();
}
process.exit(0);

async function make(number) {
  const data = { name: "Çay takımı", price: 158_000, reference: String(1000 + number) };
  const { link } = await relay.answer({ type: "link.create", data });
  if (number % 2 === 1) await relay.notice(link.callback_id, `oid${number}`);
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
      const answer = await relay.answer({ type, data: { ...data, limit: LIMIT, cursor } });
      if (!answer.cursor) break;
      cursor = answer.cursor;
    }
    measured[`${name}, page ${PAGE}`] = await time(type, { ...data, limit: LIMIT, cursor });
  }
  return measured;
}

async function time(type, data) {
  const ask = () => relay.answer({ type, data });
  await ask();
  await relay.used();
  await ask();
  const { rowsRead } = await relay.used();
  const times = [];
  for (let asked = 0; asked < asks; asked += 1) {
    const from = performance.now();
    await ask();
    times.push(performance.now() - from);
  }
  return { rowsRead, ms: median(times) };
}

// Every query of docs/observe.md runs, and counts what it says.
//
// Cloudflare's SQL is not to be had here, so the queries run in SQLite (support/sqlite.mjs), with the few functions of
// Cloudflare's that they use made for it, over data points in the columns that src/telemetry/metrics.rs fills. In scope: the columns, the conditions, the
// sums, and that both languages have the same (languages.test.mjs). Not in scope: Cloudflare's own parser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { execaSync } from "execa";
import { inRoot } from "../../scripts/paths.mjs";
import { NODE } from "../support/tools.mjs";
import { tokensOf } from "./support/pages.mjs";

const SQLITE = inRoot("tests/docs/support/sqlite.mjs");
const metrics = readFileSync(inRoot("src/telemetry/metrics.rs"), "utf8");
const DOUBLES = Number(/pub doubles: \[f64; (\d+)\]/.exec(metrics)[1]);
/** In their order, by the names of the log's members. */
const BLOBS = ["outcome", "code", "type", "paytr_status", "reason", "event_type", "currency"];

const CREATED = { outcome: "created", code: "created", type: "link.create", paytr_status: "success" };
const STORED = { outcome: "stored", code: "stored", type: "callback" };

/** Data points of a day and more, each with how many it stands for. */
const POINTS = [
  point(CREATED, { 1: 200, 3: 400 }),
  point(CREATED, { 1: 200, 3: 600 }, { weight: 3 }),
  point(CREATED, { 1: 200, 5: 1 }),
  point({ outcome: "rejected", code: "paytr-rejected", type: "link.create", paytr_status: "error" }, { 1: 422, 3: 100 }),
  point({ outcome: "unknown", code: "outcome-unknown", type: "link.send_sms", reason: "blocked" }, { 1: 502, 6: 403 }),
  point({ outcome: "sent", code: "sent", type: "link.send_sms", paytr_status: "success" }, { 1: 200, 3: 200, 4: 2 }),
  point({ ...STORED, event_type: "link.paid", currency: "TL" }, { 1: 200, 7: 158_000 }),
  point({ ...STORED, event_type: "link.paid", currency: "EUR" }, { 1: 200, 7: 1050 }),
  point({ ...STORED, event_type: "link.payment_review", currency: "TL" }, { 1: 200, 7: 100 }),
  point({ outcome: "repeated", code: "repeated", type: "callback" }, { 1: 200 }),
  point({ outcome: "delivered", code: "delivered", type: "link.paid" }, {}),
  point({ outcome: "retried-later", code: "retried-later", type: "link.paid" }, {}),
  point({ outcome: "dead", code: "dead", type: "link.payment_review" }, {}),
  point({ outcome: "stored", code: "stored", type: "hook" }, {}),
  point(CREATED, { 1: 200 }, { daysAgo: 40 }),
];

function point(texts, numbers, { weight = 1, daysAgo = 0 } = {}) {
  return {
    timestamp: new Date(Date.now() - daysAgo * 86_400_000 - 60_000).toISOString().replace("T", " ").slice(0, 19),
    _sample_interval: weight,
    ...Object.fromEntries(BLOBS.map((name, at) => [`blob${at + 1}`, texts[name] ?? ""])),
    ...Object.fromEntries(Array.from({ length: DOUBLES }, (_, at) => [`double${at + 1}`, numbers[at + 1] ?? 0])),
    index1: texts.outcome,
  };
}

/** Cloudflare's SQL as SQLite has it. */
function inSqlite(query) {
  return query
    .replace(/NOW\(\) - INTERVAL '(\d+)' (DAY|HOUR)/g, "datetime('now', '-$1 $2')")
    .replace(/toStartOfInterval\(timestamp, INTERVAL '1' HOUR\)/g, "strftime('%Y-%m-%d %H:00', timestamp)")
    .replace(/toStartOfInterval\(timestamp, INTERVAL '1' DAY\)/g, "date(timestamp)")
    .replace(/sumIf\(([^,]+), ([^)]+(?:\([^)]*\))?)\)/g, "SUM(CASE WHEN $2 THEN $1 ELSE 0 END)")
    .replace(/quantileExactWeighted\(([\d.]+)\)\(/g, "quantile($1, ");
}

const QUERIES = tokensOf("docs/observe.md").filter(({ type, lang }) => type === "code" && lang === "sql").map(({ text }) => text);
const run = (query) => {
  const input = JSON.stringify({ rows: POINTS, query: inSqlite(query) });
  return JSON.parse(execaSync(NODE, ["--disable-warning=ExperimentalWarning", SQLITE], { input }).stdout);
};
const valuesOf = (rows, wanted, names) => names.map((name) => rows.find(({ type }) => type === wanted)[name]);
const containing = (word) => {
  const found = QUERIES.filter((query) => query.includes(word));
  assert.equal(found.length, 1, word);
  return found[0];
};

it("a data point has as many texts as there are names for here", () => {
  assert.equal(BLOBS.length, Number(/pub blobs: \[&'static str; (\d+)\]/.exec(metrics)[1]));
});

describe("every query of docs/observe.md", () => {
  it("is there", () => assert.ok(QUERIES.length >= 7));
  for (const query of QUERIES) {
    it(`runs, and finds something: ${query.split("\n")[0]}`, () => assert.notDeepEqual(run(query), []));
  }
});

describe("a query of docs/observe.md", () => {
  const ofReason = (wanted) => (rows) => rows.find(({ reason }) => reason === wanted);
  const blocked = { code: "outcome-unknown", reason: "blocked", messages: 1 };
  for (const [what, words, look, expected] of [
    ["counts how messages ended", "blob5 AS reason, SUM(_sample_interval) AS messages", ([first]) => first,
      { type: "link.create", code: "created", reason: "", messages: 5 }],
    ["counts what nobody knows", "blob5 AS reason, SUM(_sample_interval) AS messages", ofReason("blocked"),
      { type: "link.send_sms", ...blocked }],
    ["counts why PayTR did not", "double6 AS paytr_http_status", ofReason("blocked"), { ...blocked, paytr_http_status: 403 }],
    ["counts links made and paid, day by day", "AS made",
      ([{ made, paid, to_be_looked_at: odd }]) => [made, paid, odd], [4, 2, 1]],
    ["adds up what was paid, by currency", "AS collected",
      (rows) => rows.map(({ currency, collected }) => [currency, collected]), [["EUR", 10.5], ["TL", 1580]]],
    ["weighs how long PayTR takes", "AS median_ms", (rows) => valuesOf(rows, "link.create", ["median_ms", "p99_ms"]), [600, 600]],
    ["counts what became of events", "AS retried,",
      (rows) => valuesOf(rows, "link.paid", ["delivered", "retried", "dead"]), [1, 1, 0]],
    ["finds an outgoing secret", "double4 AS secret", (rows) => rows.map(({ secret }) => secret), [2]],
  ]) {
    it(what, () => assert.deepEqual(look(run(containing(words))), expected));
  }
});

// The results as Markdown: what this run measured, and the ratios, which alone mean something on other machines.

import { readFileSync } from "node:fs";
import { median, ratio } from "./statistics.mjs";

const MARKS = ["<!-- figures -->", "<!-- /figures -->"];

const MEASURES = [
  { key: "cpuUs", title: "CPU/request" },
  { key: "perSecond", title: "requests/s" },
  { key: "p50Ms", title: "median latency" },
  { key: "p99Ms", title: "99th percentile" },
  { key: "coldMs", title: "cold start" },
];
const TITLES = MEASURES.map(({ title }) => title);

/** `results` by name: `{variant, rounds: {cpuUs: […], …}, size, memory}`. What docs/performance.md shows of them. */
export function summary(results) {
  const { handwritten } = results;
  return [
    "Each figure is a ratio to the hand-written Worker's:",
    "",
    table(["Worker", ...TITLES, "memory"], Object.values(results).map((result) => ratios(result, handwritten))),
  ].join("\n");
}

/** The rest of them, for docs/benchmarks.md. */
export function details(results) {
  const { relay, before } = results;
  return [
    ...(before ? ["Of the relay before:", "", table(["Worker", ...TITLES, "memory"], [ratios(relay, before)]), ""] : []),
    parts(results),
    "",
    "This run, on this machine:",
    "",
    table(["Worker", ...TITLES, "size (gzip)", "memory"], Object.values(results).map(absolutes)),
  ].join("\n");
}

/** What a send has to cost, added up from Workers that do one thing each, and what it costs. */
function parts({ floor, contract, shared, handwritten, relay, before }) {
  const cpu = ({ rounds }) => rounds.cpuUs;
  const over = (result) => cpu(result).map((cpuUs, round) => cpuUs - cpu(floor)[round]);
  const sum = cpu(floor).map((cpuUs, round) => cpuUs + over(contract)[round] + over(shared)[round]);
  const rows = [
    ["bare pass-through", cpu(floor)],
    ["contract: what the hand-written Worker without ledger takes over it", over(contract)],
    ["shared ledger: what 32 shared objects take over it", over(shared)],
    ["**together**", sum],
    ["the hand-written Worker", cpu(handwritten)],
    ["the relay", cpu(relay)],
    ...(before ? [["the relay before", cpu(before)]] : []),
  ];
  const cells = rows.map(([title, cpuUs]) => [title, `${median(cpuUs).toFixed(0)} µs`, ratio(cpuUs, sum).toFixed(2)]);
  return `A send, in parts:\n\n${table(["", "CPU", "of the parts together"], cells)}`;
}

/** The ratios of CPU, for the plot. */
export function cpuOfFloor(results) {
  return Object.values(results).map(({ variant, rounds }) => ({
    label: variant.title,
    relay: variant === results.relay.variant,
    value: ratio(rounds.cpuUs, results.floor.rounds.cpuUs),
  }));
}

function ratios({ variant, rounds, memory }, other) {
  return [variant.title, ...MEASURES.map(({ key }) => ratio(rounds[key], other.rounds[key]).toFixed(2)), (memory / other.memory).toFixed(2)];
}

const absolutes = ({ variant, rounds, size, memory }) => [
  variant.title,
  `${median(rounds.cpuUs).toFixed(0)} µs`,
  median(rounds.perSecond).toFixed(0),
  `${median(rounds.p50Ms).toFixed(2)} ms`,
  `${median(rounds.p99Ms).toFixed(2)} ms`,
  `${median(rounds.coldMs).toFixed(0)} ms`,
  `${kilobytes(size.raw)} (${kilobytes(size.gzip)})`,
  `${(memory / 1e6).toFixed(0)} MB`,
];

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/** A table in Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** A page of the documentation, with these figures between its marks. */
export function withFigures(file, figures) {
  const page = readFileSync(file, "utf8");
  const [from, to] = [page.indexOf(MARKS[0]) + MARKS[0].length, page.indexOf(MARKS[1])];
  if (from < MARKS[0].length || to < from) throw new Error(`${file} lacks the marks for its figures`);
  return `${page.slice(0, from)}\n${figures}\n${page.slice(to)}`;
}

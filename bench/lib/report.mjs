// The results as Markdown: what this run measured, and the ratios, which alone mean something on other machines.

import { median, ratio } from "./statistics.mjs";

const MEASURES = [
  { key: "cpuUs", title: "CPU/request" },
  { key: "perSecond", title: "requests/s" },
  { key: "p50Ms", title: "median latency" },
  { key: "p99Ms", title: "99th percentile" },
  { key: "coldMs", title: "cold start" },
];

const baselineOf = ({ ledger }) => (ledger ? "handwritten" : "handwritten-without-ledger");
const label = ({ title, ledger, bare }) => `${title}${ledger || bare ? "" : ", without ledger"}`;

/** `results`: by variant, `{variant, rounds: {cpuUs: […], …}, size, memory}`. */
export function report(results) {
  return [
    "Of the hand-written Worker with the same ledger mode (pass-throughs: without ledger):",
    "",
    ratios(results, ({ variant }) => results[baselineOf(variant)]),
    "",
    "Of the bare pass-through:",
    "",
    ratios(results, () => results.floor),
    "",
    ...(results["relay-before"] ? ["Of the relay before:", "", ofBefore(results), ""] : []),
    "This run, on this machine:",
    "",
    absolutes(results),
  ].join("\n");
}

function ofBefore(results) {
  const pairs = ["relay", "relay-without-ledger"].map((name) => [name, name.replace("relay", "relay-before")]);
  const present = pairs.filter((pair) => pair.every((name) => results[name]));
  const others = Object.fromEntries(present.map(([name, before]) => [name, results[before]]));
  return ratios(Object.fromEntries(present.map(([name]) => [name, results[name]])), ({ variant }) => others[variant.name]);
}

/** The ratios of CPU, for the plot. */
export function cpuOfFloor(results) {
  return Object.values(results).map(({ variant, rounds }) => ({
    label: label(variant),
    relay: variant.name.startsWith("relay"),
    value: ratio(rounds.cpuUs, results.floor.rounds.cpuUs),
  }));
}

function ratios(results, otherOf) {
  const rows = Object.values(results).map((result) => {
    const other = otherOf(result);
    const cells = MEASURES.map(({ key }) => ratio(result.rounds[key], other.rounds[key]).toFixed(2));
    return [label(result.variant), ...cells, (result.memory / other.memory).toFixed(2)];
  });
  return table(["Worker", ...MEASURES.map(({ title }) => title), "memory"], rows);
}

function absolutes(results) {
  const rows = Object.values(results).map(({ variant, rounds, size, memory }) => [
    label(variant),
    `${median(rounds.cpuUs).toFixed(0)} µs`,
    median(rounds.perSecond).toFixed(0),
    `${median(rounds.p50Ms).toFixed(2)} ms`,
    `${median(rounds.p99Ms).toFixed(2)} ms`,
    `${median(rounds.coldMs).toFixed(0)} ms`,
    `${kilobytes(size.raw)} (${kilobytes(size.gzip)})`,
    `${(memory / 1e6).toFixed(0)} MB`,
  ]);
  return table(["Worker", ...MEASURES.map(({ title }) => title), "size (gzip)", "memory"], rows);
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/** A table in Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

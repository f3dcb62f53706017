// `npm run bench:instructions`: how many instructions each pure step of a request takes, counted by callgrind, compared
// with the counts in instructions.json. Fails when a step takes over 2 % more. `-- --write` renews the counts.
//
// Instructions of a native build, not of wasm: what is compared is one commit with another, not one machine with
// another. Each step runs N and 2N times, and the difference counts, so that starting up does not.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPrograms } from "./lib/build.mjs";
import { bench } from "./lib/paths.mjs";
import { table } from "./lib/report.mjs";

const TIMES = 200;
const TOLERANCE = 0.02;
const BASELINE = join(bench, "instructions.json");
// The C library picks its copying routines by the processor; these every 64-bit x86 has.
const GLIBC_TUNABLES = "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-ERMS,-FSRM,-BMI1,-BMI2";

if (spawnSync("valgrind", ["--version"]).status !== 0) {
  console.log("instructions are not counted here: valgrind is not installed");
  process.exit(0);
}
const program = (await buildPrograms())("instructions");
const compiler = execFileSync("rustc", ["--version"], { encoding: "utf8" }).trim();
const steps = execFileSync(program, { encoding: "utf8" }).trim().split("\n");
const counted = Object.fromEntries(steps.map((step) => [step, Math.round((count(step, 2 * TIMES) - count(step, TIMES)) / TIMES)]));

if (process.argv.includes("--write")) {
  writeFileSync(BASELINE, `${JSON.stringify({ compiler, architecture: process.arch, steps: counted }, null, 2)}\n`);
}
process.exitCode = compare(JSON.parse(readFileSync(BASELINE, "utf8"))) ? 0 : 1;

function count(step, times) {
  const args = ["--tool=callgrind", "--callgrind-out-file=/dev/null", program, step, String(times)];
  const { status, stderr } = spawnSync("valgrind", args, { encoding: "utf8", env: { ...process.env, GLIBC_TUNABLES } });
  const collected = /Collected\s*:\s*(\d+)/.exec(stderr);
  if (status !== 0 || !collected) throw new Error(stderr);
  return Number(collected[1]);
}

/** Prints the table; whether nothing got worse. */
function compare(baseline) {
  const comparable = baseline.compiler === compiler && baseline.architecture === process.arch;
  const rows = steps.map((step) => {
    const before = baseline.steps[step];
    const change = before === undefined ? undefined : counted[step] / before - 1;
    return { step, count: counted[step], before, change, worse: change === undefined || change > TOLERANCE };
  });
  const shown = rows.map(({ step, count, before, change, worse }) => {
    const percent = change === undefined ? "new" : `${(change * 100).toFixed(1)} %${worse ? " WORSE" : ""}`;
    return [step, count, before ?? "", percent];
  });
  console.log(table(["step", "instructions", "before", "change"], shown));
  if (!comparable) {
    console.log(`not judged: the counts before are of ${baseline.compiler} on ${baseline.architecture}`);
    return true;
  }
  const worse = rows.filter((row) => row.worse).map(({ step }) => step);
  if (worse.length > 0) console.log(`over ${TOLERANCE * 100} % more, or without a count: ${worse.join(", ")}`);
  return worse.length === 0;
}

// Fuzzes every parser, one after the other: `node fuzz/run.mjs [libFuzzer's options] [targets]`, by default all
// targets for five seconds each. It needs cargo and a C++ compiler, which builds libFuzzer.
//
// Inputs that reach something new are kept in target/fuzz/corpus, so that the next run goes on from there. An input that
// breaks a target is written to target/fuzz and named; `node fuzz/run.mjs TARGET FILE` runs it again.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../scripts/paths.mjs";

/** Each target, and the longest input worth trying, in bytes. */
const TARGETS = {
  headers: 1024,
  media_type: 256,
  message: 1024,
  phone: 128,
  email: 256,
  reply: 1024,
  redact: 128,
  created: 1024,
  config: 1024,
  expiry_date: 64,
  link_name: 1024,
  callback: 1024,
  order: 1024,
  shopify_order: 1024,
  packed: 512,
};
const DEFAULT_OPTIONS = ["-max_total_time=5", "-seed=1"];
const TOTAL_TIME = /^-max_total_time=(\d+)$/;

const FUZZ = join(ROOT, "fuzz");
const WORK = join(ROOT, "target", "fuzz");

function cargo(...args) {
  // The compiler's flags stand in fuzz/.cargo/config.toml, which cargo finds from there.
  const { status, error } = spawnSync("cargo", args, { cwd: FUZZ, stdio: "inherit" });
  if (status !== 0) {
    console.error(error?.message ?? `This failed: cargo ${args.join(" ")}`);
    process.exit(1);
  }
}

const given = process.argv.slice(2);
const options = given.filter((word) => word.startsWith("-"));
const targets = given.filter((word) => word in TARGETS);
const files = given.filter((word) => !options.includes(word) && !targets.includes(word));

const chosen = targets.length > 0 ? targets : Object.keys(TARGETS);
const chosenOptions = options.length > 0 ? options : DEFAULT_OPTIONS;
const [seconds] = chosenOptions.map((option) => TOTAL_TIME.exec(option)?.[1]).filter(Boolean);
const each = files.length === 0 && seconds ? `, ${seconds} s` : "";

console.log("Building the targets (the first time: some minutes)");
cargo("build", "--release", "--locked");
for (const [number, target] of chosen.entries()) {
  console.log(`\n== fuzz ${target} (${number + 1} of ${chosen.length}${each})`);
  const corpus = join(WORK, "corpus", target);
  mkdirSync(corpus, { recursive: true });
  cargo(
    ...["run", "--quiet", "--release", "--locked", "--bin", target, "--"],
    ...chosenOptions,
    ...[`-max_len=${TARGETS[target]}`, `-dict=dictionaries/${target}.txt`, `-artifact_prefix=${WORK}/${target}-`],
    ...["-verbosity=0", "-print_final_stats=1"],
    ...(files.length > 0 ? files.map((file) => join(process.cwd(), file)) : [corpus, `seeds/${target}`]),
  );
}

// Builds what is measured and what measures it: the baselines by esbuild, callers and upstream by cargo.
// The relay is built too, with and without its ledger.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { bench, out, root } from "./paths.mjs";

const BASELINES = {
  floor: "floor.js",
  object: "object.js",
  platform: "platform.js",
  handwritten: "handwritten/index.js",
  "handwritten-without-ledger": "handwritten/without-ledger.js",
  hono: "hono/index.js",
  "hono-without-ledger": "hono/without-ledger.js",
};

export async function buildWorkers() {
  await buildRelay();
  await run("cargo", ["run", "--quiet", "--locked", "-p", "bundle", "--", "bench/without-ledger", "relay-without-ledger"]);
  if (!existsSync(join(bench, "node_modules"))) await run("npm", ["ci", "--no-audit", "--no-fund"], bench);
  for (const [name, entry] of Object.entries(BASELINES)) {
    const files = [join(bench, "baselines", entry), `--outfile=${join(out, name, "index.js")}`];
    await run("esbuild", ["--bundle", "--minify", "--format=esm", "--target=es2024", "--log-level=warning",
      "--external:cloudflare:*", ...files]);
  }
}

export async function buildRelay() {
  await run("cargo", ["run", "--quiet", "--locked", "-p", "bundle"]);
}

/** The path of a program of the benchmark's own crate. */
export async function buildPrograms() {
  await run("cargo", ["build", "--release", "--locked", "--quiet"], bench);
  const target = process.env.CARGO_TARGET_DIR ?? join(bench, "target");
  return (name) => join(target, "release", name);
}

/** The relay as another commit has built it in `folder`, and in its `without-ledger` if that is there. */
export function beforeVariants(folder) {
  const before = { name: "relay-before", title: "the relay before", modules: relay(resolve(folder)), ledger: true };
  const withoutLedger = resolve(folder, "without-ledger");
  if (!existsSync(withoutLedger)) return [before];
  return [before, { name: "relay-before-without-ledger", title: "the relay before", modules: relay(withoutLedger) }];
}

/** Every Worker there is to compare: name, title, modules, whether it has a ledger; `bare` ones keep no contract. */
export function variants() {
  const baseline = (name) => ({ "index.js": join(out, name, "index.js") });
  return [
    { name: "floor", title: "bare pass-through", modules: baseline("floor"), bare: true },
    {
      name: "platform",
      title: "pass-through with the contract's platform calls",
      modules: baseline("platform"),
      bare: true,
    },
    { name: "relay", title: "the relay", modules: relay(join(root, "build")), ledger: true },
    { name: "handwritten", title: "hand-written JavaScript", modules: baseline("handwritten"), ledger: true },
    { name: "hono", title: "Hono, zod, standardwebhooks", modules: baseline("hono"), ledger: true },
    { name: "relay-without-ledger", title: "the relay", modules: relay(join(bench, "without-ledger/build")) },
    {
      name: "handwritten-without-ledger",
      title: "hand-written JavaScript",
      modules: baseline("handwritten-without-ledger"),
    },
    { name: "hono-without-ledger", title: "Hono, zod, standardwebhooks", modules: baseline("hono-without-ledger") },
  ];
}

/** Workers that open an object for every request and do ever more in it, as their setting OBJECT says. */
export function objectVariants() {
  const modules = { "index.js": join(out, "object", "index.js") };
  return ["empty", "row", "alarm", "second-commit"].map((name) => ({
    name,
    modules,
    ledger: true,
    bindings: { OBJECT: name },
  }));
}

const relay = (folder) => ({ "index.js": join(folder, "index.js"), "relay_bg.wasm": join(folder, "relay_bg.wasm") });

/** A program, one of the project's own packages too. */
function run(command, args, cwd = root) {
  return execa(command, args, { cwd, preferLocal: true, localDir: root, stdio: ["ignore", "inherit", "inherit"] });
}

// Builds what is measured and what measures it: the twins by esbuild, callers and upstream by cargo.
// The relay is built too, with and without its ledger.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bench, out, root, tool } from "./paths.mjs";

const TWINS = {
  floor: "floor.js",
  platform: "platform.js",
  handwritten: "handwritten/index.js",
  "handwritten-without-ledger": "handwritten/without-ledger.js",
  hono: "hono/index.js",
  "hono-without-ledger": "hono/without-ledger.js",
};

export function buildWorkers() {
  run("cargo", ["run", "--quiet", "--locked", "-p", "bundle"]);
  run("cargo", ["run", "--quiet", "--locked", "-p", "bundle", "--", "--without-ledger"]);
  if (!existsSync(join(bench, "node_modules"))) run("npm", ["ci", "--no-audit", "--no-fund"], bench);
  for (const [name, entry] of Object.entries(TWINS)) {
    const files = [join(bench, "baselines", entry), `--outfile=${join(out, name, "index.js")}`];
    run(tool("esbuild"), ["--bundle", "--minify", "--format=esm", "--target=es2024", "--log-level=warning",
      "--external:cloudflare:*", ...files]);
  }
}

/** The path of a program of the benchmark's own crate. */
export function buildPrograms() {
  run("cargo", ["build", "--release", "--locked", "--quiet"], bench);
  const target = process.env.CARGO_TARGET_DIR ?? join(bench, "target");
  return (name) => join(target, "release", name);
}

/** Every Worker there is to compare: name, title, modules, whether it has a ledger; `bare` ones keep no contract. */
export function variants() {
  const twin = (name) => ({ "index.js": join(out, name, "index.js") });
  const relay = (folder) => ({
    "index.js": join(root, folder, "index.js"),
    "relay_bg.wasm": join(root, folder, "relay_bg.wasm"),
  });
  return [
    { name: "floor", title: "bare pass-through", modules: twin("floor"), bare: true },
    {
      name: "platform",
      title: "pass-through with the contract's platform calls",
      modules: twin("platform"),
      bare: true,
    },
    { name: "relay", title: "the relay", modules: relay("build"), ledger: true },
    { name: "handwritten", title: "hand-written JavaScript", modules: twin("handwritten"), ledger: true },
    { name: "hono", title: "Hono, zod, standardwebhooks", modules: twin("hono"), ledger: true },
    { name: "relay-without-ledger", title: "the relay", modules: relay("build/without-ledger") },
    {
      name: "handwritten-without-ledger",
      title: "hand-written JavaScript",
      modules: twin("handwritten-without-ledger"),
    },
    { name: "hono-without-ledger", title: "Hono, zod, standardwebhooks", modules: twin("hono-without-ledger") },
  ];
}

function run(command, args, cwd = root) {
  execFileSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
}

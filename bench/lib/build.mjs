// Builds what is measured and what measures it: relays, the baselines by esbuild, callers and upstream by cargo.

import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { bench, out, root } from "./paths.mjs";

const BASELINES = {
  floor: "floor.js",
  shared: "shared.js",
  contract: "handwritten/contract.js",
  handwritten: "handwritten/index.js",
};

/**
 * Builds the Workers that are compared, by name: title and modules; whether it has a `ledger`; `bare` ones keep no contract.
 *
 * @param {string} [before] a checkout, or a commit: its relay is there too, as `before`
 */
export async function buildWorkers(before) {
  for (const [name, entry] of Object.entries(BASELINES)) {
    const files = [join(bench, "baselines", entry), `--outfile=${join(out, name, "index.js")}`];
    await run("esbuild", ["--bundle", "--minify", "--format=esm", "--target=es2024", "--log-level=warning",
      "--external:cloudflare:*", ...files]);
  }
  const baseline = (name) => ({ "index.js": join(out, name, "index.js") });
  return {
    floor: { title: "bare pass-through", modules: baseline("floor"), bare: true },
    shared: { title: "the same with 32 shared objects", modules: baseline("shared"), bare: true, ledger: true },
    contract: { title: "hand-written JavaScript, without ledger", modules: baseline("contract") },
    handwritten: { title: "hand-written JavaScript", modules: baseline("handwritten"), ledger: true },
    relay: await buildRelay(),
    ...(before && { before: await buildBefore(before) }),
  };
}

/** Builds the relay of this checkout. */
export async function buildRelay() {
  await run("cargo", ["run", "--quiet", "--locked", "-p", "bundle"]);
  return { title: "the relay", modules: modulesIn(root), ledger: true };
}

/** A checkout is measured as it was built; a commit is put into a folder of its own and built there. */
async function buildBefore(before) {
  const modules = modulesIn(existsSync(before) ? resolve(before) : await buildCommit(before));
  if (!existsSync(modules["index.js"])) throw new Error(`${modules["index.js"]} is missing: npm run build there`);
  return { title: "the relay before", modules, ledger: true };
}

async function buildCommit(commit) {
  const { stdout: hash } = await execa("git", ["rev-parse", "--verify", `${commit}^{commit}`], { cwd: root });
  const folder = join(out, "before", hash);
  if (existsSync(modulesIn(folder)["index.js"])) return folder;
  mkdirSync(folder, { recursive: true });
  await execa("git", ["archive", hash], { cwd: root, encoding: "buffer" }).pipe("tar", ["-x"], { cwd: folder });
  if (!existsSync(join(folder, "node_modules"))) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const env = { ...process.env, CARGO_TARGET_DIR: join(folder, "target") };
  await run("cargo", ["run", "--quiet", "--locked", "-p", "bundle"], { cwd: folder, env });
  return folder;
}

const modulesIn = (checkout) => ({
  "index.js": join(checkout, "build/index.js"),
  "relay_bg.wasm": join(checkout, "build/relay_bg.wasm"),
});

/** Builds the benchmark's own crate; the result gives the path of one of its programs. */
export async function buildPrograms() {
  await run("cargo", ["build", "--profile", "measured", "--locked", "--quiet", "-p", "relay-bench"]);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  return (name) => join(target, "measured", name);
}

/** A program, one of the project's own packages too. */
function run(command, args, options) {
  return execa(command, args, { cwd: root, preferLocal: true, localDir: root, stdio: ["ignore", "inherit", "inherit"], ...options });
}

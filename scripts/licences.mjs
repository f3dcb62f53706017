// What `npm pack` adds to the built modules: the licence texts of all that is compiled into them, and their checksums.
//
// In scope: the crates of the Worker, as cargo names them for its target, and Rust's own library. Not in scope: npm packages, of
// which nothing is built in; which licences may be there (deny.toml).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, inRoot } from "./paths.mjs";
import { setUp } from "./setup.mjs";
import { UserError, runMain } from "./user-error.mjs";

const PACKAGE = "paytr-link-relay";
const MODULES = ["index.js", "relay_bg.wasm"];
const TREE = ["tree", "--locked", "--target=wasm32-unknown-unknown", "--edges=normal,no-proc-macro", `--package=${PACKAGE}`];
/** Those that are a choice where a crate may be had under MIT. */
const OTHER_CHOICE = /apache|unlicense|boost/i;

await runMain(async () => {
  const env = await setUp();
  const cargo = (args) => execFileSync("cargo", args, { cwd: ROOT, env, encoding: "utf8", maxBuffer: 2 ** 28 });
  const { packages } = JSON.parse(cargo(["metadata", "--locked", "--format-version=1", "--filter-platform=wasm32-unknown-unknown"]));
  const names = new Set(cargo([...TREE, "--prefix=none", "--format={p}"]).match(/^[\w-]+ v[\w.+-]+/gm));
  const crates = packages.filter(({ name, version }) => name !== PACKAGE && names.has(`${name} v${version}`)).map(readCrate);
  writeFileSync(inRoot("build/THIRD-PARTY-LICENCES.txt"), licences([...crates, rustLibrary(crates)]));
  writeFileSync(inRoot("build/SHA256SUMS"), MODULES.map(checksum).join(""));
});

function readCrate({ name, version, license, manifest_path: manifest }) {
  const folder = path.dirname(manifest);
  const all = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|copyright|notice|unlicense)/i.test(file)).sort();
  const isChoice = / OR |\//.test(license) && all.some((file) => /mit/i.test(file));
  const files = isChoice ? all.filter((file) => !OTHER_CHOICE.test(file)) : all;
  if (files.length === 0) throw new UserError(`${name} ${version} has no licence text in ${folder}.`);
  const texts = files.map((file) => readFileSync(path.join(folder, file), "utf8").replace(/\r\n/g, "\n").trim());
  return { title: `${name} ${version} (${license})`, texts };
}

/** Rust's own library has none in the checkout. It is under Apache-2.0 like others, whose text is everybody's. */
function rustLibrary(crates) {
  const { texts } = crates.find(({ title }) => title.startsWith("worker ") && title.endsWith("(Apache-2.0)"));
  return { title: "the Rust standard library, Copyright (c) The Rust Project Contributors (MIT OR Apache-2.0)", texts };
}

/** Each text once, under those that it is of. */
function licences(crates) {
  const owners = new Map();
  for (const { title, texts } of crates.toSorted((one, other) => (one.title < other.title ? -1 : 1))) {
    for (const text of texts) owners.set(text, [...(owners.get(text) ?? []), title]);
  }
  const line = "=".repeat(80);
  const parts = Array.from(owners, ([text, titles]) => `${line}\n${titles.join("\n")}\n${line}\n\n${text}\n`);
  return ["What is compiled into relay_bg.wasm and index.js, and under which licences.\n", ...parts].join("\n");
}

/** As `sha256sum -c` reads it. */
function checksum(file) {
  const hash = createHash("sha256").update(readFileSync(inRoot(`build/${file}`))).digest("hex");
  return `${hash}  ${file}\n`;
}

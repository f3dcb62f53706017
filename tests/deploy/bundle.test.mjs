// `bundle`, which `npm run build` runs: which sources it builds, and what of a build depends on the folder.
//
// It is the very program, compiled in this checkout as ever; the checkouts that it is run in are small ones, with a Worker of
// a few lines. Not in scope: the real Worker (tests/worker).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { ownFolder } from "../support/ends.mjs";

const [, BINDGEN] = /^name = "wasm-bindgen"\nversion = "(.+)"$/m.exec(readFileSync(inRoot("Cargo.lock"), "utf8"));
const MANIFEST = `[package]
name = "paytr-link-relay"
version = "0.0.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[dependencies]
wasm-bindgen = "=${BINDGEN}"
[profile.release]
panic = "abort"
`;
/** Where it stands is in the text of its panic. */
const LIB = `#[wasm_bindgen::prelude::wasm_bindgen]
pub fn relay(number: i32) -> i32 { number.checked_add(1).expect("a small number") }
`;
const ENTRY = `import { initSync, relay } from "./relay.js";
import module from "./relay_bg.wasm";
initSync({ module });
export default { fetch: () => new Response(NAME + relay(1)) };
`;

describe("bundle", () => {
  const directory = ownFolder("bundle");
  const bundle = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target", "debug/bundle");
  before(() => {
    execFileSync("cargo", ["build", "--quiet", "--locked", "-p", "bundle"], { cwd: ROOT, stdio: "inherit" });
    mkdirSync(at("first/src"), { recursive: true });
    writeFileSync(at("first/Cargo.toml"), MANIFEST);
    writeFileSync(at("first/src/lib.rs"), LIB);
    write("first", "first");
    symlinkSync(inRoot("node_modules"), at("first/node_modules"));
    execFileSync("cargo", ["generate-lockfile", "--quiet"], { cwd: at("first") });
    run("first");
  });

  const at = (...names) => path.join(directory, ...names);
  const built = (checkout, file) => readFileSync(at(checkout, "build", file));
  const shows = (checkout) => /new Response\("(\w+)"/.exec(built(checkout, "index.js"))?.[1];
  const write = (checkout, name) => writeFileSync(at(checkout, "src/entry.js"), ENTRY.replace("NAME", JSON.stringify(name)));

  /** With all that was built, and the times of all files, as `cp -a` does it. */
  const copy = (checkout) =>
    cpSync(at("first"), at(checkout), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });

  function run(folder, ...args) {
    const { CARGO_TARGET_DIR, ...env } = process.env;
    execFileSync(bundle, args, { cwd: at(folder), env: { ...env, CARGO_TERM_QUIET: "true" }, stdio: ["ignore", "pipe", "inherit"] });
  }

  it("builds the checkout that it is run in", () => assert.equal(shows("first"), "first"));

  it("builds a copied checkout's own sources, and leaves the other's build alone", () => {
    copy("copied");
    write("copied", "copied");
    run("copied");
    assert.deepEqual([shows("copied"), shows("first")], ["copied", "first"]);
  });

  it("builds a moved checkout", () => {
    copy("moving");
    renameSync(at("moving"), at("moved"));
    write("moved", "moved");
    run("moved");
    assert.equal(shows("moved"), "moved");
    assert.ok(!existsSync(at("moving")));
  });

  it("builds the same from a folder within", () => {
    copy("outer");
    write("outer", "within");
    run("outer/src");
    assert.equal(shows("outer"), "within");
  });

  it("makes the same module of the same sources in every folder", () => {
    copy("another's folder");
    writeFileSync(at("another's folder/src/lib.rs"), LIB);
    run("another's folder");
    const wasm = built("another's folder", "relay_bg.wasm");
    assert.ok(wasm.includes("src/lib.rs"), "nothing in it says where it was built, wherever that was");
    assert.deepEqual(wasm, built("first", "relay_bg.wasm"));
  });

  it("makes a debug build with names beside the one that is deployed, which has none", () => {
    copy("debugged");
    run("debugged", "--debug");
    const module = (file) => new WebAssembly.Module(built("debugged", file));
    const names = (file) => WebAssembly.Module.customSections(module(file), "name").length;
    assert.deepEqual([names("debug/relay_bg.wasm"), names("relay_bg.wasm")], [1, 0]);
  });
});

// The Worker's wasm module: what it asks of the engine that loads it.
//
// Cloudflare's engine is newer than any other that could load it; a module that an older one takes is one that no engine
// there refuses, and that the usual tools read.
import { execFileSync } from "node:child_process";
import { it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";

it("is loaded by the engine of the pinned Node", () => {
  const load = `new WebAssembly.Module(require("node:fs").readFileSync("build/relay_bg.wasm"))`;
  execFileSync(inRoot("node_modules/.bin/node"), ["-e", load], { cwd: inRoot("."), stdio: "pipe" });
});

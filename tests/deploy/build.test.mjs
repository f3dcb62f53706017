// `npm run build`, which wrangler runs before every deploy: what it sets up, and what it leaves alone.
//
// In scope: which programs it calls on which machine. Not in scope: what is built (tests/worker).
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Machine } from "./support/machine.mjs";

const TARGET = "rustup target add wasm32-unknown-unknown";
const PACKAGES = "npm ci --no-audit --no-fund --loglevel=error";
const BUNDLE = "cargo run --locked -p bundle";
const ALL = [TARGET, PACKAGES, BUNDLE];
const IN_WRANGLER = { WRANGLER_COMMAND: "deploy" };
const AT_CLOUDFLARE = { WORKERS_CI: "1" };

describe("npm run build", () => {
  let machine;
  afterEach(() => machine.remove());

  it("does the whole set-up of a bare clone, and the second time only looks for changes", () => {
    machine = new Machine({ hasRust: true });
    const first = machine.build(IN_WRANGLER);
    assert.deepEqual([first.status, first.calls], [0, ALL], first.output);
    const second = machine.build(IN_WRANGLER);
    assert.deepEqual([second.status, second.calls], [0, [`${BUNDLE} (quiet)`]], second.output);
  });

  it("builds the debug build where it is asked to, and within npm start -- --debug", () => {
    machine = new Machine({ hasRust: true });
    machine.build();
    const asked = machine.build({}, "--debug");
    assert.deepEqual([asked.status, asked.calls], [0, [`${BUNDLE} -- --debug`]], asked.output);
    assert.deepEqual(machine.build({ DEBUG_BUILD: "true" }).calls, [`${BUNDLE} -- --debug`]);
  });

  it("installs the packages anew when they are not those of package-lock.json", () => {
    machine = new Machine({ hasRust: true });
    machine.build();
    machine.changeLock();
    assert.deepEqual(machine.build().calls, [PACKAGES, `${BUNDLE} (quiet)`]);
  });

  it("does not replace the wrangler that it is run by", () => {
    machine = new Machine({ hasRust: true });
    machine.build();
    machine.changeLock();
    const { status, output, calls } = machine.build(IN_WRANGLER);
    assert.deepEqual([status, calls], [1, []]);
    assert.match(output, /packages are not those of package-lock\.json\. .*\n {2}npm ci\n/);
  });

  it("leaves it to people to install Rust on their own machine, and says where it is", () => {
    machine = new Machine({ hasRust: false });
    const { status, output, calls } = machine.build();
    assert.deepEqual([status, calls], [1, []]);
    assert.match(output, /cargo is not installed.*https:\/\/rustup\.rs/);
    assert.match(machine.build({ LANG: "tr_TR.UTF-8" }).output, /cargo kurulu değil.*https:\/\/rustup\.rs/);
  });

  it("installs Rust on Cloudflare's build machines, once", () => {
    machine = new Machine({ hasRust: false });
    const { status, output, calls } = machine.build(AT_CLOUDFLARE);
    const download = "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs";
    assert.deepEqual([status, calls], [0, [download, ...ALL]], output);
    assert.deepEqual(machine.build(AT_CLOUDFLARE).calls, [`${BUNDLE} (quiet)`]);
  });

  it("says that Rust is missing when it cannot be downloaded there", () => {
    machine = new Machine({ hasRust: false, curl: "exit 6" });
    const { status, output } = machine.build(AT_CLOUDFLARE);
    assert.equal(status, 1);
    assert.match(output, /cargo is not installed/);
  });
});

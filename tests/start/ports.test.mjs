// Which ports the scripts take, and which one they advise when one is taken.
import assert from "node:assert/strict";
import { it } from "node:test";
import { freePorts } from "../../scripts/ports.mjs";
import { holdPort, ownPlace } from "../support/npm-start.mjs";

/** The environment with these ports, until the test ends. */
function choose(test, ports) {
  Object.assign(process.env, ports);
  test.after(() => Object.keys(ports).forEach((name) => delete process.env[name]));
}

const advised = async (names) => {
  const refusal = await freePorts("npm run demo", names).then(assert.fail, ({ message }) => message);
  return Number(/_PORT=(\d+) npm run demo$/.exec(refusal)?.[1] ?? assert.fail(refusal));
};

it("the chosen ports are taken when they are free", async (test) => {
  const { relayPort, sandboxPort, shopPort } = await ownPlace();
  choose(test, { RELAY_PORT: relayPort, SANDBOX_PORT: sandboxPort, SHOP_PORT: shopPort });
  const ports = await freePorts("npm run demo", ["relay", "sandbox", "shop"]);
  assert.deepEqual(ports, { relay: relayPort, sandbox: sandboxPort, shop: shopPort });
});

it("an advised port is neither taken nor chosen for something else", async (test) => {
  const held = await holdPort();
  test.after(() => held.stop());
  const { port } = held;
  choose(test, { RELAY_PORT: port });
  const first = await advised(["relay"]);
  const holder = await holdPort(first);
  test.after(() => holder.stop());
  const next = await advised(["relay"]);
  assert.notEqual(next, first);
  choose(test, { SANDBOX_PORT: next });
  assert.ok(![port, first, next].includes(await advised(["relay", "sandbox"])));
});

it("one port for two is refused, and so is what is no port", async (test) => {
  choose(test, { RELAY_PORT: "8787", SANDBOX_PORT: "8787" });
  await assert.rejects(freePorts("npm start", ["relay", "sandbox"]), /RELAY_PORT and SANDBOX_PORT must be different/);
  for (const none of ["0", "65536", "1.5", "x"]) {
    choose(test, { RELAY_PORT: none });
    await assert.rejects(freePorts("npm start", ["relay"]), /RELAY_PORT must be a port, such as 8787/);
  }
});

// Which ports and addresses the scripts take, and what they advise when a port is taken.
import assert from "node:assert/strict";
import { it } from "node:test";
import { clearLockedPorts } from "get-port";
import { exposure, freePorts, listenAddress } from "../../scripts/ports.mjs";
import { holdPort, ownPlace } from "../support/npm-start.mjs";

process.env.LC_ALL = "C";

/** The environment with these values, until the test ends. */
function choose(test, values) {
  const before = { ...process.env };
  // A port that was found free in this process is not given to it again at once.
  clearLockedPorts();
  Object.assign(process.env, values);
  test.after(() => {
    for (const name of Object.keys(values)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

const refusal = (names) => freePorts("npm run demo", names).then(assert.fail, ({ message }) => message);
const advised = async (names) => advisedBy(await refusal(names));

/** The ports of the one command that is advised, by variable. */
function advisedBy(message) {
  const lines = message.split("\n").filter((line) => line.endsWith("npm run demo"));
  assert.equal(lines.length, 1, message);
  return Object.fromEntries(Array.from(lines[0].matchAll(/(\w+)=(\d+)/g), ([, variable, port]) => [variable, Number(port)]));
}

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
  const first = (await advised(["relay"])).RELAY_PORT;
  const holder = await holdPort(first);
  test.after(() => holder.stop());
  const next = (await advised(["relay"])).RELAY_PORT;
  assert.notEqual(next, first);
  choose(test, { SANDBOX_PORT: next });
  const both = await advised(["relay", "sandbox"]);
  assert.ok(![port, first, next].includes(both.RELAY_PORT));
  assert.equal(both.SANDBOX_PORT, next, "the advice undoes what was chosen");
});

it("all ports that are taken are named at once, and the one command that is advised finds all of its own free", async (test) => {
  const [relay, sandbox] = [await holdPort(), await holdPort()];
  test.after(() => [relay, sandbox].forEach(({ stop }) => stop()));
  const { shopPort } = await ownPlace();
  choose(test, { RELAY_PORT: relay.port, SANDBOX_PORT: sandbox.port, SHOP_PORT: shopPort });
  const message = await refusal(["relay", "sandbox", "shop"]);
  assert.match(message, new RegExp(`^Ports ${relay.port} and ${sandbox.port} are taken`));
  const ports = advisedBy(message);
  assert.equal(ports.SHOP_PORT, shopPort);
  choose(test, ports);
  assert.deepEqual(Object.values(await freePorts("npm run demo", ["relay", "sandbox", "shop"])), Object.values(ports));
});

it("the advice is in Turkish where the terminal is", async (test) => {
  const [relay, sandbox] = [await holdPort(), await holdPort()];
  test.after(() => [relay, sandbox].forEach(({ stop }) => stop()));
  choose(test, { LC_ALL: "tr_TR.UTF-8", RELAY_PORT: relay.port, SANDBOX_PORT: sandbox.port });
  assert.match(await refusal(["relay", "sandbox"]), new RegExp(`^${relay.port} ve ${sandbox.port} portları dolu`));
});

it("one port for two is refused, and so is what is no port", async (test) => {
  choose(test, { RELAY_PORT: "8787", SANDBOX_PORT: "8787" });
  await assert.rejects(freePorts("npm start", ["relay", "sandbox"]), /RELAY_PORT and SANDBOX_PORT must be different/);
  for (const none of ["0", "65536", "1.5", "x"]) {
    choose(test, { RELAY_PORT: none });
    await assert.rejects(freePorts("npm start", ["relay"]), /RELAY_PORT must be a port, such as 8787/);
  }
});

it("everything listens on loopback, or on all addresses if that is asked for, which is said with the ports", async (test) => {
  assert.deepEqual([listenAddress(), exposure({ relay: 8787 })], ["127.0.0.1", ""]);
  choose(test, { LISTEN_ADDRESS: "0.0.0.0" });
  assert.equal(listenAddress(), "0.0.0.0");
  assert.match(exposure({ relay: 8787, sandbox: 9788 }), /8787 and 9788[^]*docker run -p 127\.0\.0\.1:8787:8787 -p 127\.0\.0\.1:9788:9788/);
  const held = await holdPort();
  test.after(() => held.stop());
  choose(test, { RELAY_PORT: held.port });
  assert.match(await refusal(["relay"]), /^ {2}LISTEN_ADDRESS=0\.0\.0\.0 RELAY_PORT=/m);
  for (const other of ["::", "192.168.1.2", "localhost"]) {
    choose(test, { LISTEN_ADDRESS: other });
    assert.throws(listenAddress, /LISTEN_ADDRESS must be 127\.0\.0\.1/, other);
  }
});

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

/** Holds a port, any one by default, until the test ends, and gives its number. */
async function hold(test, wanted) {
  const { port, stop } = await holdPort(wanted);
  test.after(stop);
  return port;
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
  const port = await hold(test);
  choose(test, { RELAY_PORT: port });
  const first = (await advised(["relay"])).RELAY_PORT;
  await hold(test, first);
  const next = (await advised(["relay"])).RELAY_PORT;
  assert.notEqual(next, first);
  choose(test, { SANDBOX_PORT: next });
  const both = await advised(["relay", "sandbox"]);
  assert.ok(![port, first, next].includes(both.RELAY_PORT));
  assert.equal(both.SANDBOX_PORT, next, "the advice undoes what was chosen");
});

it("all ports that are taken are named at once, and the one command that is advised finds all of its own free", async (test) => {
  const [relay, sandbox] = [await hold(test), await hold(test)];
  const { shopPort } = await ownPlace();
  choose(test, { RELAY_PORT: relay, SANDBOX_PORT: sandbox, SHOP_PORT: shopPort });
  const message = await refusal(["relay", "sandbox", "shop"]);
  assert.match(message, new RegExp(`^Ports ${relay} and ${sandbox} are taken`));
  const ports = advisedBy(message);
  assert.equal(ports.SHOP_PORT, shopPort);
  choose(test, ports);
  assert.deepEqual(Object.values(await freePorts("npm run demo", ["relay", "sandbox", "shop"])), Object.values(ports));
});

it("the advice is in Turkish where the terminal is", async (test) => {
  const [relay, sandbox] = [await hold(test), await hold(test)];
  choose(test, { LC_ALL: "tr_TR.UTF-8", RELAY_PORT: relay, SANDBOX_PORT: sandbox });
  assert.match(await refusal(["relay", "sandbox"]), new RegExp(`^${relay} ve ${sandbox} portları dolu`));
  const one = new RegExp(`^${relay} portu dolu; başka bir terminalde npm run demo çalışıyor olabilir`);
  assert.match(await refusal(["relay"]), one);
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
  choose(test, { RELAY_PORT: await hold(test) });
  assert.match(await refusal(["relay"]), /^ {2}LISTEN_ADDRESS=0\.0\.0\.0 RELAY_PORT=/m);
  for (const other of ["::", "192.168.1.2", "localhost"]) {
    choose(test, { LISTEN_ADDRESS: other });
    assert.throws(listenAddress, /LISTEN_ADDRESS must be 127\.0\.0\.1/, other);
  }
});

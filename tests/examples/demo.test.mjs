// `npm run demo` as a person has it: on free ports, with a folder of its own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { start } from "./support/child.mjs";
import { inRoot } from "./support/paths.mjs";

const PATIENCE_MS = 600_000;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return String(port);
}

it("npm run demo starts a shop whose messages reach the outbox, and ends without leaving anything", async (test) => {
  const directory = await mkdtemp(join(tmpdir(), "demo-"));
  test.after(() => rm(directory, { recursive: true, force: true }));
  const ports = { SHOP_PORT: await freePort(), RELAY_PORT: await freePort(), SANDBOX_PORT: await freePort() };
  const demo = await start(process.execPath, [inRoot("scripts/demo.mjs")], {
    env: { ...process.env, ...ports, DEV_DIR: directory },
    isReady: (line) => (line.startsWith("Nothing leaves this machine.") ? true : undefined),
    patience: PATIENCE_MS,
    ending: "SIGINT",
  });
  test.after(demo.stop);
  const [shop, outbox, relay] = ["Shop", "Outbox", "Relay"].map(
    (name) => new RegExp(`^ +${name} +(http://\\S+?)/?$`, "m").exec(demo.output())?.[1],
  );
  const { SHOP_PORT, SANDBOX_PORT, RELAY_PORT } = ports;
  const urls = [SHOP_PORT, SANDBOX_PORT, RELAY_PORT].map((port) => `http://127.0.0.1:${port}`);
  assert.deepEqual([shop, outbox, relay], urls);

  const signed = await fetch(`${shop}/api/orders/1001/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ press: randomUUID(), channel: "sms", recipient: "05321234567" }),
  });
  const { url, headers, body } = await signed.json();
  const answer = await fetch(url, { method: "POST", headers: { ...headers, origin: shop }, body });
  assert.deepEqual([answer.status, (await answer.json()).outcome], [200, "sent"]);
  assert.equal(answer.headers.get("access-control-allow-origin"), shop);
  const { messages } = await (await fetch(`${outbox}/outbox/messages`)).json();
  assert.deepEqual(messages.map(({ recipient, delivered }) => [recipient, delivered]), [["05321234567", true]]);

  await demo.stop();
  for (const port of Object.values(ports)) {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), undefined, `something still listens on ${port}`);
  }
});

// Whether npm run explain says that a message was posted where the relay takes none.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { FOREIGN_SECRET, SECRET } from "../support/secrets.mjs";
import { explain } from "./support.mjs";

const NOW = 1_795_637_400;
const BODY = '{"type":"relay.ping"}';

let directory;
before(() => (directory = mkdtempSync(join(tmpdir(), "explain-path-"))));
after(() => rmSync(directory, { recursive: true }));

function headers(id, secret) {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${NOW}.${BODY}`).digest("base64");
  return [`webhook-id: ${id}`, `webhook-timestamp: ${NOW}`, `webhook-signature: v1,${signature}`];
}

const http = (path, { id = "msg_1", secret = SECRET } = {}) =>
  [`POST ${path} HTTP/1.1`, "host: relay.example", ...headers(id, secret), "", BODY].join("\r\n");
const curl = (address) =>
  `curl ${address} -H 'content-type: application/json' ${headers("msg_1", SECRET).map((header) => `-H '${header}'`).join(" ")} -d '${BODY}'`;
const MOVED = /^This is what is wrong:\n\n1\. It was posted to (\S+)\.\n {3}Post to \/webhook: /;

describe("npm run explain says where a message belongs", () => {
  for (const [what, capture, status, path] of [
    ["none for the right path", http("/webhook"), 0],
    ["none for the right path with a query", http("/webhook?a=b"), 0],
    ["for another path", http("/webhooks"), 1, "/webhooks"],
    ["for a slash too many", http("/webhook/"), 1, "/webhook/"],
    ["for the relay's address alone", curl("https://relay.example/"), 1, "/"],
    ["none for curl's right path", curl("https://relay.example/webhook"), 0],
    ["none for an event, which goes to the shop", http("/events", { id: "evt_1" }), 0],
  ]) {
    it(what, async () => {
      const file = join(directory, "request.txt");
      writeFileSync(file, capture);
      utimesSync(file, NOW, NOW);
      const { status: ended, output } = await explain([file], { env: { WEBHOOK_SECRET: SECRET, EVENTS_SECRET: SECRET } });
      assert.equal(ended, status, output);
      assert.equal(MOVED.exec(output)?.[1], path, output);
    });
  }

  it("beside what is wrong with the signature", async () => {
    const file = join(directory, "request.txt");
    writeFileSync(file, http("/pay", { secret: FOREIGN_SECRET }));
    const { status, output } = await explain([file], { env: { WEBHOOK_SECRET: SECRET } });
    assert.equal(status, 1, output);
    assert.match(output, /^The signature is wrong[^]*\n1\. It was posted to \/pay\./);
  });
});

// Whether npm run explain says that a message was posted where the relay takes none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { EVENTS_SECRET, FOREIGN_SECRET, SECRET } from "../support/secrets.mjs";
import { assertExplained, ownFolder } from "./support.mjs";

const MOVED = /^This is what is wrong:\n\n1\. It was posted to (\S+)\.\n {3}Post to \/webhook: /;
const KNOWN = { env: { WEBHOOK_SECRET: SECRET, EVENTS_SECRET } };

const folder = ownFolder();
/** The same request as curl posts it to an address. */
function curl(address) {
  const [head, body] = readFileSync(folder.request(), "latin1").split("\r\n\r\n");
  const signing = head.split("\r\n").filter((line) => line.startsWith("webhook-"));
  const headers = ["content-type: application/json", ...signing].map((header) => `-H '${header}'`);
  return folder.write(`curl ${address} ${headers.join(" ")} -d '${body}'`);
}

describe("npm run explain says where a message belongs", () => {
  for (const [what, capture, status, path] of [
    ["none for the right path", () => folder.request(), 0],
    ["none for the right path with a query", () => folder.request({ path: "/webhook?a=b" }), 0],
    ["for another path", () => folder.request({ path: "/webhooks" }), 1, "/webhooks"],
    ["for a slash too many", () => folder.request({ path: "/webhook/" }), 1, "/webhook/"],
    ["for the relay's address alone", () => curl("https://relay.example/"), 1, "/"],
    ["none for curl's right path", () => curl("https://relay.example/webhook"), 0],
    ["none for an event, which goes to the shop", () => folder.request({ path: "/events", id: "evt_1", secret: EVENTS_SECRET }), 0],
  ]) {
    it(what, async () => {
      const output = await assertExplained([capture()], KNOWN, status);
      assert.equal(MOVED.exec(output)?.[1], path, output);
    });
  }

  it("beside what is wrong with the signature", () =>
    assertExplained(
      [folder.request({ path: "/pay", secret: FOREIGN_SECRET })],
      KNOWN,
      1,
      /^The signature is wrong[^]*\n1\. It was posted to \/pay\./,
    ));
});

// `npm run explain` at a terminal: its screens, its exit codes, where its secret comes from.
//
// In scope: what surrounds the search. Not in scope: the search itself (slips.test.mjs).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { NOW, assertExplained, ownFolder } from "./support.mjs";

const REFERENCE = readFileSync(inRoot("docs/reference.md"), "utf8");
/** Its base64 is pluses and slashes, but for the end. */
const SIGNS_SECRET = `whsec_${Buffer.alloc(32, Buffer.from("fbffbf", "hex")).toString("base64")}`;

const folder = ownFolder();
const given = { env: { WEBHOOK_SECRET: SECRET } };

describe("npm run explain", () => {
  for (const [what, parts, status, ...says] of [
    ["ends with 0 and shows the signed text when nothing is wrong", {}, 0,
      /^The signature is right, and so are the three headers\.\n\nThe signed text, 24 bytes:\n/,
      /:\n {2}00000000 {2}6d 73 67 5f 31 2e 31 37 39 35 36 33 37 34 30 30 {2}msg_1\.1795637400\n {2}00000010 /,
      /\n {2}00000010 {2}2e 7b 22 61 22 3a 31 7d +\.\{"a":1\}\n$/],
    ["ends with 1, says what to change, and shows where both texts begin to differ", { signedBody: '{"a": 1}' }, 1,
      /^This is what is wrong:\n\n1\. /,
      /What the sender has signed, 25 bytes:\n {2}00000000 [^\n]+\n> 00000010 [^\n]+\.\{"a": 1\}\n/,
      /What the relay signs, 24 bytes:\n {2}00000000 [^\n]+\n> 00000010 [^\n]+\.\{"a":1\}\n/,
      /differ from byte 00000016 on/],
    ["ends with 1 and says what is left when no slip makes it right", { secret: FOREIGN_SECRET }, 1,
      /none of the usual slips[^]*\n {2}- It was signed with another secret/,
      /another secret[^]*npm run ping[^]*What the relay signs, 24 bytes:/],
    ["ends with 1 when the file is younger than the request is good for", { timestamp: NOW - 900 }, 1,
      /^The signature is right, and the timestamp is too old to be taken\./,
      /\.[^]*900 s behind the time at which .*stale-timestamp/],
    ["shows letters that are no ASCII as their bytes", { body: '"ş"' }, 0, /2e 22 c5 9f 22 +\."··"\n/],
  ]) {
    it(what, () => assertExplained([folder.request(parts)], given, status, ...says));
  }

  it("speaks of svix- headers where the request has those", async () => {
    const file = folder.request({ prefix: "svix-", timestamp: NOW * 1000 });
    const output = await assertExplained([file], given, 1, /svix-timestamp is in milliseconds/);
    assert.doesNotMatch(output, /webhook-(?:id|timestamp|signature)/);
  });

  it("reads the example of a signature in docs/reference.md", async () => {
    const [secret] = /whsec_[A-Za-z0-9+/=]+(?=`, the id)/.exec(REFERENCE);
    const body = '{"test": 2432232314}';
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    for (const part of [...Object.values(headers), body]) assert.ok(REFERENCE.includes(part), part);
    const lines = Object.entries(headers).map((pair) => pair.join(": "));
    const file = folder.write([...lines, "", body].join("\n"));
    await assertExplained([file], { env: { WEBHOOK_SECRET: secret } }, 1, /^The signature is right/);
  });

  it("says what docs/verification.md shows", async () => {
    const page = readFileSync(inRoot("docs/verification.md"), "utf8");
    const [, shown] = /^```text\n(This is what is wrong:[^]*?)```$/m.exec(page);
    const file = folder.request({ body: '{"type":"relay.ping"}', signedBody: '{"type": "relay.ping"}' });
    const output = await assertExplained([file], given, 1);
    assert.ok(output.replace(/ +$/gm, "").startsWith(shown), output);
  });

  for (const [what, written] of [
    ["as it is", SIGNS_SECRET],
    ["without whsec_", SIGNS_SECRET.slice(6)],
    ["without its padding", SIGNS_SECRET.replace("=", "")],
    ["as PHP's JSON escapes it", SIGNS_SECRET.replaceAll("/", "\\/")],
    ["as JSON escapes it by number", SIGNS_SECRET.replaceAll("/", "\\u002F").replaceAll("+", "\\u002B")],
    ["percent-encoded", encodeURIComponent(SIGNS_SECRET)],
    ["percent-encoded twice", encodeURIComponent(encodeURIComponent(SIGNS_SECRET))],
    ["URL-safe", SIGNS_SECRET.replaceAll("/", "_").replaceAll("+", "-")],
    ["as HTML escapes it", SIGNS_SECRET.replaceAll("/", "&#x2F;").replaceAll("+", "&#43;")],
    ["as a form turns it into blanks", SIGNS_SECRET.replaceAll("+", " ")],
  ]) {
    it(`shows nothing of a request that holds the secret itself: ${what}`, async () => {
      const file = folder.request({ secret: SIGNS_SECRET, body: `{"secret":"${written}"}` });
      const env = { WEBHOOK_SECRET: `${SECRET} ${SIGNS_SECRET}` };
      const output = await assertExplained([file], { env }, 1, /The secret itself stands in .*request\.txt/);
      assert.doesNotMatch(output, /\+\/\+\/|00000000/);
    });
  }

  it("ends with 1 when it gets no file", () =>
    assertExplained([], given, 1, /Which request\? Write it to a file:\n {2}npm run explain -- request\.txt/));
});

describe("npm run explain takes the secret", () => {
  const two = `${FOREIGN_SECRET} ${SECRET}`;
  const dev = () => {
    writeFileSync(folder.file(".dev.vars"), `WEBHOOK_SECRETS="${two}"\n`);
    return { env: { DEV_DIR: folder.path } };
  };
  for (const [what, how, status, says, parts] of [
    ["of WEBHOOK_SECRET, one of several", () => ({ env: { WEBHOOK_SECRET: two } }), 0, /signed with secret 2 of 2\./],
    ["that is piped into it", () => ({ input: `${SECRET}\n` }), 0, /is right/],
    ["of .dev.vars, for a request to this machine", dev, 0, /secret 2 of 2/, { host: "127.0.0.1:8787" }],
    ["not of .dev.vars for another request", () => ({ ...dev(), input: LONG_SECRET }), 1, /none of the usual slips/],
    [
      "not when it is none, and does not show it",
      () => ({ env: { WEBHOOK_SECRET: SECRET.slice(6) } }),
      1,
      /The webhook secret \(WEBHOOK_SECRET\) does not begin with whsec_/,
    ],
  ]) {
    it(what, () => assertExplained([folder.request(parts)], how(), status, says));
  }
});

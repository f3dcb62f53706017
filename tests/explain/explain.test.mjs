// `npm run explain` at a terminal: its screens, its exit codes, where its secret comes from.
//
// In scope: what surrounds the search. Not in scope: the search itself (slips.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { explain } from "./support.mjs";

const NOW = 1_795_637_400;
/** The example of a signature in docs/reference.md. */
const [PAGES_SECRET] = /whsec_[A-Za-z0-9+/=]+(?=`, the id)/.exec(readFileSync(inRoot("docs/reference.md"), "utf8"));

/** Its base64 is pluses and slashes, but for the end. */
const SIGNS_SECRET = `whsec_${Buffer.alloc(32, Buffer.from("fbffbf", "hex")).toString("base64")}`;

let directory;
before(() => (directory = mkdtempSync(join(tmpdir(), "explain-"))));
after(() => rmSync(directory, { recursive: true }));

/** Writes a request to a file that is as old as its timestamp. */
function requestFile({
  host = "relay.example",
  prefix = "webhook-",
  secret = SECRET,
  signedBody,
  timestamp = NOW,
  body = '{"a":1}',
} = {}) {
  const text = `msg_1.${timestamp}.${signedBody ?? body}`;
  const signature = createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
    .update(text)
    .digest("base64");
  const file = join(directory, "request.txt");
  const head = [
    `host: ${host}`,
    `${prefix}id: msg_1`,
    `${prefix}timestamp: ${timestamp}`,
    `${prefix}signature: v1,${signature}`,
  ];
  writeFileSync(file, ["POST /webhook HTTP/1.1", ...head, "", body].join("\r\n"));
  utimesSync(file, NOW, NOW);
  return file;
}

async function assertExplain(args, how, status, says) {
  const { status: ended, output } = await explain(args, how);
  assert.equal(ended, status, output);
  assert.match(output, says);
  for (const secret of [SECRET, LONG_SECRET, FOREIGN_SECRET]) assert.ok(!output.includes(secret.slice(8)), output);
  assert.ok(!output.includes("    at "), output);
  return output;
}

const given = { env: { WEBHOOK_SECRET: SECRET } };

describe("npm run explain", () => {
  it("ends with 0 and shows the signed text when nothing is wrong", async () => {
    const says =
      /^The signature is right, and so are the three headers\.\n\nThe signed text, 24 bytes:\n {2}00000000 {2}6d 73 67 5f 31 2e 31 37 39 35 36 33 37 34 30 30 {2}msg_1\.1795637400\n {2}00000010 {2}2e 7b 22 61 22 3a 31 7d +\.\{"a":1\}\n$/;
    await assertExplain([requestFile()], given, 0, says);
  });

  it("ends with 1, says what to change, and shows where both texts begin to differ", async () => {
    const output = await assertExplain(
      [requestFile({ signedBody: '{"a": 1}' })],
      given,
      1,
      /^This is what is wrong:\n\n1\. /,
    );
    assert.match(output, /What the sender has signed, 25 bytes:\n {2}00000000 [^\n]+\n> 00000010 [^\n]+\.\{"a": 1\}\n/);
    assert.match(output, /What the relay signs, 24 bytes:\n {2}00000000 [^\n]+\n> 00000010 [^\n]+\.\{"a":1\}\n/);
    assert.match(output, /differ from byte 00000016 on/);
  });

  it("ends with 1 and says what is left when no slip makes it right", async () => {
    const says = /none of the usual slips[^]*another secret[^]*npm run ping[^]*What the relay signs, 24 bytes:/;
    await assertExplain([requestFile({ secret: FOREIGN_SECRET })], given, 1, says);
  });

  it("ends with 1 when the file is younger than the request is good for", async () => {
    await assertExplain(
      [requestFile({ timestamp: NOW - 900 })],
      given,
      1,
      /^The signature is right, and the timestamp is too old to be taken\.[^]*900 s behind the time at which .*stale-timestamp/,
    );
  });

  it("speaks of svix- headers where the request has those", async () => {
    const output = await assertExplain(
      [requestFile({ prefix: "svix-", timestamp: NOW * 1000 })],
      given,
      1,
      /svix-timestamp is in milliseconds/,
    );
    assert.doesNotMatch(output, /webhook-(?:id|timestamp|signature)/);
  });

  it("shows letters that are no ASCII as their bytes", async () => {
    await assertExplain([requestFile({ body: '"ş"' })], given, 0, /2e 22 c5 9f 22 +\."··"\n/);
  });

  it("reads the example of a signature in docs/reference.md", async () => {
    const file = join(directory, "reference.txt");
    const [id, timestamp, body, signature] = [
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "1614265330",
      '{"test": 2432232314}',
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ];
    for (const part of [id, timestamp, body, signature])
      assert.ok(readFileSync(inRoot("docs/reference.md"), "utf8").includes(part));
    writeFileSync(
      file,
      `webhook-id: ${id}\nwebhook-timestamp: ${timestamp}\nwebhook-signature: ${signature}\n\n${body}`,
    );
    await assertExplain([file], { env: { WEBHOOK_SECRET: PAGES_SECRET } }, 1, /^The signature is right/);
  });

  it("says what docs/verification.md shows", async () => {
    const page = readFileSync(inRoot("docs/verification.md"), "utf8");
    const [, shown] = /^```text\n(This is what is wrong:[^]*?)```$/m.exec(page);
    const { output } = await explain(
      [requestFile({ body: '{"type":"relay.ping"}', signedBody: '{"type": "relay.ping"}' })],
      given,
    );
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
      const file = requestFile({ secret: SIGNS_SECRET, body: `{"secret":"${written}"}` });
      const env = { WEBHOOK_SECRET: `${SECRET} ${SIGNS_SECRET}` };
      const output = await assertExplain([file], { env }, 1, /The secret itself stands in .*request\.txt/);
      assert.doesNotMatch(output, /\+\/\+\/|00000000/);
    });
  }

  for (const [what, args, says] of [
    ["no file", () => [], /Which request\? Write it to a file:\n {2}npm run explain -- request\.txt/],
    ["a file that is not there", () => [join(directory, "absent")], /There is no file .*absent\.$/m],
    ["a file without a request", () => [inRoot("LICENSE")], /no webhook-… headers in it/],
  ]) {
    it(`ends with 1 when it gets ${what}`, () => assertExplain(args(), given, 1, says));
  }
});

describe("npm run explain takes the secret", () => {
  it("of WEBHOOK_SECRET, or several, and says which one it was", async () => {
    const env = { WEBHOOK_SECRET: `${FOREIGN_SECRET} ${SECRET}` };
    await assertExplain([requestFile()], { env }, 0, /signed with secret 2 of 2\./);
  });

  it("that is piped into it", () => assertExplain([requestFile()], { input: `${SECRET}\n` }, 0, /is right/));

  it("of .dev.vars, for a request to this machine alone", async () => {
    writeFileSync(join(directory, ".dev.vars"), `WEBHOOK_SECRETS="${FOREIGN_SECRET} ${SECRET}"\n`);
    const env = { DEV_DIR: directory };
    await assertExplain([requestFile({ host: "127.0.0.1:8787" })], { env }, 0, /secret 2 of 2/);
    await assertExplain([requestFile()], { env, input: LONG_SECRET }, 1, /none of the usual slips/);
  });

  it("not when it is none, and does not show it", async () => {
    const env = { WEBHOOK_SECRET: SECRET.slice(6) };
    await assertExplain(
      [requestFile()],
      { env },
      1,
      /The webhook secret \(WEBHOOK_SECRET\) does not begin with whsec_/,
    );
  });
});

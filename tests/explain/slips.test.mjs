// Every slip that `npm run explain` knows, made on purpose, is found and named.
//
// In scope: the search, without files and without a terminal; that the relay refuses each of these requests. Not in
// scope: how a request is captured (forms.test.mjs), what real clients send (clients.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { numbered } from "../../scripts/explain/report.mjs";
import { said, say } from "../../scripts/explain/said.mjs";
import { findSlips } from "../../scripts/explain/slips.mjs";
import { TEXTS } from "../../scripts/explain/texts.mjs";
import { startRelays } from "../support/relay.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";

const NOW = Math.floor(Date.now() / 1000);
const DATE = new Date(NOW * 1000).toISOString();
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const VALUE = { type: "link.send_email", data: { id: "NB2Zlz3", email: "ayşe/1@example.com", debug_on: 1 } };
const BODY = JSON.stringify(VALUE);
const SPACED = '{"type": "link.send_email", "data": {"id": "NB2Zlz3", "email": "ayşe/1@example.com", "debug_on": 1}}';
const SORTED = '{"data":{"debug_on":1,"email":"ayşe/1@example.com","id":"NB2Zlz3"},"type":"link.send_email"}';
const BOM = "\ufeff";
const AT_NOW = { seconds: NOW, what: said("answerDate"), isLatest: false };
const ENCODED = SECRET.slice("whsec_".length);
const KEY = Buffer.from(ENCODED, "base64");
/** With bytes that are no text, zeros among them. */
const binaryKey = Buffer.from("fffe00c3007f80ff10203040506070f8a9b0c0d0e0f01122", "hex");
const BINARY_SECRET = `whsec_${binaryKey.toString("base64")}`;

/** The headers of a request whose parts are given where they are not right. */
function request({
  id = ID,
  timestamp = String(NOW),
  body = BODY,
  key = KEY,
  hash = "sha256",
  signedId = id,
  signedTimestamp = timestamp,
  signedBody = body,
  text = Buffer.concat([Buffer.from(`${signedId}.${signedTimestamp}.`), Buffer.from(signedBody)]),
  write = (mac) => `v1,${mac.toString("base64")}`,
  ...more
}) {
  const signature = write(createHmac(hash, key).update(text).digest());
  return { id, timestamp, signature, body: Buffer.from(body), ...more };
}

const base64 = (mac) => mac.toString("base64");
const hex = (mac) => mac.toString("hex");
const times = (count) => (mac) => Array(count).fill(`v1,${base64(mac)}`).join(" ");
/** A digest whose base64 has both of the letters that URL-safe base64 replaces: the id is the first that makes one. */
const BOTH_LETTERS = Array.from({ length: 500 }, (_, at) => ({ id: `msg_${at}` })).find((parts) =>
  /\+.*\/|\/.*\+/.test(request(parts).signature),
);
const urlSafe = (mac) => `v1,${mac.toString("base64url")}`;

const MS = { timestamp: `${NOW}123` };
const LATE_END = { timestamp: `${NOW + 7200}`, signedBody: `${BODY}\n` };
const TEXT_KEY = { key: SECRET, signedBody: SPACED };
const FOUR = ["no version", "hexadecimal", "key", "body"];
const TWICE = { signedTimestamp: `${NOW + 1}` };
const SWAPPED = { id: `${NOW}`, timestamp: ID };
const LENGTH = { declaredLength: Buffer.byteLength(BODY) };
const SORTED_SPACED = SORTED.replace(/([,:])(?=["{\d])/g, "$1 ");
const INDENTED = JSON.stringify(VALUE, null, 1);
const PLAIN = BODY.replace("ş", "s");
const DICT = "{'type': 'link.send_email', 'data': {'id': 'NB2Zlz3', 'email': 'ayşe/1@example.com', 'debug_on': 1}}";
/** What is done wrong, and the slips that it is: an array where it is more than one. */
const TABLE = [
  ["milliseconds, signed and sent", MS, "milliseconds"],
  ["milliseconds sent, seconds signed", { ...MS, signedTimestamp: `${NOW}` }, ["milliseconds", "seconds signed"]],
  ["milliseconds signed, seconds sent", { signedTimestamp: `${NOW}456` }, "milliseconds signed"],
  ["milliseconds that are round signed, seconds sent", { signedTimestamp: `${NOW}000` }, "milliseconds signed"],
  ["a fraction of seconds", { timestamp: `${NOW}.25` }, "fraction"],
  ["a date as text", { timestamp: DATE, signedTimestamp: `${NOW}` }, ["bad timestamp", "seconds signed"]],
  ["a date as text, signed too", { timestamp: DATE }, "bad timestamp"],
  ["zeros in front of the timestamp", { timestamp: `0${NOW}` }, "bad timestamp"],
  ["the clock read again for the signature", TWICE, "time taken twice"],
  ["a clock that is behind", { timestamp: `${NOW - 900}` }, "clock"],
  ["a clock that is ahead", { timestamp: `${NOW + 900}` }, "clock"],
  ["a digest in hexadecimal", { write: (mac) => `v1,${hex(mac)}` }, "hexadecimal"],
  ["a digest in capital hexadecimal", { write: (mac) => `v1,${hex(mac).toUpperCase()}` }, "hexadecimal"],
  ["base64 of hexadecimal", { write: (mac) => `v1,${base64(Buffer.from(hex(mac)))}` }, "hexadecimal in base64"],
  ["unpadded base64", { write: (mac) => `v1,${base64(mac).slice(0, -1)}` }, "unpadded base64"],
  ["URL-safe base64", { ...BOTH_LETTERS, write: (mac) => `${urlSafe(mac)}=` }, "URL-safe base64"],
  ["URL-safe base64 without padding", { ...BOTH_LETTERS, write: urlSafe }, ["URL-safe base64", "unpadded base64"]],
  ["a character too many in the base64", { write: (mac) => `v1,${base64(mac)}=` }, "irregular base64"],
  ["a percent-encoded signature", { write: (mac) => `v1,${encodeURIComponent(base64(mac))}` }, "percent encoding"],
  ["a signature without v1,", { write: base64 }, "no version"],
  ["v1=", { write: (mac) => `v1=${base64(mac)}` }, "no version"],
  ["sha256= and hexadecimal", { write: (mac) => `sha256=${hex(mac)}` }, ["no version", "hexadecimal"]],
  ["Stripe's header", { write: (mac) => `t=${NOW},v1=${hex(mac)}` }, ["no version", "hexadecimal"]],
  ["quotes around the signature", { write: (mac) => `"v1,${base64(mac)}"` }, "quotes"],
  ["SHA-1", { hash: "sha1" }, "other hash"],
  ["SHA-512", { hash: "sha512" }, "other hash"],
  ["the signature twice", { write: (mac) => `v1,${base64(mac)}, v1,${base64(mac)}` }, "twice"],
  ["17 signatures", { write: times(17) }, "too many signatures"],
  ["a dot in the id", { id: "order.1001" }, "dot in the id"],
  ["a comma in the id", { id: "order,1001" }, "bad id"],
  ["a blank in the id", { id: "order 1001" }, "bad id"],
  ["an id of 257 characters", { id: "x".repeat(257) }, "bad id"],
  ["the id twice", { id: `${ID}, ${ID}` }, "twice"],
  ["the secret as text", { key: SECRET }, "key"],
  ["the secret as text without whsec_", { key: ENCODED }, "key"],
  ["the secret as text with a line end", { key: `${SECRET}\n` }, "key"],
  ["the whole secret decoded, _ read as a letter", { key: Buffer.from(SECRET, "base64") }, "key"],
  ["the whole secret decoded, _ skipped", { key: Buffer.from(SECRET.replace("_", ""), "base64") }, "key"],
  ["the decoded secret in hexadecimal", { key: KEY.toString("hex") }, "key"],
  ["the decoded secret by atob", { key: binaryKey.toString("latin1"), secrets: [BINARY_SECRET] }, "key"],
  ["the decoded secret as a text", { key: binaryKey.toString(), secrets: [BINARY_SECRET] }, "key"],
  ["the decoded secret in a shell variable", { key: binaryKey.filter(Boolean), secrets: [BINARY_SECRET] }, "key"],
  ["an empty key", { key: "" }, "key"],
  ["id and timestamp the wrong way round in the text", { text: `${NOW}.${ID}.${BODY}` }, "other order"],
  ["id and timestamp the wrong way round in the headers", { ...SWAPPED, text: `${ID}.${NOW}.${BODY}` }, "swapped"],
  ["id and timestamp the wrong way round everywhere", SWAPPED, ["swapped", "other order"]],
  ["no id in the text", { text: `${NOW}.${BODY}` }, "other text"],
  ["no timestamp in the text", { text: `${ID}.${BODY}` }, "other text"],
  ["the body alone", { text: BODY }, "other text"],
  ["no body in the text", { text: `${ID}.${NOW}` }, "other text"],
  ["no dots", { text: `${ID}${NOW}${BODY}` }, "other separator"],
  ["line ends in place of dots", { text: `${ID}\n${NOW}\n${BODY}` }, "other separator"],
  ["compact signed, spaced sent", { signedBody: BODY, body: SPACED }, "body"],
  ["spaced signed, compact sent", { signedBody: SPACED }, "body"],
  ["sorted signed", { signedBody: SORTED }, "body"],
  ["sorted sent, and another order signed, which nobody can know", { signedBody: BODY, body: SORTED }, "unexplained"],
  ["sorted sent, sorted and spaced signed", { body: SORTED, signedBody: SORTED_SPACED }, "body"],
  ["indented signed", { signedBody: JSON.stringify(VALUE, null, 2) }, "body"],
  ["indented by four signed", { signedBody: JSON.stringify(VALUE, null, 4) }, "body"],
  ["indented by a tab signed", { signedBody: JSON.stringify(VALUE, null, "\t") }, "body"],
  ["escaped letters signed", { signedBody: BODY.replace("ş", "\\u015f") }, "body"],
  ["letters escaped in capitals signed", { signedBody: BODY.replace("ş", "\\u015F") }, "body"],
  ["escaped letters sent", { body: BODY.replace("ş", "\\u015f"), signedBody: BODY }, "body"],
  ["escaped slashes signed", { signedBody: BODY.replace("/", "\\/") }, "body"],
  ["escaped slashes sent", { body: BODY.replace("/", "\\/"), signedBody: BODY }, "body"],
  ["PHP's escapes of both signed", { signedBody: BODY.replace("/", "\\/").replace("ş", "\\u015f") }, "body"],
  ["Python's escapes and blanks signed", { signedBody: SPACED.replace("ş", "\\u015f") }, "body"],
  ["Go's escapes signed", { body: '{"a":"<&>"}', signedBody: '{"a":"\\u003c\\u0026\\u003e"}' }, "body"],
  ["Go's line end signed", { signedBody: `${BODY}\n` }, "body"],
  ["a line end sent that was not signed", { body: `${BODY}\n`, signedBody: BODY }, "body"],
  ["a line end of Windows signed", { signedBody: `${BODY}\r\n` }, "body"],
  ["line ends lost on the way", { body: INDENTED.replaceAll("\n", ""), signedBody: INDENTED }, "unexplained"],
  ["line ends made those of Windows on the way", { body: '{"a":\r\n1}\r\n', signedBody: '{"a":\n1}\n' }, "body"],
  ["a byte order mark signed", { signedBody: BOM + BODY }, "body"],
  ["a byte order mark sent", { body: BOM + BODY, signedBody: BODY }, "body"],
  ["blanks behind the body sent", { body: ` ${BODY}  `, signedBody: BODY }, "body"],
  ["ISO-8859-9 signed", { signedBody: Buffer.from(BODY.replace("ş", "\u00fe"), "latin1") }, "body"],
  ["UTF-8 encoded twice", { signedBody: Buffer.from(BODY).toString("latin1") }, "body"],
  ["an empty body signed", { signedBody: "" }, "body"],
  ["an object in place of its text", { signedBody: "[object Object]" }, "body"],
  ["Python's bytes in a text", { body: PLAIN, signedBody: `b'${PLAIN}'` }, "body"],
  ["Python's dict in a text", { signedBody: DICT }, "body"],
  ["JSON in a JSON string sent", { body: JSON.stringify(BODY), signedBody: BODY }, "body"],
  ["JSON in a JSON string signed", { signedBody: JSON.stringify(BODY) }, "body"],
  ["a proxy that writes the body anew", { body: SPACED, signedBody: BODY, ...LENGTH }, ["body", "length"]],
  ["a proxy that adds to the body", { body: `${BODY}<!-- proxy -->`, signedBody: BODY, ...LENGTH }, ["body", "length"]],
  ["milliseconds and hexadecimal", { ...MS, write: (mac) => `v1,${hex(mac)}` }, ["milliseconds", "hexadecimal"]],
  ["the secret as text and another body", TEXT_KEY, ["key", "body"]],
  ["the secret as text, another body, in hexadecimal alone", { ...TEXT_KEY, write: hex }, FOUR],
  ["the body alone, as other platforms sign", { key: SECRET, text: BODY }, ["key", "other text"]],
  ["another body and the clock read twice", { signedBody: SPACED, ...TWICE }, ["time taken twice", "body"]],
  ["a dot in the id, a line end, and a wrong clock", { id: "a.b", ...LATE_END }, ["dot in the id", "body", "clock"]],
  ["another secret", { key: Buffer.from("a foreign secret of the tests") }, "unexplained"],
  ["another body", { signedBody: "{}" }, "unexplained"],
];

/** What is found of a request: the outcome, and the slips' names. */
const look = (made, secrets = [SECRET], at = AT_NOW) => {
  const { outcome, slips } = findSlips(made, secrets, at);
  return [outcome, slips.map(({ name }) => name)];
};

describe("findSlips", () => {
  for (const [what, { secrets = [SECRET], ...parts }, slips] of TABLE) {
    const expected = slips === "unexplained" ? ["unexplained", []] : ["explained", [slips].flat()];
    it(`${slips === "unexplained" ? "does not explain" : "finds"}: ${what}`, () => {
      const made = request(parts);
      assert.deepEqual(look(made, secrets), expected);
      const found = findSlips(made, secrets, AT_NOW).slips;
      const [english, turkish] = [TEXTS.en, TEXTS.tr].map((texts) => numbered(texts.slips, texts, found));
      for (const [at, text] of english.entries()) {
        assert.notEqual(text, turkish[at]);
        assert.doesNotMatch(`${text}${turkish[at]}`, /undefined/);
      }
    });
  }

  it("says that nothing is wrong where the official library has signed", () => {
    const signature = new Webhook(SECRET).sign(ID, new Date(NOW * 1000), BODY);
    const found = findSlips({ id: ID, timestamp: `${NOW}`, signature, body: Buffer.from(BODY) }, [SECRET], AT_NOW);
    assert.deepEqual([found.outcome, found.slips, found.secret], ["right", [], 1]);
    assert.equal(found.signed.toString(), `${ID}.${NOW}.${BODY}`);
  });

  it("takes a right signature beside others that it does not know", () => {
    const { signature, ...rest } = request({});
    for (const other of ["v2,abc", "v1a,AAAA", "v1,c2hvcnQ="]) {
      for (const both of [`${other} ${signature}`, `${signature} ${other}`]) {
        assert.equal(look({ ...rest, signature: both })[0], "right", both);
      }
    }
  });

  it("says which of several secrets it was signed with", () => {
    const found = findSlips(request({ key: LONG_SECRET }), [FOREIGN_SECRET, LONG_SECRET, SECRET], AT_NOW);
    assert.deepEqual([found.slips.map(({ name }) => name), found.secret], [["key"], 2]);
  });

  const none = { id: undefined, timestamp: undefined, signature: undefined };
  for (const [what, headers, expected] of [
    ["no header", none, ["explained", ["missing", "missing", "missing"]]],
    ["no signature", { signature: undefined }, ["explained", ["missing"]]],
    ["a signature that is none", { signature: "v1,signature" }, ["unexplained", ["no signature"]]],
  ]) {
    it(`names what is missing: ${what}`, () => assert.deepEqual(look({ ...request({}), ...headers }), expected));
  }

  for (const [away, outcome] of Object.entries({ 300: "right", 301: "explained" })) {
    it(`keeps the edges of the clock: ${away} s either way are ${outcome}`, () => {
      for (const seconds of [NOW - Number(away), NOW + Number(away)]) {
        assert.equal(look(request({ timestamp: `${seconds}` }))[0], outcome, `${seconds - NOW} s`);
      }
    });
  }

  it("names local time that was taken for UTC", () => {
    const { slips } = findSlips(request({ timestamp: `${NOW + 3 * 3600 - 7}` }), [SECRET], AT_NOW);
    assert.match(
      numbered(TEXTS.en.slips, TEXTS.en, slips)[0],
      /^1\. webhook-timestamp is 10793 s \(3 h: local time was taken for UTC\?\) ahead of the answer's date/,
    );
  });

  it("does not call an old request stale when nobody knows when it was sent, and calls one from the future so", () => {
    const latest = { ...AT_NOW, what: said("writtenAt", "request.txt"), isLatest: true };
    const old = findSlips(request({ timestamp: `${NOW - 4000}` }), [SECRET], latest);
    assert.deepEqual([old.outcome, old.slips], ["right", []]);
    assert.match(say(TEXTS.en, old.remark), /4000 s .*behind the time at which request\.txt was written/);
    assert.deepEqual(look(request({ timestamp: `${NOW + 4000}` }), [SECRET], latest)[1], ["clock"]);
  });

  it("gives the text that was signed, and the one that the relay signs", () => {
    const found = findSlips(request({ signedBody: SPACED, key: ENCODED }), [SECRET], AT_NOW);
    assert.equal(found.signed.toString(), `${ID}.${NOW}.${SPACED}`);
    assert.equal(found.expected.toString(), `${ID}.${NOW}.${BODY}`);
  });
});

describe("the relay, of the same requests", () => {
  let relays;
  before(async () => {
    relays = await startRelays("http://127.0.0.1:9", { relay: { WEBHOOK_SECRETS: `${SECRET} ${BINARY_SECRET}` } });
  });
  after(() => relays.stop());

  async function statusOf({ id, timestamp, signature, body }) {
    const signing = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
    const headers = { "content-type": "application/json", ...signing };
    const answer = await fetch(`${relays.urls.relay}/webhook`, { method: "POST", headers, body });
    return answer.status;
  }

  it("refuses every one that has a slip", async () => {
    for (const [what, parts] of TABLE) assert.equal(await statusOf(request(parts)), 401, what);
  });

  it("takes the signature of one that has none", async () => {
    const body = '{"type":"relay.ping"}';
    for (const id of [ID, "x".repeat(256)]) assert.equal(await statusOf(request({ id, body })), 200);
    assert.equal(await statusOf(request({ body, write: times(16) })), 200);
  });
});

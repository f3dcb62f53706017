// The documented grammars, character by character: the relay takes a value exactly if openapi.yaml's schema takes it.
//
// In scope: the values of fields and headers, each with every ASCII character in three places, and at its length's
// edge. Not in scope: what is made of them (tests/pure), shapes of messages (conformance.test.mjs), and that entries of
// a webhook-signature may be empty or end in a comma, which nobody is promised.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startRelays } from "../examples/support/relay.mjs";
import { startSandbox } from "../examples/support/sandbox.mjs";
import { DOCUMENT, MESSAGES, MESSAGE_SCHEMA, find } from "./support/document.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";
import { Shop } from "./support/shop.mjs";
import { USUAL } from "./support/ways.mjs";

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** What a header cannot hold, so that no caller sends it: control characters (RFC 9110, section 5.5). */
const isForHeaders = (text) => !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
const OTHERS = [
  "ı", "İ", "٥", "５", "é", "\u0085", "\u00a0", "\u00ad", "\u061c", "\u200b", "\u2011", "\u2028", "\u202a", "\u2212",
  "\u3000", "\ufe0f", "\ufeff", "\u0301", "😀", "\u{e0020}", "\u{10ead}",
];
const AT_ONCE = 16;

const withField = (message, field) => (value) => ({ ...message, data: { ...message.data, [field]: value } });
const FIELDS = [
  { name: "data.id", make: withField(MESSAGES.sms, "id"), good: "NB2Zlz3", longest: "a".repeat(64) },
  {
    name: "data.cell_phone",
    make: withField(MESSAGES.sms, "cell_phone"),
    good: "05321234567",
    more: [`${" ".repeat(2000)}0532${"\u200b".repeat(1000)}1234567`],
  },
  {
    name: "data.email",
    make: withField(MESSAGES.email, "email"),
    good: "musteri@example.com",
    longest: `a@${"a".repeat(60)}.${"a".repeat(33)}.com`,
    more: [
      `${"a".repeat(64)}@example.com`,
      `${"a".repeat(65)}@example.com`,
      ...[".a@b.co", "a.@b.co", "a..b@b.co", "a.b@b.co", "a@b..co", "a@1.2.3.4", "a@b.1", "a@b.1x", "a@1.co"],
      ` ${"a@b.co"}\u00a0`,
    ],
  },
];

let sandbox;
let relays;
let shop;
before(async () => {
  sandbox = await startSandbox();
  relays = await startRelays(sandbox.url, { relay: USUAL });
  shop = new Shop({ url: () => relays.urls.relay, outbox: sandbox.outbox });
});
after(async () => {
  await relays?.stop();
  await sandbox?.stop();
});

describe("a value is taken exactly if its schema takes it", () => {
  for (const { name, make, good, longest, more = [] } of FIELDS) {
    const integers = name === "data.id" ? [0, 1, 2 ** 53 - 1, -1, 0.5] : [5321234567];
    const written = [
      ...neighbours(good, [...ASCII, ...OTHERS]),
      "",
      ...(longest ? [longest, tooLong(longest)] : []),
      ...more,
      ...phones(name),
    ];
    const values = [...written, ...integers, true, null, [good], { good }];
    it(`${name}: ${values.length} values`, async () => {
      const isDocumented = (value) => faults(MESSAGE_SCHEMA, make(value)).length === 0;
      assert.ok(isDocumented(good) && (!longest || (isDocumented(longest) && !isDocumented(tooLong(longest)))));
      await forEach(values, async (value, id) => {
        const { status } = await shop.post(make(value), { id });
        assert.equal(status, isDocumented(value) ? 200 : 422, JSON.stringify(value));
      });
    });
  }

  it("webhook-id", async () => {
    const parameter = find("/components/parameters/WebhookId");
    const isDocumented = (value) => headerFaults(parameter, value).length === 0;
    const longest = "a".repeat(256);
    assert.ok(isDocumented(longest) && !isDocumented(`${longest}a`));
    const values = neighbours(parameter.node.example, ASCII.filter(isForHeaders)).filter(
      (value) => value === value.trim(),
    );
    await forEach([...values, longest, `${longest}a`], async (id) => {
      const { status } = await shop.post(MESSAGES.ping, { id });
      assert.equal(status, isDocumented(id) ? 200 : 401, JSON.stringify(id));
    });
  });

  it("webhook-timestamp: what is well-formed and long ago is stale, the rest is invalid", async () => {
    const parameter = find("/components/parameters/WebhookTimestamp");
    const isDocumented = (value) => headerFaults(parameter, value).length === 0;
    const values = [
      "1",
      "0",
      "01",
      "9".repeat(12),
      "9".repeat(13),
      ...neighbours("1614265330", ASCII.filter(isForHeaders)),
    ];
    await forEach(
      values.filter((value) => value === value.trim()),
      async (timestamp) => {
        const { code } = await (await shop.post(MESSAGES.ping, { timestamp })).json();
        assert.equal(
          code,
          isDocumented(timestamp) ? "stale-timestamp" : "invalid-signature",
          JSON.stringify(timestamp),
        );
      },
    );
  });

  it("webhook-signature, with the right one among others", async () => {
    const parameter = find("/components/parameters/WebhookSignature");
    assert.match(DOCUMENT.components.parameters.WebhookSignature.description, /Up to 16 entries/);
    const isDocumented = (value) => headerFaults(parameter, value).length === 0 && value.split(" ").length <= 16;
    const others = (count) => " v2,x".repeat(count);
    const written = [
      ...["", "v1a,x ", "v1, ", "a,b,c ", "V1,"].map((front) => (right) => front + right),
      ...["", " v1a,x", " v1,x", ",", "=", "\tv1,x", others(15), others(16)].map((end) => (right) => right + end),
      (right) => right.slice(0, -1),
      () => "v1,",
    ];
    for (const write of written) {
      let header;
      const { status } = await shop.post(MESSAGES.ping, { write: (right) => (header = write(right)) });
      assert.equal(status, isDocumented(header) ? 200 : 401, JSON.stringify(header));
    }
  });
});

/** A value with every one of some characters in front, in the middle and at the end. */
function neighbours(value, characters) {
  const middle = Math.floor(value.length / 2);
  return characters.flatMap((character) =>
    [0, middle, value.length].map((at) => value.slice(0, at) + character + value.slice(at)),
  );
}

function tooLong(longest) {
  return longest + longest.at(-1);
}

/** Ways to begin a number. */
function phones(name) {
  if (name !== "data.cell_phone") return [];
  const fronts = ["", "0", "90", "+90", "0090", "+0", "+", "00", "+0090", "090", "9", "900", "+900", "+90 (0) ", "00900", "9000", "+9090", "+ 90", "(0) ", "0 0 9 0 "];
  return fronts.flatMap((front) =>
    ["5321234567", "532123456", "53212345678", "4321234567"].map((rest) => front + rest),
  );
}

let count = 0;

/** Every value with an id of its own, some at a time. */
async function forEach(values, check) {
  const left = values.map((value) => ({ value }));
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) await check(next.value, `msg_${++count}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

// The documented grammars, character by character: the relay takes a value exactly if openapi.yaml's schema takes it.
//
// In scope: the values of fields and headers, each with every ASCII character in three places, and at its length's
// edge. Not in scope: what is made of them (tests/pure), shapes of messages (conformance.test.mjs), and that entries of
// a webhook-signature may be empty or end in a comma, which nobody is promised.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DOCUMENT, MESSAGES, MESSAGE_SCHEMA, NOTICES, NOTICE_SCHEMA, find } from "./support/document.mjs";
import { withRelays } from "./support/place.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";
import { Shop, notice } from "./support/shop.mjs";
import { USUAL } from "./support/scenarios.mjs";

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** What a header cannot hold, so that no caller sends it: control characters (RFC 9110, section 5.5). */
const isForHeaders = (text) => !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
const OTHERS = [
  "ı", "İ", "٥", "５", "é", "\u0085", "\u00a0", "\u00ad", "\u061c", "\u200b", "\u2011", "\u2028", "\u202a", "\u2212",
  "\u3000", "\ufe0f", "\ufeff", "\u0301", "😀", "\u{e0020}", "\u{10ead}",
];
const AT_ONCE = 16;
const tooLong = (longest) => longest + longest.at(-1);
const NOBODYS_LINK = "0123456789abcdef".repeat(4);

const withField = (message, field) => (value) => ({ ...message, data: { ...message.data, [field]: value } });
const ID = { good: "NB2Zlz3", longest: "a".repeat(64) };
const FIELDS = [
  { name: "data.id", make: withField(MESSAGES.sms, "id"), ...ID },
  {
    name: "data.cell_phone",
    make: withField(MESSAGES.sms, "cell_phone"),
    good: "05321234567",
    more: [`${" ".repeat(2000)}0532${"\u200b".repeat(1000)}1234567`, ...phones()],
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
const LINK_FIELDS = [
  ...[
    ["create-product", "name", "Sipariş 1001", `😀${"ş".repeat(199)}`, names("Sipa")],
    ["create-product", "reference", "1001", "/".repeat(64), []],
    ["create-flex", "user_name", "Ayşe Yılmaz", `${"😀".repeat(199)}z`, names("A")],
    ["create-product", "expiry_date", "2036-12-31 23:59:59", `2036-12-31T23:59:59.${"0".repeat(14)}-03:00`, dates()],
    ["create-product", "currency", "TRY", undefined, ["TL", "EUR", "USD", "GBP", "RUB", "CHF", "tl"]],
    ["create-product", "lang", "tr", undefined, ["en", "de", "TR"]],
    ["create-product", "link_type", "product", undefined, ["Product"]],
    ["create-product", "price", 158000, undefined, [1, 0, 9_999_999_999, 10_000_000_000, 14.45, -1]],
    ["create-product", "max_installment", 12, undefined, [0, 1, 2, 11, 13]],
    ["create-product", "min_count", 1, undefined, [0, -1, 2, 0.5]],
    ["create-product", "max_count", 1, undefined, [0, 999_999, 1_000_000]],
    ["create-flex", "flex_max_price", 5_000_000, undefined, [9_999_999_999, 10_000_000_000]],
    ["create-product", "pft", 3, undefined, [0, 1, 2, 12, 13]],
    ["create-product", "get_qr", 1, undefined, [0, 2]],
    ["create-flex", "reusable", true, undefined, [false, 0, 1]],
    ["create-product", "send", undefined, undefined, sends()],
    ["delete", "ids", undefined, undefined, idLists()],
  ].map(([message, field, good, longest, more]) => ({
    name: `${message} data.${field}`,
    make: withField(MESSAGES[message], field),
    good,
    longest,
    more,
  })),
  { name: "delete data.ids[0]", make: (id) => withField(MESSAGES.delete, "ids")([id]), ...ID },
  ...["get", "replay", "delete-own"].map((message) => ({
    name: `${message} data.callback_id`,
    make: withField(MESSAGES[message], "callback_id"),
    good: NOBODYS_LINK,
    more: ["0".repeat(63), "0".repeat(65), "A".repeat(64)],
    taken: 404,
  })),
  {
    name: "replay data.created_after",
    make: (created_after) => ({ type: "event.replay", data: { callback_id: NOBODYS_LINK, created_after } }),
    good: "2026-11-25T10:00:00Z",
    more: [...dates(), "1970-01-01T00:00:00Z", "2026-11-25_10:00:00Z", `2026-11-25T10:00:00.${"9".repeat(100)}+03:00`],
    taken: 404,
  },
  {
    name: "get data.cursor",
    make: (cursor) => ({ type: "link.get", data: { callback_id: NOBODYS_LINK, cursor } }),
    good: MESSAGES["get-further"].data.cursor,
    longest: "a".repeat(128),
    taken: 404,
  },
];

const place = withRelays({ relay: USUAL });
const shop = new Shop({ url: () => place.urls.relay });

describe("a value is taken exactly if its schema takes it", () => {
  for (const { name, make, good, longest, more = [], taken = 200 } of [...FIELDS, ...LINK_FIELDS]) {
    const integers = name === "data.id" ? [0, 1, 2 ** 53 - 1, -1, 0.5] : [5321234567];
    const written = [
      ...(typeof good === "string" ? neighbours(good, [...ASCII, ...OTHERS]) : [good]),
      "",
      ...(longest ? [longest, tooLong(longest)] : []),
      ...more,
    ];
    const values = [...written, ...integers, true, null, [good], { good }];
    it(`${name}: ${values.length} values`, async () => {
      const isDocumented = (value) => faults(MESSAGE_SCHEMA, make(value)).length === 0;
      if (good !== undefined) assert.ok(isDocumented(good));
      if (longest) assert.ok(isDocumented(longest) && !isDocumented(tooLong(longest)));
      await forEach(values, async (value, id) => {
        const { status } = await shop.post(make(value), { id });
        assert.equal(status, isDocumented(value) ? taken : 422, JSON.stringify(value));
      });
    });
  }

  const signedFields = {
    callback_id: ["0".repeat(63), "0".repeat(65)],
    merchant_oid: ["", "x".repeat(64), "x".repeat(65)],
    status: ["", "x".repeat(32), "x".repeat(33)],
    total_amount: ["", "0", "1".repeat(15), "1".repeat(16), "1".repeat(32), "1".repeat(33), "1.5", "-1"],
    hash: ["", NOTICES.paid.hash.slice(0, -1), NOTICES.paid.hash.slice(0, -2), NOTICES.paid.hash.replace("=", "A")],
  };
  for (const [name, more] of Object.entries(signedFields)) {
    it(`notice ${name}`, async () => {
      const values = [...neighbours(NOTICES.paid[name], [...ASCII, ...OTHERS]), ...more];
      await forEach(values, async (value) => {
        const fields = { ...NOTICES.paid, hash: undefined, [name]: value };
        const form = notice(fields);
        const isDocumented = faults(NOTICE_SCHEMA, Object.fromEntries(form)).length === 0;
        // A hash of the right form is still not the right one.
        const isTaken = isDocumented && name !== "hash";
        assert.equal((await shop.notify(form)).status, isTaken ? 200 : 400, JSON.stringify(value));
      });
    });
  }

  it("webhook-id", async () => {
    const isDocumented = documentedHeader("WebhookId");
    const longest = "a".repeat(256);
    assert.ok(isDocumented(longest) && !isDocumented(`${longest}a`));
    const { example } = find("/components/parameters/WebhookId").node;
    await forEach([...headerNeighbours(example), longest, `${longest}a`], async (id) => {
      const { status } = await shop.post(MESSAGES.ping, { id });
      assert.equal(status, isDocumented(id) ? 200 : 401, JSON.stringify(id));
    });
  });

  it("webhook-timestamp: what is well-formed and long ago is stale, the rest is invalid", async () => {
    const isDocumented = documentedHeader("WebhookTimestamp");
    const values = ["1", "0", "01", "9".repeat(12), "9".repeat(13), ...headerNeighbours("1614265330")];
    await forEach(values, async (timestamp) => {
      const { code } = await (await shop.post(MESSAGES.ping, { timestamp })).json();
      assert.equal(code, isDocumented(timestamp) ? "stale-timestamp" : "invalid-signature", JSON.stringify(timestamp));
    });
  });

  it("webhook-signature, with the right one among others", async () => {
    assert.match(DOCUMENT.components.parameters.WebhookSignature.description, /Up to 16 entries/);
    const isWellFormed = documentedHeader("WebhookSignature");
    const isDocumented = (value) => isWellFormed(value) && value.split(" ").length <= 16;
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

describe("what no schema can say is refused all the same, at its place", () => {
  const create = (kind, data) => ({ type: "link.create", data: { ...MESSAGES[kind].data, ...data } });
  const replay = (created_after) => ({ type: "event.replay", data: { ...MESSAGES.replay.data, created_after } });
  const cases = {
    "a day that does not exist": [create("create", { expiry_date: "2036-02-30 23:59:59" }), "/data/expiry_date"],
    "a day of a replay that does not exist": [replay("2036-02-30T23:59:59Z"), "/data/created_after"],
    "a time before 1970": [replay("1970-01-01T00:00:00+03:00"), "/data/created_after"],
    "a day that has passed": [create("create", { expiry_date: "2025-12-31 23:59:59" }), "/data/expiry_date"],
    "fewer at most than at least": [create("create", { min_count: 3, max_count: 2 }), "/data/max_count"],
    "less at most than at least": [create("create-flex", { flex_max_price: 9_999 }), "/data/flex_max_price"],
    "one id in two ways": [{ type: "link.delete", data: { ids: [5, "5"] } }, "/data/ids"],
  };
  for (const [name, [message, pointer]] of Object.entries(cases)) {
    it(name, async () => {
      assert.deepEqual(faults(MESSAGE_SCHEMA, message), []);
      const answer = await shop.post(message, { id: `msg_${++count}` });
      const { code, errors } = await answer.json();
      assert.deepEqual([answer.status, code, errors?.map((error) => error.pointer)], [422, "invalid-field", [pointer]]);
    });
  }
});

/** A value with every one of some characters in front, in the middle and at the end. */
function neighbours(value, characters) {
  const middle = Math.floor(value.length / 2);
  return characters.flatMap((character) =>
    [0, middle, value.length].map((at) => value.slice(0, at) + character + value.slice(at)),
  );
}

/** The same for a header, without those whose blanks would not arrive. */
const headerNeighbours = (value) =>
  neighbours(value, ASCII.filter(isForHeaders)).filter((text) => text === text.trim());

/** Whether a header's schema takes a value. */
function documentedHeader(name) {
  const parameter = find(`/components/parameters/${name}`);
  return (value) => headerFaults(parameter, value).length === 0;
}

/** Ways to begin a number. */
function phones() {
  const digits = ["", "0", "90", "00", "0090", "090", "9", "900", "00900", "9000"];
  const signs = ["+90", "+0", "+", "+0090", "+900", "+90 (0) ", "+9090", "+ 90", "(0) ", "0 0 9 0 "];
  const numbers = ["5321234567", "532123456", "53212345678", "4321234567"];
  return [...digits, ...signs].flatMap((front) => numbers.map((rest) => front + rest));
}

function dates() {
  const clocks = ["T23:59:59+03:00", "t23:59:59z", "T23:59:59.5Z", "T00:00:00-23:59"];
  const times = clocks.map((time) => `2036-12-31${time}`);
  const wrong = ["-12-32", "-13-31", "-00-10", "-10-00"].map((day) => `2036${day} 23:59:59`);
  const wrongClocks = ["24:00:00", "23:60:00", "23:59:60", "9:00:00"].map((clock) => `2036-12-31T${clock}Z`);
  const offsets = ["", "+24:00", "+03:60", "+0300", "+3", " +03:00"].map((offset) => `2036-12-31T12:00:00${offset}`);
  return [...times, ...wrong, ...wrongClocks, ...offsets, "2036-12-31", "2036-12-31 23:59:59Z", "31.12.2036 23:59:59"];
}

/** The least and the most, with blanks around, characters that turn the direction, and texts with nothing to read. */
function names(least) {
  const blanks = "\u00a0\u3164\u200f ".repeat(100);
  const most = "x".repeat(200);
  const refused = ["\u0085", "\u2028", "\u2029", "\u202e", "\u2066", "\u2069"];
  const insides = [...refused, "\u200d", "\u200e", "\u{110bd}", "\ufffd"];
  const unreadable = ["\u2800", "\u17b4", "\u0301", "\u06dd", "\ufe0f", "\ufffd", "\u{e0020}", " "];
  return [
    ...[least, least.slice(1), most, `${most}x`].flatMap((name) => [name, `${blanks}${name}${blanks}`]),
    ...insides.map((inside) => `Sip${inside}ariş`),
    ...unreadable.flatMap((nothing) => [nothing.repeat(4), `${nothing.repeat(4)}S`, `S${nothing.repeat(4)}S`]),
  ];
}

function sends() {
  const [cell_phone, email] = ["05321234567", "musteri@example.com"];
  return [
    ...[{ cell_phone }, { email }, { cell_phone, email }, { cell_phone, email: null }, { cell_phone: null, email }],
    ...[{}, { cell_phone: null }, { cell_phone: null, email: null }, { cell_phone: "0212" }],
    ...[{ cell_phone, email: "musteri" }, { cell_phone, name: "Ayşe" }, [{ cell_phone }]],
  ];
}

function idLists() {
  const ids = (count) => Array.from({ length: count }, (_, at) => `list${count}-${at}`);
  const odd = [["one", "one"], ["two", null], ["three", 0.5], { 0: "four" }];
  return [ids(1), ids(2), ids(10), ids(11), [], [1_234_567], ...odd];
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

// Every form in which people have a request: each is read to the same headers and the same bytes, whatever is in the body.
//
// In scope: what the tools of written.mjs write. Not in scope: raw HTTP and curl's traces (captured-request.test.mjs); what
// is said on a terminal (captures.test.mjs).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCaptures } from "../../scripts/explain/captured-request.mjs";
import { signingHeaders } from "../../scripts/explain/forms/headers.mjs";
import { CODE, COMMANDS, DUMPS, JSON_FILES, har, harEntry } from "./written.mjs";

const URL_OF_RELAY = "https://relay.example/webhook";
const SIGNING = { id: "msg_1", timestamp: "1795637400", signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
const HEADERS = [
  ["accept", "*/*"],
  ["content-type", "application/json"],
  ["webhook-id", SIGNING.id],
  ["webhook-signature", SIGNING.signature],
  ["webhook-timestamp", SIGNING.timestamp],
];
const message = (name) => JSON.stringify({ type: "link.create", data: { name, price: 158000, reference: "1001" } });

const BODIES = {
  plain: '{"type":"relay.ping"}',
  spaced: '{ "type" : "relay.ping" }  ',
  indented: JSON.stringify(JSON.parse(message("Order 1001")), null, 2),
  "with Turkish letters": message("Şık çanta, İğneada"),
  "with an emoji": message("Gül 🌹"),
  "with an apostrophe": message("Ayşe'nin siparişi"),
  "with signs that shells know": message("50% indirim! $5 & %PATH% `x` ^ | <y> ~ # ; (z) * ? [a] {b}"),
  "with quotes and backslashes": message('12" \\ "Ekran" \\n'),
  "with escapes of JSON": String.raw`{"type":"link.create","data":{"name":"\u015f\u0131k \/ \"a\" \t","price":1}}`,
};

const hasPlainForm = (form, body) => form !== "curl, written for cmd" || !/[\n%^]/.test(body);

async function assertRead(text, body) {
  const [request, ...others] = await readCaptures(Buffer.from(text));
  assert.deepEqual(others, []);
  assert.deepEqual(signingHeaders(request.headers), { prefix: "webhook-", ...SIGNING }, text);
  assert.equal(request.body?.toString(), body, text);
}

for (const [kind, forms] of Object.entries({ COMMANDS, CODE, DUMPS, JSON_FILES })) {
  describe(`the request is read: ${kind.toLowerCase()}`, () => {
    for (const [form, write] of Object.entries(forms)) {
      for (const [what, body] of Object.entries(BODIES).filter(([, text]) => hasPlainForm(form, text))) {
        it(`${form}, ${what}`, () => assertRead(write({ url: URL_OF_RELAY, headers: HEADERS, body }), body));
      }
    }
  });
}

describe("the request is read: har", () => {
  for (const [what, body] of Object.entries(BODIES)) {
    const entry = harEntry({ url: URL_OF_RELAY, headers: HEADERS, body });
    it(`Chrome, ${what}`, () => assertRead(har(entry), body));

    it(`the body in base64, ${what}`, () => {
      const postData = { mimeType: "application/json", encoding: "base64", text: Buffer.from(body).toString("base64") };
      return assertRead(har({ ...entry, request: { ...entry.request, postData } }), body);
    });

    it(`one character for each byte, ${what}`, () => {
      const postData = { mimeType: "application/json", text: Buffer.from(body).toString("latin1") };
      return assertRead(har({ ...entry, request: { ...entry.request, postData } }), body);
    });
  }
});

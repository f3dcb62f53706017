// Every form in which people have a request: each is read to the same headers and bytes, whatever is in the body.
//
// In scope: what the tools of written.mjs write. Not in scope: raw HTTP and curl's traces (captured-request.test.mjs);
// what is said on a terminal (captures.test.mjs).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCaptures } from "../../scripts/explain/captured-request.mjs";
import { signingHeaders } from "../../scripts/explain/forms/headers.mjs";
import { CODE, COMMANDS, DUMPS, JSON_FILES, OTHER_CODE, har, harEntry } from "./written.mjs";

const URL_OF_RELAY = "https://relay.example/webhook";
const SIGNING = { id: "msg_1", timestamp: "1795637400", signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
const headersOf = (agent) => [
  ["accept", "*/*"],
  ["user-agent", agent],
  ["content-type", "application/json"],
  ["webhook-id", SIGNING.id],
  ["webhook-signature", SIGNING.signature],
  ["webhook-timestamp", SIGNING.timestamp],
];
const HEADERS = headersOf("Apache-HttpClient/4.5.13 (Java/17.0.9)");
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

for (const [kind, forms] of Object.entries({ COMMANDS, CODE, OTHER_CODE, DUMPS, JSON_FILES })) {
  describe(`the request is read: ${kind.toLowerCase().replace("_", " ")}`, () => {
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

    for (const [how, written] of [
      ["the body in base64", { encoding: "base64", text: Buffer.from(body).toString("base64") }],
      ["one character for each byte", { text: Buffer.from(body).toString("latin1") }],
    ]) {
      const postData = { mimeType: "application/json", ...written };
      it(`${how}, ${what}`, () => assertRead(har({ ...entry, request: { ...entry.request, postData } }), body));
    }
  }
});

describe("a client's name in a user-agent is not taken for its code", () => {
  for (const agent of [
    "curl/8.5.0",
    "Wget/1.21.4",
    "GuzzleHttp/7",
    "HTTP_Request2/2.5.1 (https://pear.php.net/package/http_request2) PHP/8.2",
    "axios/1.7.2",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "python-requests/2.32.3",
    "Python-urllib/3.11",
    "okhttp/4.12.0",
    "Java-http-client/17.0.9",
    "RestSharp/106.11.7.0",
    "Faraday v2.9.0",
    "Go-http-client/2.0",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; tr-TR) WindowsPowerShell/5.1 Invoke-WebRequest",
  ]) {
    const request = { url: URL_OF_RELAY, headers: headersOf(agent), body: BODIES.plain };
    it(agent, async () => {
      for (const write of Object.values(DUMPS)) await assertRead(write(request), request.body);
    });
  }
});

describe("what code works out by itself is known where it can only be one text", () => {
  const request = { url: URL_OF_RELAY, headers: HEADERS, body: "BODY" };
  const fetch = CODE["fetch of Postman"](request);
  const axios = CODE["axios of Postman"](request);
  const guzzle = CODE["Guzzle of Postman"](request);
  const python = OTHER_CODE["Python's requests"](request);
  const ruby = OTHER_CODE["Ruby's Net::HTTP"](request);
  const inPython = 'json.dumps({\n  "a": "ş/",\n  "b": [True, None]\n})';
  const plain = "JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE";
  const joined = guzzle.replace("$client =", '$x = "y"; $client =');
  for (const [what, text, written, code, body] of [
    [
      "JSON.stringify",
      fetch,
      '"BODY"',
      'JSON.stringify({"type": "link.send_sms", data: {"a": [1, null]}})',
      '{"type":"link.send_sms","data":{"a":[1,null]}}',
    ],
    ["JSON.stringify with blanks", axios, '"BODY"', "JSON.stringify({ a: `x${1}` }, null, 2)", '{\n  "a": "x1"\n}'],
    ["an object that axios writes", axios, '"BODY"', '{ "a": "ş/" }', '{"a":"ş/"}'],
    [
      "PHP's json_encode",
      guzzle,
      "'BODY'",
      "json_encode(['a' => 'ş/', 'b' => [1, true, null]])",
      String.raw`{"a":"\u015f\/","b":[1,true,null]}`,
    ],
    ["PHP's json_encode with flags", guzzle, "'BODY'", `json_encode(['a' => 'ş/'], ${plain})`, '{"a":"ş/"}'],
    ["PHP's texts joined", joined, "'BODY'", `'{"a":' . "\\"$x\\"" . '}'`, '{"a":"y"}'],
    ["Python's json.dumps", python, '"BODY"', inPython, String.raw`{"a": "\u015f/", "b": [true, null]}`],
    ["Ruby's JSON.dump", ruby, '"BODY"', 'JSON.dump({\n  "a": "ş/"\n})', '{"a":"ş/"}'],
  ]) {
    it(what, () => assertRead(text.replace(written, code), body));
  }
});

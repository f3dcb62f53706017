// Every form in which people have a request: each is read to the same headers and bytes, whatever is in the body.
//
// In scope: raw HTTP, what curl itself writes down, and the tools of written.mjs. Not in scope: what is said on a
// terminal (captures.test.mjs).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCaptures } from "../../scripts/explain/captured-request.mjs";
import { signingHeaders } from "../../scripts/explain/forms/headers.mjs";
import { said } from "../../scripts/explain/said.mjs";
import { traceRows } from "./support.mjs";
import { CODE, COMMANDS, DUMPS, JSON_FILES, OTHER_CODE, har, harEntry } from "./written.mjs";

const SIGNING = { id: "msg_1", timestamp: "1795637400", signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };

/** The one request of a capture. */
async function readCapture(capture) {
  const [request, ...others] = await readCaptures(Buffer.from(capture));
  assert.deepEqual(others, []);
  return request;
}

async function assertRead(capture, expected) {
  const { headers, body } = await readCapture(capture);
  assert.deepEqual(signingHeaders(headers), { prefix: "webhook-", ...SIGNING }, capture);
  assert.equal(body?.toString(), expected, capture);
}

const BODY = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}';
const HEAD = Object.entries(SIGNING).map(([name, value]) => `webhook-${name}: ${value}`);
const POST = "POST /webhook HTTP/1.1";
const ANSWER = ["HTTP/1.1 401 Unauthorized", "date: Wed, 25 Nov 2026 20:10:00 GMT", "content-length: 2", "", "{}"];
const lines = (...texts) => texts.flat().join("\n");

const raw = (...more) => [POST, ...HEAD, ...more].join("\r\n");
const sentHead = traceRows("=> Send header", raw("", ""));
/** The headers line by line, each written in another way, and the body behind them. */
const written = (write) => lines(HEAD.map(write), "", BODY);
const LENGTH = `Content-Length: ${BODY.length}`;

const FORMS = {
  "raw HTTP": raw("", BODY),
  "raw HTTP with line ends of Unix": lines(POST, HEAD, "", BODY),
  "raw HTTP with empty lines in front": `\r\n\n${raw("", BODY)}`,
  "raw HTTP with its answer behind": lines(POST, HEAD, "", BODY, "", "", ANSWER),
  "raw HTTP that an editor has ended with a line end": `${lines(POST, HEAD, LENGTH, "", BODY)}\n`,
  "raw HTTP in chunks":
    raw("Transfer-Encoding: chunked", "", "a", BODY.slice(0, 10), "41;x=y", BODY.slice(10), "0", "", ""),
  "raw HTTP whose chunks were joined": raw("Transfer-Encoding: chunked", "", BODY),
  "header lines alone, in capitals": written((line) => line.replace(/^[^:]+/, (name) => name.toUpperCase())),
  "header lines with blanks": written((line) => `   ${line.replace(":", " :  ")}  `),
  "name=value": written((line) => line.replace(": ", "=")),
  "PHP's print_r of $_SERVER": lines(
    "Array\n(",
    Object.entries(SIGNING).map(([name, value]) => `    [HTTP_WEBHOOK_${name.toUpperCase()}] => ${value}`),
    ")",
    "",
    BODY,
  ),
  "Node's console.log": lines("{", HEAD.map((line) => `  '${line.replace(": ", "': '")}',`), "}", "", BODY),
  "Python's dict on one line": lines(`{${HEAD.map((line) => `'${line.replace(": ", "': '")}'`).join(", ")}}`, "", BODY),
  "JSON on one line": lines(`headers: {${HEAD.map((line) => `"${line.replace(": ", '":"')}"`).join(",")}}`, "", BODY),
  "curl -v, with the body behind it": lines(
    "*   Trying 127.0.0.1:8787...",
    "* Connected to 127.0.0.1 (127.0.0.1) port 8787 (#0)",
    [POST, ...HEAD, ""].map((line) => `> ${line}`),
    BODY,
  ),
  "curl -v, with the body in between": lines(
    [POST, ...HEAD, LENGTH, ""].map((line) => `> ${line}`),
    "} [75 bytes data]",
    BODY,
    "* upload completely sent off: 75 bytes",
    [...ANSWER.slice(0, 3), ""].map((line) => `< ${line}`),
    "{ [2 bytes data]",
    "{}",
  ),
  "curl --trace": lines(
    "== Info: Connected to 127.0.0.1",
    sentHead,
    traceRows("=> Send data", BODY.slice(0, 20)),
    traceRows("=> Send SSL data", "not it"),
    traceRows("=> Send data", BODY.slice(20)),
    traceRows("<= Recv header", "HTTP/1.1 401\r\n"),
    traceRows("<= Recv data", "{}"),
  ),
  "curl --trace --trace-time": lines(
    traceRows("20:10:00.123456 => Send header", raw("", "")),
    traceRows("20:10:00.123457 => Send data", BODY),
  ),
};

describe("readCaptures", () => {
  for (const [form, capture] of Object.entries(FORMS)) {
    it(`reads ${form}`, () => assertRead(capture, BODY));
  }

  it("keeps every byte of a body, text or not", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    const traced = lines(sentHead, traceRows("=> Send data", bytes));
    for (const capture of [Buffer.concat([Buffer.from(raw("", "")), bytes]), traced]) {
      assert.deepEqual((await readCapture(capture)).body, bytes);
    }
  });

  it("keeps a line end that content-length counts, or that nothing counts", async () => {
    for (const length of [`content-length: ${BODY.length + 1}`, "accept: */*"]) {
      const { body } = await readCapture(lines(POST, HEAD, length, "", `${BODY}\n`));
      assert.equal(body.toString(), `${BODY}\n`);
    }
  });

  it("joins a header that came twice as the relay sees it", async () => {
    const { headers } = await readCapture(lines(POST, HEAD, "webhook-id: msg_2", "", BODY));
    assert.equal(headers["webhook-id"], "msg_1, msg_2");
  });

  for (const form of ["raw HTTP with its answer behind", "curl -v, with the body in between"]) {
    it(`knows from the answer when it was sent: ${form}`, async () => {
      const { at } = await readCapture(FORMS[form]);
      assert.deepEqual(at, { seconds: 1795637400, what: said("answerDate") });
    });
  }

  it("reads svix- headers where there are no webhook- ones, and never mixes them", async () => {
    const svix = HEAD.map((line) => line.replace("webhook-", "svix-"));
    const alone = await readCapture(lines(POST, svix, "", BODY));
    assert.deepEqual(signingHeaders(alone.headers), { prefix: "svix-", ...SIGNING });
    const mixed = await readCapture(lines(POST, svix, "webhook-id: msg_2", "", BODY));
    const none = { timestamp: undefined, signature: undefined };
    assert.deepEqual(signingHeaders(mixed.headers), { prefix: "webhook-", id: "msg_2", ...none });
  });
});

const URL_OF_RELAY = "https://relay.example/webhook";
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

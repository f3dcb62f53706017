// The forms in which somebody may have a request: each is read to the same headers and the same bytes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCaptures } from "../../scripts/explain/captured-request.mjs";
import { signingHeaders } from "../../scripts/explain/forms/headers.mjs";
import { inWords, said, say } from "../../scripts/explain/said.mjs";
import { TEXTS } from "../../scripts/explain/texts.mjs";
import { traceRows } from "./support.mjs";

const BODY = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}';
const SIGNING = { id: "msg_1", timestamp: "1795637400", signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
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

/** The one request of a capture. */
async function readCapture(capture) {
  const [request, ...others] = await readCaptures(Buffer.from(capture));
  assert.deepEqual(others, []);
  return request;
}

describe("readCaptures", () => {
  for (const [form, capture] of Object.entries(FORMS)) {
    it(`reads ${form}`, async () => {
      const { headers, body } = await readCapture(capture);
      assert.deepEqual(signingHeaders(headers), { prefix: "webhook-", ...SIGNING });
      assert.equal(body.toString(), BODY);
    });
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

  const ascii = "=> Send header, 40 bytes (0x28)\n0000: POST /webhook HTTP/1.1";
  for (const [what, capture, says] of [
    ["nothing", "", /no webhook-… headers in it/],
    ["a page", "<!doctype html>\n<h1>Shop</h1>", /no webhook-… headers in it/],
    ["--trace-ascii", ascii, /Capture the request with `curl --trace FILE …`/],
  ]) {
    it(`says what to do with ${what}`, async () => {
      const error = await readCaptures(Buffer.from(capture)).then(assert.fail, (refused) => refused);
      assert.match(inWords(TEXTS.en, error).message, says);
    });
  }

  it("says what to do with curl -v alone", async () => {
    const sent = [POST, ...HEAD, "Content-Length: 75"].map((line) => `> ${line}`);
    const { body, noBody } = await readCapture(lines(sent, ">"));
    assert.equal(body, undefined);
    assert.match(say(TEXTS.en, noBody), /75 bytes[^]*curl -v does not print it/);
  });
});

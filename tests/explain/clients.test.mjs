// Requests that real programs have made, captured on a socket and by curl itself: slips that people make in four
// languages are named, and the secret is never shown; and what commands and code send is what is read of them.
//
// In scope: what the tests' tools can run. Not in scope: cmd, PowerShell and the clients that are not installed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { readCaptures } from "../../scripts/explain/captured-request.mjs";
import { signingHeaders } from "../../scripts/explain/forms/headers.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { LONG_SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { call } from "../support/call.mjs";
import { assertExplained, ownFolder, startCapture } from "./support.mjs";
import { CODE, COMMANDS } from "./written.mjs";

/** Bytes that are no text, as in a secret that was made as the documentation says. */
const BINARY = `whsec_${Buffer.from("fffe90c3aa7f80ff10203040506070f8a9b0c0d0e0f01122", "hex").toString("base64")}`;
const client = (name) => inRoot(`tests/explain/clients/${name}`);
const RIGHT = /^The signature is right, and so are the three headers\./;
const LINE_END_MORE = /another text than the one that arrived: a line end more/;
const ESCAPED = 'message["name"] = "Ayşe"; sent = compact(message, ensure_ascii=False); signed = compact(message)';
const SWAPPED = 'text = "{timestamp}.{webhook_id}.{signed}"; webhook_id, timestamp = timestamp, webhook_id';
const HEXADECIMAL = "encoded() { od -An -v -tx1 | tr -d ' \\n'; }";

/** Of each language: what to run, and the code that makes a slip, with what the explanation says of it. */
const CLIENTS = {
  "Node's fetch": {
    needs: [],
    command: [process.execPath, client("client.mjs")],
    slips: [
      ["timestamp = Date.now()", /webhook-timestamp is in milliseconds/],
      ["key = WEBHOOK_SECRET", /The key is the secret's text, whsec_ and all/],
      ["key = encoded", /The key is the secret's text without whsec_/],
      ["key = atob(encoded)", /The key is the decoded secret, made a text of one letter for each byte \(atob\)/],
      ["signedBody = `${message}`", /another text than the one that arrived: \[object Object\]/],
      ["signedBody = JSON.stringify(message, null, 2)", /text than the one that arrived: JSON indented by 2\./],
      ['encoding = "base64url"', /(?:URL-safe base64|has lost its padding)/],
      ['version = ""', /does not begin with v1 and a comma/],
      ['id = "order.1001"', /webhook-id has a dot in it/],
    ],
  },
  "Python's urllib": {
    needs: ["python3"],
    command: ["python3", client("client.py")],
    slips: [
      ["timestamp = time.time()", /webhook-timestamp is a fraction/],
      ["key = secret.encode()", /The key is the secret's text, whsec_ and all/],
      ["signed = json.dumps(message)", /another text than the one that arrived: JSON spaced\./],
      [ESCAPED, /another text than the one that arrived: JSON compact, letters escaped\./],
      ["signed = compact(message, sort_keys=True)", /text than the one that arrived: JSON sorted, compact\./],
      ['signed = f"{sent.encode()}"', /Python's b'…'/],
      ['signed = f"{message}"', /Python's text of a dict/],
      ['signed = sent.encode("utf-8-sig").decode()', /a byte order mark more/],
      ["write = lambda mac: mac.hexdigest()", /The digest is written in hexadecimal/],
      [SWAPPED, /have each other's value/],
    ],
  },
  "PHP's streams": {
    needs: ["php"],
    command: ["php", client("client.php")],
    slips: [
      ["$signed = json_encode($message);", /JSON compact, letters and slashes escaped\./],
      ["$signed = json_encode($message, JSON_PRETTY_PRINT | $plain);", /JSON indented by 4\./],
      ['$signed = @"$message";', /PHP's Array/],
      ['$prefix = "$timestamp.$id.";', /has the timestamp in front of the id/],
      ['$prefix = "";', /The signed text is the body alone/],
      ["$key = base64_decode($secret);", /what base64 makes of the whole secret/],
      ["$encode = 'bin2hex';", /The digest is written in hexadecimal/],
      ["$encode = fn($mac) => base64_encode(bin2hex($mac));", /that of the digest's hexadecimal text/],
      ["$encode = fn($mac) => rtrim(base64_encode($mac), '=');", /has lost its padding/],
    ],
  },
  "curl and openssl": {
    needs: ["curl", "openssl"],
    command: [client("client.sh")],
    slips: [
      ['text() { echo "$id.$timestamp.$body"; }', LINE_END_MORE],
      [HEXADECIMAL, /The digest is written in hexadecimal/],
      ['mac() { openssl dgst -sha256 -hmac "$key" -binary; }', /The key is the decoded secret in hexadecimal/],
      ["signature=$(text | mac | encoded) timestamp=$((timestamp + 1))", /The signed timestamp is 1 s away/],
      // -d @- drops line ends; --data-binary @- keeps them.
      ['body="$body\n"', LINE_END_MORE],
    ],
  },
};

const folder = ownFolder();
let capture;
before(async () => (capture = await startCapture()));
after(() => capture.stop());

/** Runs a client with code that makes a slip, and with further options; resolves with what it writes. */
async function run(command, slip, options = [], secret = BINARY) {
  const env = { RELAY_URL: capture.url, WEBHOOK_SECRET: secret };
  const { status, output } = await call(command, [slip, ...options], env);
  assert.equal(status, 0, output);
  return output;
}

async function assertSays(bytes, status, says, secret = BINARY) {
  const how = { env: { WEBHOOK_SECRET: secret } };
  const output = await assertExplained([folder.write(bytes, { isNew: true })], how, status, says);
  for (const part of [secret.slice(6), Buffer.from(secret.slice(6), "base64").toString("hex")]) {
    assert.ok(!output.includes(part), "the secret is in the output");
  }
}

for (const [name, { needs, command, slips }] of Object.entries(CLIENTS)) {
  describe(`a request of ${name}`, { skip: whySkip(needs) }, () => {
    it("has nothing wrong when nothing is", async () => {
      await run(command, "", [], LONG_SECRET);
      await assertSays(capture.captured.pop(), 0, RIGHT, LONG_SECRET);
    });

    for (const [slip, says] of slips) {
      it(`is explained: ${slip}`, async () => {
        await run(command, slip);
        await assertSays(capture.captured.pop(), 1, says);
      });
    }
  });
}

describe("a request that curl itself has written down", { skip: whySkip(["curl", "openssl"]) }, () => {
  const { command } = CLIENTS["curl and openssl"];

  it("is read from --trace, and its clock held against the answer's date", async () => {
    const file = folder.file("trace");
    await run(command, "timestamp=$((timestamp - 10800))", ["--trace", file]);
    const says = /webhook-timestamp is \d+ s \(3 h: local time was taken for UTC\?\) behind the answer's date/;
    await assertSays(readFileSync(file), 1, says);
  });

  it("is read from -v, once its body stands behind it", async () => {
    const verbose = await run(command, HEXADECIMAL, ["-v"]);
    await assertSays(verbose, 1, /curl -v does not print it/);
    const body = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}';
    await assertSays(verbose.replace(/^(> \r?\n)/m, `$1\n${body}\n`), 1, /The digest is written in hexadecimal/);
  });
});

const HEADERS = Object.entries({
  "content-type": "application/json",
  "webhook-id": "msg_1",
  "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  "webhook-timestamp": "1795637400",
});
const BODIES = [
  '{"type":"relay.ping"}',
  JSON.stringify({ type: "link.create", data: { name: 'Ayşe\'nin "çantası" \\ ♥! $5 & `x` %PATH% ^ ~ #1' } }),
  JSON.stringify({ type: "link.create", data: { name: "Order 1001", price: 1 } }, null, 2),
];

const inShell = (text) => call(["bash", "-c"], [text.replace(/^\$ | \| jq \.$/g, "")], { LC_ALL: "C.UTF-8" });
const inNode = (text) => call([process.execPath, "--input-type=module", "-e"], [text], {});
const inPhp = (text) => call(["php", "-r"], [text.replace("<?php\n", "")], {});
const CURLS = Object.keys(COMMANDS).filter((form) => form.startsWith("curl") && !form.includes(" cmd"));
for (const [kind, needs, runs, ...forms] of [
  ["sh", ["curl"], inShell, ...CURLS],
  ["Node", [], inNode, "fetch, copied from Chrome", "fetch, copied from Firefox", "fetch of Postman"],
  ["PHP", ["php"], inPhp, "PHP's stream context"],
  ["PHP with curl", ["php", "php-curl"], inPhp, "PHP's curl of Postman", "PHP's curl, option by option"],
]) {
  describe(`what ${kind} sends is what is read`, { skip: whySkip(needs) }, () => {
    for (const form of forms) {
      it(form, async () => {
        for (const body of BODIES) {
          const text = { ...COMMANDS, ...CODE }[form]({ url: `${capture.url}/webhook`, headers: HEADERS, body });
          const { output } = await runs(text);
          const sent = capture.captured.pop();
          assert.ok(sent, output);
          const [wanted] = await readCaptures(sent);
          const [read] = await readCaptures(Buffer.from(text));
          assert.deepEqual(signingHeaders(read.headers), signingHeaders(wanted.headers));
          assert.deepEqual([read.body.toString(), wanted.body.toString()], [body, body]);
        }
      });
    }
  });
}

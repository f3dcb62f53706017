// Slips that people make, in requests that real clients of four languages have made, captured on a socket and by curl
// itself: each is named, and the secret is never shown.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { call } from "../support/call.mjs";
import { assertExplained, ownFolder, startCapture } from "./support.mjs";

/** Bytes that are no text, as in a secret that was made as the documentation says. */
const BINARY = `whsec_${Buffer.from("fffe90c3aa7f80ff10203040506070f8a9b0c0d0e0f01122", "hex").toString("base64")}`;
const client = (name) => inRoot(`tests/explain/clients/${name}`);
const RIGHT = /^The signature is right, and so are the three headers\./;

/** Of each language: what to run, and for each of its slips what the explanation says. */
const CLIENTS = {
  "Node's fetch": {
    needs: [],
    command: [process.execPath, client("client.mjs")],
    slips: {
      milliseconds: /webhook-timestamp is in milliseconds/,
      "secret as text": /The key is the secret's text, whsec_ and all/,
      "secret without its prefix as text": /The key is the secret's text without whsec_/,
      atob: /The key is the decoded secret, made a text of one letter for each byte \(atob\)/,
      "object in a text": /another text than the one that arrived: \[object Object\]/,
      "indented JSON": /another text than the one that arrived: JSON indented by 2\./,
      base64url: /(?:URL-safe base64|has lost its padding)/,
      "no version": /does not begin with v1 and a comma/,
      "dot in the id": /webhook-id has a dot in it/,
    },
  },
  "Python's urllib": {
    needs: ["python3"],
    command: ["python3", client("client.py")],
    slips: {
      fraction: /webhook-timestamp is a fraction/,
      "secret as text": /The key is the secret's text, whsec_ and all/,
      "json.dumps": /another text than the one that arrived: JSON spaced\./,
      "escaped letters": /another text than the one that arrived: JSON compact, letters escaped\./,
      "sorted keys": /another text than the one that arrived: JSON sorted, compact\./,
      "bytes in a text": /Python's b'…'/,
      "dict in a text": /Python's text of a dict/,
      "with a byte order mark": /a byte order mark more/,
      hexdigest: /The digest is written in hexadecimal/,
      "headers swapped": /have each other's value/,
    },
  },
  "PHP's streams": {
    needs: ["php"],
    command: ["php", client("client.php")],
    slips: {
      "json_encode again": /JSON compact, letters and slashes escaped\./,
      "pretty print": /JSON indented by 4\./,
      "array in a text": /PHP's Array/,
      "timestamp first": /has the timestamp in front of the id/,
      "body alone": /The signed text is the body alone/,
      "whole secret decoded": /what base64 makes of the whole secret/,
      hexadecimal: /The digest is written in hexadecimal/,
      "base64 of hexadecimal": /that of the digest's hexadecimal text/,
      rtrim: /has lost its padding/,
    },
  },
  "curl and openssl": {
    needs: ["curl", "openssl"],
    command: [client("client.sh")],
    slips: {
      echo: /another text than the one that arrived: a line end more/,
      hexadecimal: /The digest is written in hexadecimal/,
      "key in hexadecimal": /The key is the decoded secret in hexadecimal/,
      "clock read twice": /The signed timestamp is 1 s away/,
      "line end lost": /another text than the one that arrived: a line end more/,
    },
  },
};

const folder = ownFolder();
let capture;
before(async () => (capture = await startCapture()));
after(() => capture.stop());

/** Runs a client; resolves with the request that came of it. */
async function requestOf(command, args, secret) {
  const { status, output } = await call(command, args, { RELAY_URL: capture.url, WEBHOOK_SECRET: secret });
  assert.equal(status, 0, output);
  return capture.captured.pop();
}

async function assertSays(bytes, secret, status, says) {
  const how = { env: { WEBHOOK_SECRET: secret } };
  const output = await assertExplained([folder.write(bytes, { isNew: true })], how, status, says);
  for (const part of [secret.slice(6), Buffer.from(secret.slice(6), "base64").toString("hex")]) {
    assert.ok(!output.includes(part), "the secret is in the output");
  }
}

for (const [name, { needs, command, slips }] of Object.entries(CLIENTS)) {
  describe(`a request of ${name}`, { skip: whySkip(needs) }, () => {
    it("has nothing wrong when nothing is", async () =>
      assertSays(await requestOf(command, ["none"], LONG_SECRET), LONG_SECRET, 0, RIGHT));

    for (const [slip, says] of Object.entries(slips)) {
      it(`is explained: ${slip}`, async () =>
        assertSays(await requestOf(command, [slip], BINARY), BINARY, 1, says));
    }
  });
}

describe("a request that curl itself has written down", { skip: whySkip(["curl", "openssl"]) }, () => {
  const { command } = CLIENTS["curl and openssl"];
  const env = () => ({ RELAY_URL: capture.url, WEBHOOK_SECRET: SECRET });
  /** What curl writes when it is called with `options`, to a file or to standard error. */
  const written = async (slip, options) => (await call(command, [slip, ...options], env())).output;

  it("is read from --trace, and its clock held against the answer's date", async () => {
    const file = folder.file("trace");
    await written("clock wrong", ["--trace", file]);
    const says = /webhook-timestamp is \d+ s \(3 h: local time was taken for UTC\?\) behind the answer's date/;
    await assertSays(readFileSync(file), SECRET, 1, says);
  });

  it("is read from -v, once its body stands behind it", async () => {
    const verbose = await written("hexadecimal", ["-v"]);
    await assertSays(verbose, SECRET, 1, /curl -v does not print it/);
    const body = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}';
    const whole = verbose.replace(/^(> \r?\n)/m, `$1\n${body}\n`);
    await assertSays(whole, SECRET, 1, /The digest is written in hexadecimal/);
  });
});

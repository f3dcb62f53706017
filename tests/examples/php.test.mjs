// send.php where PHP is set up as shared hosting has it: without the curl extension, without URLs in fopen.
//
// In scope: which way it takes to the relay, and what it says when there is none. Not in scope: what it does like the
// other languages (back-ends.test.mjs).
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { ownFolder } from "../support/ends.mjs";
import { listen } from "../support/listen.mjs";
import { SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { NO_CURL } from "./programs.mjs";

const SENT = '{"outcome":"sent"}';
const NO_URLS = ["-d", "allow_url_fopen=0"];
const WHAT_TO_DO = /^This PHP cannot call the relay\. Switch on the curl extension, or allow_url_fopen and the openssl one\./;

/** Answers every request with what is next of `answers`, to the letter, and closes. The last one stays. */
async function serve(test, answers) {
  let asked = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answers[Math.min(asked++, answers.length - 1)]));
  });
  const { url, stop } = await listen(server);
  test.after(stop);
  return { url, asked: () => asked };
}

const http = (headers, body) => `HTTP/1.1 200 OK\r\nconnection: close\r\n${headers}\r\n\r\n${body}`;
const WHOLE = http(`content-type: application/json\r\ncontent-length: ${SENT.length}`, SENT);

const send = (url, options) => {
  const env = { RELAY_URL: url, WEBHOOK_SECRET: SECRET };
  return call(["php", ...options, inRoot("examples/send.php")], ["sms", "NB2Zlz3", "05321234567"], env);
};

describe("send.php without curl", { skip: whySkip(["php"]), concurrency: 4 }, () => {
  for (const [what, answer] of [
    ["JSON that ends too early, of an unsaid length", http("content-type: application/json", SENT.slice(0, 9))],
    ["JSON that ends before it begins", http("content-type: application/json", "")],
    ["less than was announced", http(`content-length: ${SENT.length}`, SENT.slice(0, 9))],
  ]) {
    it(`asks again after ${what}`, async (test) => {
      const relay = await serve(test, [answer, WHOLE]);
      const { status, err } = await send(relay.url, NO_CURL);
      assert.deepEqual([status, err, relay.asked()], [0, "", 2]);
    });
  }

  it("does not ask another server's friendly page again", async (test) => {
    const relay = await serve(test, [http("content-type: text/html", "<!doctype html>")]);
    const { status, err } = await send(relay.url, NO_CURL);
    assert.deepEqual([status, err, relay.asked()], [1, "HTTP 200\n", 1]);
  });

  it("says at once what to switch on when fopen takes no URLs", async (test) => {
    const relay = await serve(test, [WHOLE]);
    const { status, err } = await send(relay.url, [...NO_CURL, ...NO_URLS]);
    assert.deepEqual([status, relay.asked()], [1, 0]);
    assert.match(err, WHAT_TO_DO);
  });

  it("says at once what to switch on when there is no openssl for https", async () => {
    const withoutHttps = join(ownFolder("php"), "without-https.php");
    await writeFile(withoutHttps, '<?php stream_wrapper_unregister("https");');
    const { status, err } = await send("https://127.0.0.1:1", [...NO_CURL, "-d", `auto_prepend_file=${withoutHttps}`]);
    assert.equal(status, 1);
    assert.match(err, WHAT_TO_DO);
  });
});

describe("send.php with curl", { skip: whySkip(["php", "php-curl"]) }, () => {
  it("sends where fopen takes no URLs", async (test) => {
    const relay = await serve(test, [WHOLE]);
    const { status, err } = await send(relay.url, NO_URLS);
    assert.deepEqual([status, err, relay.asked()], [0, "", 1]);
  });
});

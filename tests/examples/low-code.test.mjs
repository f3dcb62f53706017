// docs/low-code.md: a secret that tools take as text, and the two examples for such tools, against the built Worker.
//
// In scope: what they sign and send, with each tool's own functions played here as its documentation has them: n8n's
// expressions, HMAC and HTTP Request; Apps Script's Utilities, UrlFetchApp and PropertiesService. Not in scope: the tools.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import vm from "node:vm";
import { makeSecret } from "../../scripts/make-secret.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { withRelays } from "../api/support/place.mjs";
import { phone } from "../support/people.mjs";

const { secret, text } = makeSecret();
const read = (file) => readFileSync(inRoot(`examples/low-code/${file}`), "utf8");

const place = withRelays({ relay: { WEBHOOK_SECRETS: secret } });

/** Asserts that an order's link was created and sent, once. */
async function assertSent(answer, recipient) {
  assert.equal(answer.outcome, "created", JSON.stringify(answer));
  const messages = await place.sandbox.outbox.to(recipient);
  assert.deepEqual(messages.map(({ delivered }) => delivered), [true]);
}

describe("examples/low-code/n8n.json", () => {
  const { nodes, connections } = JSON.parse(read("n8n.json"));

  /** The nodes in the order in which they run. */
  function inOrder() {
    const next = ({ name }) => nodes.find((node) => node.name === connections[name]?.main[0][0].node);
    const [first] = nodes.filter(({ type }) => type.endsWith("Trigger"));
    const order = [];
    for (let node = first; node; node = next(node)) order.push(node);
    return order;
  }

  /** An expression: what begins with `=`, with JavaScript between braces. One that is nothing else keeps its type. */
  function evaluate(value, $json) {
    if (!value.startsWith("=")) return value;
    const run = (code) => vm.runInNewContext(`(${code})`, { $json });
    const [, alone] = /^=\{\{(.*)\}\}$/s.exec(value) ?? [];
    if (alone && !alone.includes("}}")) return run(alone);
    return value.slice(1).replace(/\{\{(.*?)\}\}/gs, (_, code) => run(code));
  }

  const RUN = {
    "n8n-nodes-base.manualTrigger": (_, item) => item,
    "n8n-nodes-base.set": ({ assignments }, item) =>
      Object.fromEntries(assignments.assignments.map(({ name, type, value }) => [name, typed(evaluate(value, item), type)])),
    "n8n-nodes-base.crypto"({ action, type, value, dataPropertyName, encoding }, item) {
      assert.equal(action, "hmac");
      return { ...item, [dataPropertyName]: createHmac(type, text).update(evaluate(value, item)).digest(encoding) };
    },
    async "n8n-nodes-base.httpRequest"({ method, url, headerParameters, contentType, rawContentType, body }, item) {
      assert.equal(contentType, "raw");
      const headers = headerParameters.parameters.map(({ name, value }) => [name, evaluate(value, item)]);
      const address = new URL(new URL(url).pathname, place.urls.relay);
      const answer = await fetch(address, { method, headers: [...headers, ["content-type", rawContentType]], body: evaluate(body, item) });
      return answer.json();
    },
  };

  function typed(value, type) {
    assert.equal(typeof value, type);
    return value;
  }

  async function run(order) {
    let item = order;
    for (const { type, parameters } of inOrder()) item = await RUN[type](parameters, item);
    return item;
  }

  it("runs all its nodes, one after the other", () => {
    assert.deepEqual(inOrder().map(({ name }) => name), ["Order", "Message", "Signature", "Relay"]);
  });

  it("has a link created and sent, and the same one when it runs again", async () => {
    const order = { number: "n8n-7", price: 2550, phone: phone() };
    const first = await run(order);
    await assertSent(first, order.phone);
    const second = await run(order);
    assert.equal(second.link.id, first.link.id);
    await assertSent(second, order.phone);
  });

  it("runs as it is, for who tries it", async () => assertSent(await run({}), "05321234567"));

  it("holds no secret", () => assert.doesNotMatch(read("n8n.json"), /whsec_|"secret":/));
});

describe("examples/low-code/apps-script.js", () => {
  const charset = Symbol("UTF-8");
  /** Java's bytes, as Apps Script has them. */
  const signedBytes = (buffer) => Array.from(new Int8Array(buffer));

  function run(order) {
    const properties = { RELAY_URL: place.urls.relay, RELAY_SECRET: text };
    const context = vm.createContext({
      PropertiesService: { getScriptProperties: () => ({ getProperty: (name) => properties[name] ?? null }) },
      Utilities: {
        Charset: { UTF_8: charset },
        computeHmacSha256Signature(value, key, given) {
          assert.equal(given, charset, "without it, letters outside ASCII are signed as question marks");
          return signedBytes(createHmac("sha256", key).update(value).digest());
        },
        base64Encode: (bytes) => Buffer.from(Int8Array.from(bytes).buffer).toString("base64"),
      },
      UrlFetchApp: { fetch: fetchAtOnce },
    });
    vm.runInContext(read("apps-script.js"), context);
    context.order = order;
    return vm.runInContext("createPaymentLink(order)", context);
  }

  /** Apps Script waits for an answer where it asks. */
  function fetchAtOnce(url, { method, contentType, headers, payload, muteHttpExceptions }) {
    assert.equal(muteHttpExceptions, true);
    const request = { method: method.toUpperCase(), headers: { ...headers, "content-type": contentType }, body: payload };
    const program = `
      const [url, request] = JSON.parse(process.argv[1]);
      const answer = await fetch(url, request);
      console.log(JSON.stringify([answer.status, await answer.text()]));`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program, JSON.stringify([url, request])]);
    const [status, body] = JSON.parse(said);
    return { getResponseCode: () => status, getContentText: () => body };
  }

  it("creates a link and sends it, and gives the same one when it runs again", async () => {
    const order = { number: "sheet-7", price: 2550, phone: phone() };
    const first = run(order);
    await assertSent(first, order.phone);
    assert.equal(run(order).link.id, first.link.id);
  });

  it("says what the relay refuses", () => {
    assert.throws(() => run({ number: "sheet-8", price: 0, phone: phone() }), /invalid-field: /);
  });
});

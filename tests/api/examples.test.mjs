// Every example of openapi.yaml against the built Worker and the sandbox: requests are sent, answers are provoked and
// compared whole, with their headers.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { ANSWERS, MESSAGES } from "./support/document.mjs";
import { headerFaults } from "./support/schemas.mjs";
import { Shop } from "./support/shop.mjs";
import { SCENARIOS, USUAL } from "./support/scenarios.mjs";

/** Headers of HTTP itself, which the platform adds, and the content type, which stands elsewhere in the document. */
const NOT_DOCUMENTED = ["connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"];
/** What GET says, HEAD says too (RFC 9110, section 9.3.2), and a document has no place for it. */
const HEAD_TYPES = { 200: "application/json", 500: "application/problem+json" };
/** How much of a wait may have passed before the answer was written, in seconds. */
const SLACK_S = 5;

const keyOf = ({ operation, status, example }) => [operation, status, example].filter(Boolean).join(" ");

let sandbox;
let relays;
const deployments = {};
before(async () => {
  sandbox = await startSandbox();
  relays = await startRelays(sandbox.url, deployments);
});
after(async () => {
  await relays?.stop();
  await sandbox?.stop();
});

/** Makes a relay of one case alone, so that none meets another one's ledger. Its shop is there when tests run. */
function deploy(settings) {
  const name = `relay${Object.keys(deployments).length}`;
  deployments[name] = { ...USUAL, ...settings };
  const restart = async () => {
    relays.urls = await relays.restart();
  };
  return () => new Shop({ url: () => relays.urls[name], outbox: sandbox.outbox, restart });
}

describe("every documented message is taken, and answered as documented", () => {
  for (const [name, message] of Object.entries(MESSAGES)) {
    const shop = deploy();
    it(name, async () => {
      const key = `POST /webhook 200 ${message.type === "relay.ping" ? "pong" : "sent"}`;
      const answer = await shop().post(message);
      assert.deepEqual(
        [answer.status, await answer.json()],
        [200, ANSWERS.find((answer) => keyOf(answer) === key).body],
      );
    });
  }
});

it("there is a scenario for every documented answer, and none for one that is not documented", () => {
  assert.deepEqual(Object.keys(SCENARIOS).sort(), ANSWERS.map(keyOf).sort());
});

describe("every documented answer comes as documented", () => {
  const seen = {};
  for (const documented of ANSWERS) {
    const { operation, status, headers } = documented;
    const came = (seen[`${operation} ${status}`] ??= { headers, names: new Set() });
    for (const { act, settings } of SCENARIOS[keyOf(documented)] ?? []) {
      const shop = deploy(settings);
      it(keyOf(documented), async () => {
        const answer = await act(shop());
        await assertIs(answer, documented);
        for (const name of documentable(answer)) came.names.add(name);
      });
    }
  }

  it("and with every documented header at least once", () => {
    for (const [place, { headers, names }] of Object.entries(seen)) {
      assert.deepEqual([...names].sort(), Object.keys(headers).sort(), place);
    }
  });
});

describe("a caller that is no page gets none of the headers that are for pages", () => {
  const shop = deploy();
  for (const method of ["POST", "OPTIONS", "PUT"]) {
    it(method, async () => {
      const answer = await shop().ask(method, "/webhook", { origin: "" });
      assert.ok([204, 405, 415].includes(answer.status));
      assert.deepEqual(
        documentable(answer).filter((name) => name === "vary" || name.startsWith("access-control-")),
        [],
      );
    });
  }
});

async function assertIs(answer, { operation, status, headers, mediaType, body }) {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  const type = operation.startsWith("HEAD ") ? HEAD_TYPES[status] : mediaType;
  assert.equal(answer.headers.get("content-type") ?? undefined, type);
  assertSays(text, body, Number(answer.headers.get("retry-after") ?? 0));
  for (const name of documentable(answer)) {
    assert.ok(headers[name], `${name} is not documented`);
    assert.deepEqual(headerFaults(headers[name], answer.headers.get(name)), [], name);
  }
  const required = Object.keys(headers).filter((name) => headers[name].node.required);
  assert.deepEqual(
    required.filter((name) => !answer.headers.has(name)),
    [],
    "required headers that are not there",
  );
}

const documentable = (answer) => [...answer.headers.keys()].filter((name) => !NOT_DOCUMENTED.includes(name));

/** The same to the last member. Seconds to wait, which the header has too, may have passed in part. */
function assertSays(text, body, wait) {
  if (body === undefined) return assert.equal(text, "");
  if (wait === 0) return assert.deepEqual(JSON.parse(text), body);
  const seconds = Number(/\b(\d+) s\b/.exec(body.detail)[1]);
  assert.ok(wait <= seconds && wait >= seconds - SLACK_S, `a wait of ${wait} s`);
  return assert.deepEqual(JSON.parse(text), { ...body, detail: body.detail.replace(`${seconds} s`, `${wait} s`) });
}

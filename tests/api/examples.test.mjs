// Every example of openapi.yaml against the built Worker and the sandbox: requests are sent, answers are provoked and
// compared whole, with their headers.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { endings } from "../support/ends.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { ANSWERS, MESSAGES } from "./support/document.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";
import { startReceiver } from "./support/receiver.mjs";
import { Shop } from "./support/shop.mjs";
import { OWN_PAYTR, RECEIVER, SCENARIOS, TAKEN, USUAL } from "./support/scenarios.mjs";

/** Headers of HTTP itself, which the platform adds, and the content type, which stands elsewhere in the document. */
const NOT_DOCUMENTED = ["connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"];
/** What GET says, HEAD says too (RFC 9110, section 9.3.2), and a document has no place for it. */
const HEAD_TYPES = { 200: "application/json", 500: "application/problem+json" };
/** How much of a wait may have passed before the answer was written, in seconds. */
const SLACK_S = 5;
/** The documented link, whose id and address PayTR makes up. */
const LINK = { id: "NB2Zlz3", url: "https://www.paytr.com/link/NB2Zlz3" };
const PNG_SIGNATURE_BYTES = 8;

const keyOf = ({ operation, status, example }) => [operation, status, example].filter(Boolean).join(" ");

let sandbox;
let relays;
let receiver;
const keep = endings();
const deployments = {};
before(async () => {
  sandbox = await keep(startSandbox());
  receiver = await keep(startReceiver());
  for (const [name, settings] of Object.entries(deployments)) {
    if (settings.EVENTS_URL === RECEIVER) settings.EVENTS_URL = `${receiver.url}/${name}`;
    if (settings.PAYTR_BASE_URL === OWN_PAYTR) settings.PAYTR_BASE_URL = (await keep(startSandbox())).url;
  }
  relays = await keep(startRelays(sandbox.url, deployments));
});

/** Makes a relay of one case alone, so that none meets another one's ledger. Its shop is there when tests run. */
function deploy(settings) {
  const name = `relay${Object.keys(deployments).length}`;
  deployments[name] = { ...USUAL, ...settings };
  return () => new Shop({ url: () => relays.urls[name], outbox: sandbox.outbox, restart: () => relays.restart() });
}

describe("every documented message is taken, and answered as documented", () => {
  for (const [name, message] of Object.entries(MESSAGES)) {
    const { answer, id, before: prepare, settings } = TAKEN[name];
    const start = deploy(settings);
    it(name, async () => {
      const shop = start();
      await prepare(shop);
      const documented = ANSWERS.find((each) => keyOf(each) === `POST /webhook 200 ${answer}`);
      await assertIs(await shop.post(message, { id }), documented, shop);
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
      const start = deploy(settings);
      it(keyOf(documented), async () => {
        const shop = start();
        const answer = await act(shop);
        await assertIs(answer, documented, shop);
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
      assert.deepEqual(documentable(answer).filter((name) => /^(vary$|access-control-)/.test(name)), []);
    });
  }
});

async function assertIs(answer, { operation, status, headers, mediaType, body }, shop) {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  const type = operation.startsWith("HEAD ") ? HEAD_TYPES[status] : mediaType;
  assert.equal(answer.headers.get("content-type") ?? undefined, type);
  assertSays(text, body, Number(answer.headers.get("retry-after") ?? 0), shop);
  for (const name of documentable(answer)) {
    assert.ok(headers[name], `${name} is not documented`);
    assert.deepEqual(headerFaults(headers[name], answer.headers.get(name)), [], name);
  }
  const absent = Object.keys(headers).filter((name) => headers[name].node.required && !answer.headers.has(name));
  assert.deepEqual(absent, [], "required headers that are not there");
}

const documentable = (answer) => [...answer.headers.keys()].filter((name) => !NOT_DOCUMENTED.includes(name));

/** The same to the last member. Seconds to wait, where the detail has them as the header does, may have passed in part. */
function assertSays(text, body, wait, shop) {
  if (body === undefined) return assert.equal(text, "");
  if (typeof body === "string") return assert.equal(text, body);
  const seconds = Number(/\b(\d+) s\b/.exec(body.detail)?.[1] ?? 0);
  if (seconds === 0) return assert.deepEqual(asDocumented(JSON.parse(text), body, shop), body);
  assertPassed(wait, seconds);
  return assert.deepEqual(JSON.parse(text), { ...body, detail: body.detail.replace(`${seconds} s`, `${wait} s`) });
}

function assertPassed(wait, seconds) {
  assert.ok(wait <= seconds && wait >= seconds - SLACK_S, `a wait of ${wait} s`);
}

/**
 * An answer with what cannot be the same twice as the document has it: PayTR's id and address of the link, the relay's name of
 * the event, the time, the seconds that have passed, and the picture after its first bytes.
 */
function asDocumented(said, documented, shop) {
  const { id, url } = shop.link ?? said.link ?? {};
  const own = { [id]: LINK.id, [url]: LINK.url };
  if (url) assert.match(url, new RegExp(`^http://127\\.0\\.0\\.1:\\d+/link/${id}$`));
  const body = JSON.parse(JSON.stringify(said), (_, value) => own[value] ?? value);
  const lists = { payments: "received_at", links: "created_at", events: "created_at" };
  for (const [name, time] of Object.entries(lists).filter(([list]) => Array.isArray(body[list]))) {
    for (const [at, entry] of body[name].entries()) {
      const wanted = documented[name][at];
      assertPassed(Date.parse(entry[time]) / 1000, Math.floor(Date.now() / 1000));
      entry[time] = wanted[time];
      if (name === "links") continue;
      const event = entry.event ?? entry;
      assert.deepEqual(faults("/components/schemas/EventId", event.webhook_id), []);
      event.webhook_id = (wanted.event ?? wanted).webhook_id;
    }
  }
  if (body.link?.base64_qr) {
    const png = Buffer.from(body.link.base64_qr, "base64");
    body.link.base64_qr = png.subarray(0, PNG_SIGNATURE_BYTES).toString("base64");
  }
  for (const [at, send] of (body.sends ?? []).entries()) {
    if (!send.retry_after) continue;
    assertPassed(send.retry_after, documented.sends[at].retry_after);
    send.retry_after = documented.sends[at].retry_after;
  }
  return body;
}

// `npm run relay`, `npm run trigger` and `npm run ping -- --events` with the built Worker, a sandbox and a receiver: what an
// operator does in a bad week.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { startReceiver } from "../api/support/receiver.mjs";
import { LOCALES } from "../support/call.mjs";
import { endings } from "../support/ends.mjs";
import { ask } from "../support/message.mjs";
import { phone } from "../support/people.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { until } from "../support/until.mjs";
import { run } from "./support.mjs";

const keep = endings();
let sandbox;
let receiver;
let relays;
before(async () => {
  sandbox = await keep(startSandbox());
  receiver = await keep(startReceiver());
  const events = (path) => ({ EVENTS_URL: `${receiver.url}/${path}` });
  const deployments = { shop: events("shop"), dead: events("dead"), tried: events("tried"), off: {} };
  relays = await keep(startRelays(sandbox.url, deployments));
});

const relay = (name, args, env) => run("relay", args, { RELAY_URL: relays.urls[name], WEBHOOK_SECRET: SECRET, ...env });
const json = async (name, args) => {
  const { status, out, err } = await relay(name, [...args, "--json"]);
  assert.equal(err, "");
  return { status, document: JSON.parse(out) };
};

/** Has a relay create a link, as a shop's back end does. */
async function create(name, reference, send) {
  const data = { name: `Order ${reference}`, price: 158_000, reference, send };
  return (await ask(relays.urls[name], { type: "link.create", data })).link;
}

describe("npm run relay, with a relay", () => {
  let links;
  before(async () => {
    links = [];
    for (const reference of ["1001", "1002", "1003"]) links.push(await create("shop", reference, { cell_phone: phone() }));
    await sandbox.pay(links[0].id);
    await until(() => json("shop", ["links", "--state", "paid"]), ({ document }) => document.links.length === 1);
  });

  for (const [options, expected] of [
    ["", ["1003", "1002", "1001"]],
    ["--state open", ["1003", "1002"]],
    ["--reference 1002", ["1002"]],
    ["--since 1h", ["1003", "1002", "1001"]],
    ["--until 1h", []],
    ["--limit 2", ["1003", "1002"]],
    ["--all", ["1003", "1002", "1001"]],
  ]) {
    it(`lists its links, newest first: ${options || "all"}`, async () => {
      const { document } = await json("shop", ["links", ...options.split(" ").filter(Boolean)]);
      assert.deepEqual(document.links.map(({ reference }) => reference), expected);
    });
  }

  it("goes on by the cursor of the list before", async () => {
    const { document: first } = await json("shop", ["links", "--limit", "2"]);
    const { document: second } = await json("shop", ["links", "--cursor", first.cursor]);
    assert.deepEqual([...first.links, ...second.links].map(({ reference }) => reference), ["1003", "1002", "1001"]);
    assert.equal(second.cursor, undefined);
  });

  it("shows an order's link with its payment, by reference and by callback_id", async () => {
    for (const name of ["1001", links[0].callback_id]) {
      const { status, out } = await relay("shop", ["link", name]);
      assert.equal(status, 0);
      assert.ok(out.includes(links[0].url) && out.includes(links[0].callback_id), out);
      assert.match(out, /1,580\.00 TL +link\.paid +delivered +1 +LNK\w+/);
    }
  });

  it("counts, and needs nobody", async () => {
    const { status, document } = await json("shop", ["status"]);
    assert.equal(status, 0);
    assert.deepEqual(document.last_24_hours, { links_created: 3, links_paid: 1 });
    assert.deepEqual([document.events.pending, document.events.dead, document.late_partitions], [0, 0, 0]);
    const { out } = await relay("shop", ["status"]);
    assert.match(out, /3 links were made and 1 paid\.[^]*No event is dead/);
  });
});

describe("npm run relay, when the shop wants no events", () => {
  let link;
  before(async () => {
    receiver.answer("/dead", 410);
    link = await create("dead", "2001");
    await sandbox.pay(link.id);
    await until(() => json("dead", ["events", "--dead"]), ({ document }) => document.events.length === 1);
  });

  it("says which event is dead, and of which order, and that somebody is needed", async () => {
    const { out } = await relay("dead", ["events", "--dead"]);
    assert.match(out, new RegExp(`link\\.paid +dead +1 +2001 .*${link.callback_id}`));
    const { status, out: said } = await relay("dead", ["status"]);
    assert.equal(status, 3);
    assert.match(said, /1 dead\.[^]*Dead events/);
  });

  it("has it sent again once the shop takes it, and then nobody is needed", async () => {
    receiver.answer("/dead", 204);
    const { status, out } = await relay("dead", ["replay", "--dead"]);
    assert.deepEqual([status, out], [0, "1 event goes to your shop again, now.\n"]);
    const [first, second] = await receiver.events("/dead", 2);
    assert.equal(first.headers["webhook-id"], second.headers["webhook-id"]);
    await until(() => relay("dead", ["status"]), ({ status: code }) => code === 0);
    assert.equal((await relay("dead", ["replay", "--dead"])).out, "There was no event to send.\n");
  });

  it("has those of one order sent again, by its number", async () => {
    const { out } = await relay("dead", ["replay", "2001", "--since", "1h"]);
    assert.equal(out, "1 event goes to your shop again, now.\n");
    await receiver.events("/dead", 3);
  });
});

describe("npm run ping -- --events, with a relay", () => {
  const ping = (name, env) => run("ping", [relays.urls[name], "--events"], { WEBHOOK_SECRET: SECRET, ...env });

  for (const [answer, code, english, turkish] of [
    [204, 0, /EVENTS_URL took a signed event relay\.ping: HTTP 204\./, /imzalı bir relay\.ping olayını aldı: HTTP 204\./],
    [401, 1, /refused the signed event relay\.ping: HTTP 401\. Does your shop check/, /reddetti: HTTP 401\. Mağazanız/],
    [404, 1, /HTTP 404\. Nothing takes events at this path/, /HTTP 404\. Bu yolda/],
    [301, 1, /HTTP 301\. The relay follows no redirect/, /HTTP 301\. Relay yönlendirmeleri izlemez/],
    [500, 1, /HTTP 500\. A real event would be tried again/, /HTTP 500\. Gerçek bir olay/],
  ]) {
    it(`says what a shop that answers ${answer} means`, async () => {
      receiver.answer("/tried", answer);
      for (const [language, says] of [["en", english], ["tr", turkish]]) {
        const { status, output } = await ping("tried", { LC_ALL: LOCALES[language] });
        assert.equal(status, code, output);
        assert.match(output, says);
      }
    });
  }

  it("posts an event that a library verifies", async () => {
    const { headers, body } = (await receiver.events("/tried", 1)).at(-1);
    assert.equal(new Webhook(EVENTS_SECRET).verify(body, headers).type, "relay.ping");
  });

  it("says that events are off", async () => {
    const { status, err } = await ping("off");
    assert.equal(status, 1);
    assert.match(err, /Events are off/);
  });
});

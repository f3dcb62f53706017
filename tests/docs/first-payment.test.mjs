// docs/deploy.md from the secrets to the first payment: its commands, run against the built Worker in workerd and the
// sandbox, and what it says comes of them.
//
// In scope: the commands as they stand there, with this relay's address; the events; the lines of the log. Not in scope:
// what needs an account at Cloudflare (tests/deploy), the refund, which is PayTR's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { before, describe, it } from "node:test";
import { ROOT } from "../../scripts/paths.mjs";
import { RECEIVERS, startReceiver } from "../examples/receivers.mjs";
import { ping } from "../ping/support.mjs";
import { call } from "../support/call.mjs";
import { endings } from "../support/ends.mjs";
import { listen } from "../support/listen.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { FOREIGN_SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { until } from "../support/until.mjs";
import { codeSpansOf, tokensOf } from "./support/pages.mjs";

const ADDRESS = "https://paytr-link-relay-test.your-subdomain.workers.dev";
const [NODE_RECEIVER] = RECEIVERS.filter(({ name }) => name === "receive.mjs");
/** Made anew every time, or measured. */
const VARYING = ["callback_id", "link_id", "event_id", "paytr_ms", "total_ms"];

describe("docs/deploy.md, step by step", { skip: whySkip(["curl", "openssl"]) }, () => {
  const tokens = tokensOf("docs/deploy.md");
  const blocks = tokens.filter(({ type }) => type === "code");
  const rows = tokens.filter(({ type }) => type === "table").flatMap((table) => table.rows);
  const block = (words) => blocks.find(({ text }) => text.includes(words))?.text ?? assert.fail(`no block has ${words}`);
  const [make] = block("openssl rand").split("\n").filter((line) => line.includes("openssl rand"));
  const keep = endings();
  let sandbox;
  let receiver;
  let relays;
  let secrets;

  before(async () => {
    secrets = [1, 2].map(() => execFileSync("sh", ["-c", make], { encoding: "utf8" }).trim());
    sandbox = await keep(startSandbox());
    receiver = await keep(startReceiver(NODE_RECEIVER, secrets[1]));
    await receiver.add("test-2", "100");
    const given = { WEBHOOK_SECRETS: secrets[0], EVENTS_SECRETS: secrets[1] };
    const redirect = (_, response) => response.writeHead(301, { location: receiver.urls[0] }).end();
    const moved = await keep(listen(createServer(redirect)));
    relays = await keep(startRelays(sandbox.url, {
      before: given,
      after: { ...given, EVENTS_URL: receiver.urls[0] },
      redirected: { ...given, EVENTS_URL: `${moved.url}/` },
      foreign: { ...given, EVENTS_SECRETS: FOREIGN_SECRET, EVENTS_URL: receiver.urls[0] },
    }));
  });

  /** Runs the commands of a block in one shell, with a relay's address; the secret is what is pasted. */
  const run = (url, ...commands) =>
    call(["bash", "-c", commands.join("\n").replace(ADDRESS, url)], [], {}, ROOT, `${secrets[0]}\n`);
  const signing = () => block("export RELAY_URL=").split("\n").slice(0, 2).join("\n");
  const sending = () => block("--reference test-2").split("\n").at(-1);

  it("makes secrets that the relay takes", async () => {
    const { status, output } = await ping([relays.urls.before], { env: { LC_ALL: "C", WEBHOOK_SECRET: secrets[0] } });
    assert.equal(status, 0, output);
    assert.match(output, /Events are off/);
  });

  it("sends the first SMS", async () => {
    const { status, out, err } = await run(relays.urls.before, block("export RELAY_URL="));
    assert.deepEqual([status, err], [0, ""]);
    assert.match(out, /^id: .*\nurl: .*\n.*\nlink\.send_sms: sent$/m);
    const [message] = await sandbox.outbox.to("05321234567");
    assert.equal(message.delivered, true);
  });

  /** Creates the page's second link, pays it, and resolves with the log's line of the first try of its event. */
  async function firstTry(relay) {
    const { status, out } = await run(relays.urls[relay], signing(), sending());
    assert.equal(status, 0);
    const already = tries().length;
    await sandbox.pay(/^id: (.*)$/m.exec(out)[1]);
    return (await until(tries, ({ length }) => length > already))[already];
  }
  const tries = () => relays.log().filter(({ event_id }) => event_id);

  it("hears of the first payment, once events are on", async () => {
    const { output } = await ping([relays.urls.after], { env: { LC_ALL: "C", WEBHOOK_SECRET: secrets[0] } });
    assert.match(output, /Events are on/);
    await firstTry("after");
    assert.deepEqual(await receiver.list(), ["order test-2: paid"]);
    assert.ok(blocks.some(({ text }) => text === "order test-2: paid"), "the page does not show it");
  });

  it("shows the lines of the log that come of it", () => {
    const shown = block('"type":"callback"').split("\n").map((line) => JSON.parse(line));
    const lines = relays.log();
    const created = lines.findLastIndex(({ type }) => type === "link.create");
    const logged = lines.slice(created - 1);
    assert.deepEqual(shown.map(essence), logged.map(essence));
  });

  for (const [what, relay] of [
    ["EVENTS_URL leads to another address", "redirected"],
    ["the shop has another events' secret", "foreign"],
  ]) {
    it(`says how it shows when ${what}`, async () => {
      const { outcome, shop_http_status } = await firstTry(relay);
      const shown = [outcome, `"shop_http_status":${shop_http_status}`];
      const isShown = rows.map((row) => row.flatMap(codeSpansOf)).some((spans) => shown.every((span) => spans.includes(span)));
      assert.ok(isShown, `no row shows ${shown}`);
    });
  }
});

/** A line of the log, without what no page can know: the members that it has, and what stays the same. */
function essence(line) {
  const members = Object.entries(line).filter(([name]) => name !== "request_id");
  return Object.fromEntries(members.map(([name, value]) => [name, VARYING.includes(name) ? typeof value : value]));
}

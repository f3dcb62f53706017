// `npm start` from a folder without secrets, up to a first link, to its end, and again.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { tokensOf } from "../docs/support/pages.mjs";
import { NpmStart, endAllStarted, holdPort, isAlive, ownPlace } from "../support/npm-start.mjs";
import { SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";

const READY = "From here on: the log.";
const READY_IN_TURKISH = "Bundan sonrası log.";

const sh = (command) => JSON.parse(execFileSync("sh", ["-c", command], { encoding: "utf8" }));

/** The printed command, for the n-th other customer. */
const toAnother = (command, n) => command.replace("05331234567", `0533123450${n}`).replace("musteri@", `musteri${n}@`);
/** And under an id that stays the same, in either language. */
const underOneId = (command) => toAnother(command, 2).replace(/^id=.*$/m, "id=msg_one").replace("Sipariş 1001", "Order 1001");

describe("npm start", () => {
  let place;
  let devVars;
  let start;
  let link;
  // What was made before the end of the first run, and the outbox then.
  let repeated;
  let earlier;
  before(async () => {
    place = await ownPlace();
    devVars = path.join(place.directory, ".dev.vars");
    start = new NpmStart(place);
    await start.says(READY);
  });
  after(async () => {
    await endAllStarted();
    rmSync(place.directory, { recursive: true });
  });

  const outbox = async () => (await fetch(`http://127.0.0.1:${place.sandboxPort}/outbox/messages`)).json();

  it("makes secrets that only their owner can read", () => {
    assert.equal(statSync(devVars).mode & 0o777, 0o600);
    assert.match(readFileSync(devVars, "utf8"), /^WEBHOOK_SECRETS=whsec_[A-Za-z0-9+/]{64}$/m);
  });

  it("prints a command that creates a link and sends it, as the outbox shows; paid on its page, the link is told to the shop", async () => {
    const { outcome, sends, ...made } = sh(start.printedCommand());
    ({ link } = made);
    assert.deepEqual([outcome, sends.map((send) => send.outcome)], ["created", ["sent", "sent"]]);
    const delivered = (await outbox()).messages.filter(({ recipient, delivered }) => recipient && delivered);
    assert.deepEqual(delivered.map(({ recipient }) => recipient).sort(), ["05331234567", "musteri@example.com"]);
    assert.equal(new URL(link.url).origin, `http://127.0.0.1:${place.sandboxPort}`);
    assert.equal((await fetch(link.url)).status, 200);
    const headers = { "content-type": "application/json" };
    const paid = await fetch(`http://127.0.0.1:${place.sandboxPort}/sandbox/links/${link.id}/pay`, { method: "POST", headers, body: "{}" });
    assert.equal(paid.status, 201);
    await start.says('"outcome":"delivered"');
    const { on, total, events } = await (await fetch(`http://127.0.0.1:${place.sandboxPort}/sandbox/events`)).json();
    assert.deepEqual([on, total, events[0].type, events[0].reference], [true, 1, "link.paid", "1001"]);
  });

  it("prints a command that makes a new message every time, and shows the relay's log of each", async () => {
    const logged = () =>
      Array.from(start.output.matchAll(/^relay   \| .*"webhook_id":"(msg_\w+)","type":"link\.create"/gm), ([, id]) => id);
    const [first] = logged();
    assert.equal(sh(toAnother(start.printedCommand(), 1)).outcome, "created");
    await start.says('"outcome":"created"', 2);
    assert.notEqual(logged()[1], first);
  });

  /** What the lines that it prints for another terminal bring about there, and a command behind them. */
  const inAnotherShell = (command) => {
    const exports = start.output.match(/^export \w+=.*$/gm).join("\n");
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DEV_DIR: "/nowhere", LC_ALL: "C" };
    return execFileSync("sh", ["-c", `${exports}\n${command}`], { cwd: inRoot(""), env, encoding: "utf8" });
  };

  it("prints what another terminal needs: the examples, ping and relay find the relay, and its secret", () => {
    const { text: inReadme } = tokensOf("README.md").find(({ type, text }) => type === "code" && text.startsWith("node examples/send.mjs"));
    assert.match(inAnotherShell(inReadme), /^Created \([^]*\nlink\.send_sms: sent\n$/);
    assert.match(inAnotherShell("npm run --silent ping"), /pong in \d+ ms/);
    assert.match(inAnotherShell("npm run --silent relay -- link 1001"), /1,580\.00 TL/);
  });

  it("prints the secret of events, and how they are pointed at a receiver of one's own", async () => {
    const [, EVENTS_URL, file] = /^Events go to the outbox\. .* EVENTS_URL=(\S+) to\n(.+) and start again;/m.exec(start.output);
    assert.equal(EVENTS_URL, "http://127.0.0.1:8791/paytr-events");
    assert.equal(path.resolve(inRoot(""), file), devVars);
    const { url, stop } = await holdPort();
    stop();
    assert.throws(() => inAnotherShell(`node scripts/trigger.mjs link.paid ${url}`), /Nothing listens/);
  });

  it("ends everything on Ctrl-C, and frees the ports", async () => {
    ({ link: repeated } = sh(underOneId(start.printedCommand())));
    assert.ok(repeated);
    earlier = await outbox();
    const running = start.descendants();
    assert.ok(running.some(({ command }) => command.includes("workerd")));
    assert.ok(running.some(({ command }) => command.includes("paytr-sandbox")));
    await start.interrupt();
    assert.deepEqual(running.filter(isAlive), []);
    for (const port of [place.relayPort, place.sandboxPort]) (await holdPort(port)).stop();
  });

  it("keeps secrets and storage for the next time, the sandbox's among it, takes shops that were written beside them, and ends everything when a part of it dies", async () => {
    appendFileSync(devVars, `STOREFRONTS='${STOREFRONTS}'\n`);
    const secrets = readFileSync(devVars, "utf8");
    // In the other language, whose commands must do the same.
    const again = new NpmStart(place, "start", [], "tr_TR.UTF-8");
    await again.says(READY_IN_TURKISH);
    assert.equal(readFileSync(devVars, "utf8"), secrets);
    assert.deepEqual(sh(underOneId(again.printedCommand())).link, repeated);
    const relay = `http://127.0.0.1:${place.relayPort}`;
    assert.equal((await (await fetch(`${relay}/health`)).json()).storefronts, 2);
    const pinged = await fetch(`${relay}/hooks/shop`, { method: "POST", body: "webhook_id=1" });
    assert.deepEqual(await pinged.json(), { outcome: "pong" });
    assert.ok(!again.output.includes(SHOP_SECRET), again.output);
    assert.deepEqual(await outbox(), earlier, "the stored answer was not found, and a second SMS went out");
    assert.equal((await (await fetch(`http://127.0.0.1:${place.sandboxPort}/sandbox/links/${link.id}`)).json()).payments.length, 1);

    const running = again.descendants();
    process.kill(running.find(({ command }) => /^\S*paytr-sandbox$/.test(command)).pid, "SIGKILL");
    const code = await again.closed;
    assert.equal(code, 1);
    assert.match(again.output, /sandbox durdu \(SIGKILL\)\./);
    assert.deepEqual(running.filter(isAlive), []);
  });
});

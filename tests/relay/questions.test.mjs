// The questions of docs/observe.md: each command that answers one is run as it stands there, by npm in a shell, with the built
// Worker, and answers it. The queries are for tests/docs/queries.test.mjs.
//
// The story behind them: order 1001 was paid while the shop was down for good, 1002 is open since its SMS was refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { execa } from "execa";
import { Webhook } from "standardwebhooks";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { codeSpansOf, tokensOf } from "../docs/support/pages.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { until } from "../support/until.mjs";
import { LOCALES } from "./support.mjs";

let sandbox;
let receiver;
let relays;
before(async () => {
  sandbox = await startSandbox();
  receiver = await startReceiver();
  receiver.answer("/paytr-events", 410);
  relays = await startRelays(sandbox.url, { shop: { EVENTS_URL: `${receiver.url}/paytr-events` } });
  const paid = await create("1001", { cell_phone: "05321234567" });
  await create("1002", undefined);
  await fetch(`${sandbox.url}/sandbox/links/${paid.id}/pay`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  await until(() => inShell("npm run relay -- events --dead"), ({ out }) => out.includes("1001"));
});
after(async () => {
  await relays?.stop();
  receiver?.stop();
  await sandbox?.stop();
});

/** Has the relay create a link, as a shop's back end does. */
async function create(reference, send) {
  const body = JSON.stringify({ type: "link.create", data: { name: `Order ${reference}`, price: 158_000, reference, send } });
  const at = new Date();
  const id = `msg_${reference}`;
  const signature = new Webhook(SECRET).sign(id, at, body);
  const signed = { "webhook-id": id, "webhook-timestamp": `${Math.floor(at / 1000)}`, "webhook-signature": signature };
  const headers = { "content-type": "application/json", ...signed };
  const response = await fetch(`${relays.urls.shop}/webhook`, { method: "POST", headers, body });
  assert.equal(response.status, 200);
  return (await response.json()).link;
}

/** Runs a command of the page in a shell, of which the relay and the receiver are these. */
async function inShell(command, LC_ALL = LOCALES.en) {
  const here = command.replace("https://relay.example", relays.urls.shop).replace("https://shop.example", receiver.url);
  const env = { RELAY_URL: relays.urls.shop, WEBHOOK_SECRET: SECRET, EVENTS_SECRET, LC_ALL, TZ: "Europe/Istanbul" };
  const { exitCode, stdout, all } = await execa("sh", ["-c", here], { cwd: ROOT, env, input: "", all: true, reject: false });
  return { status: exitCode, out: stdout, output: all };
}

/** Of each question of a page the commands that stand in its answer. */
function questionsOf(page) {
  const [{ rows }] = tokensOf(page).filter(({ type }) => type === "table");
  return rows.map(([question, answer]) => ({ question: question.text, commands: codeSpansOf(answer).filter((span) => span.startsWith("npm run ")) }));
}

/** By command: how it ends, and what it answers. */
const ANSWERS = {
  "npm run relay -- status": [3, /2 links were made and 1 paid\.[^]*1 dead\./],
  "npm run relay -- links --state paid --since yesterday": [0, /1001 +paid +1,580\.00 TL/],
  "npm run relay -- events --since 7d --all": [0, /link\.paid +dead +1 +1001/],
  "npm run relay -- links --state open --since 7d --all": [0, /1002 +open/],
  "npm run relay -- links --since 7d --all": [0, /1002 +open[^]*1001 +paid/],
  "npm run relay -- link 1001": [0, /1001[^]*SMS +sent[^]*1,580\.00 TL +link\.paid +dead +1 /],
  "npm run relay -- events --dead": [0, /link\.paid +dead +1 +1001/],
  "npm run relay -- events --pending": [0, /There are no such events/],
  "npm run relay -- replay --dead": [0, /1 event goes to your shop again/],
  "npm run relay -- replay 1001": [0, /1 event goes to your shop again/],
  "npm run ping -- https://relay.example --events": [1, /EVENTS_URL refused the signed event relay\.ping: HTTP 410/],
  "npm run trigger -- link.paid https://shop.example/paytr-events": [1, /HTTP 410\. The relay would give the event up at once/],
};

describe("the questions of docs/observe.md", () => {
  const questions = questionsOf("docs/observe.md");

  it("are as many as an operator has", () => assert.ok(questions.length >= 10));

  for (const { question, commands } of questions) {
    for (const command of commands) {
      it(`${question} ${command}`, async () => {
        const { status, output } = await inShell(command);
        const [code, says] = ANSWERS[command];
        assert.equal(status, code, output);
        assert.match(output, says);
      });
    }
  }

  it("are answered by the same commands in Turkish", () => {
    assert.deepEqual(questionsOf("docs/observe.tr.md").map(({ commands }) => commands), questions.map(({ commands }) => commands));
  });
});

describe("the terminal of docs/observe.md", () => {
  for (const [page, language] of [["docs/observe.md", "en"], ["docs/observe.tr.md", "tr"]]) {
    // relay.test.mjs holds that file to what is printed.
    it(`shows links as they are shown, in ${page}`, () => {
      const { text } = tokensOf(page).find(({ type, lang }) => type === "code" && lang === "text");
      assert.equal(`${text}\n`, readFileSync(inRoot(`tests/relay/shown/links-80.${language}.txt`), "utf8"));
    });
  }

  for (const page of ["docs/observe.md", "docs/observe.tr.md"]) {
    it(`stands in cron: what status says is printed when a person is needed, in ${page}`, async () => {
      const [, line] = /^\*\/15 .* && \. ~\/relay\.env && (.+)$/m.exec(readFileSync(inRoot(page), "utf8"));
      const { status, out } = await inShell(line);
      assert.equal(status, 0);
      assert.match(out, /1 dead\./);
    });
  }
});

// The questions of docs/observe.md: each command that answers one is run as it stands there, by npm in a shell, with the built
// Worker, and answers it. The queries are for tests/docs/queries.test.mjs.
//
// The story behind them: order 1001 was paid while the shop was down for good, 1002 is open since its SMS was refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { execa } from "execa";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { codeSpansOf, tokensOf } from "../docs/support/pages.mjs";
import { LOCALES } from "../support/call.mjs";
import { endings } from "../support/ends.mjs";
import { ask } from "../support/message.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { until } from "../support/until.mjs";

const keep = endings();
let receiver;
let relay;
before(async () => {
  const sandbox = await keep(startSandbox());
  receiver = await keep(startReceiver());
  receiver.answer("/paytr-events", 410);
  const { urls } = await keep(startRelays(sandbox.url, { shop: { EVENTS_URL: `${receiver.url}/paytr-events` } }));
  relay = urls.shop;
  const paid = await create("1001", { cell_phone: "05321234567" });
  await create("1002", undefined);
  await sandbox.pay(paid.id);
  await until(() => inShell("npm run relay -- events --dead"), ({ out }) => out.includes("1001"));
});

/** Has the relay create a link, as a shop's back end does. */
async function create(reference, send) {
  const data = { name: `Order ${reference}`, price: 158_000, reference, send };
  return (await ask(relay, { type: "link.create", data })).link;
}

/** Runs a command of the page in a shell, of which the relay and the receiver are these. */
async function inShell(command) {
  const here = command.replace("https://relay.example", relay).replace("https://shop.example", receiver.url);
  const env = { RELAY_URL: relay, WEBHOOK_SECRET: SECRET, EVENTS_SECRET, LC_ALL: LOCALES.en, TZ: "Europe/Istanbul" };
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

it("a list goes on by the cursor of the one before, and a link is found by its callback_id", async () => {
  const json = async (args) => JSON.parse((await inShell(`npm run --silent relay -- ${args} --json`)).out);
  const first = await json("links --limit 1");
  const second = await json(`links --cursor ${first.cursor}`);
  assert.deepEqual([...first.links, ...second.links].map(({ reference }) => reference), ["1002", "1001"]);
  const { links } = await json(`link ${second.links[0].link.callback_id}`);
  assert.deepEqual(links.map(({ reference }) => reference), ["1001"]);
});

for (const [page, language] of [["docs/observe.md", "en"], ["docs/observe.tr.md", "tr"]]) {
  describe(`the terminal of ${page}`, () => {
    // relay.test.mjs holds that file to what is printed.
    it("shows links as they are shown", () => {
      const { text } = tokensOf(page).find(({ type, lang }) => type === "code" && lang === "text");
      assert.equal(`${text}\n`, readFileSync(inRoot(`tests/relay/shown/links-80.${language}.txt`), "utf8"));
    });

    it("stands in cron: what status says is printed when a person is needed", async () => {
      const [, line] = /^\*\/15 .* && \. ~\/relay\.env && (.+)$/m.exec(readFileSync(inRoot(page), "utf8"));
      const { status, out } = await inShell(line);
      assert.equal(status, 0);
      assert.match(out, /1 dead\./);
    });
  });
}

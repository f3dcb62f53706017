// examples/alert-mail: the Worker that sends the relay's alerts on as e-mails, as wrangler runs it on this machine, where a mail goes
// into a file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { execa } from "execa";
import getPort from "get-port";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { wranglerCommand } from "../../scripts/wrangler.mjs";
import { withRelays } from "../api/support/place.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { tokensOf } from "../docs/support/pages.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { ask } from "../support/message.mjs";
import { whySkip } from "../support/tools.mjs";

const CONFIG = inRoot("examples/alert-mail/wrangler.toml");
const TOKEN = "a0b1c2d3e4f5";
const PATIENCE_MS = 60_000;
const QUIET = { WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_WRITE_LOGS: "false" };

const keep = endings();
const home = ownFolder("alert-mail");
let worker;
let url;
before(async () => {
  const port = await getPort();
  const [node, wrangler] = wranglerCommand(process.env);
  const where = ["--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", "0", "--persist-to", home];
  const args = [wrangler, "dev", "--local", "--config", CONFIG, ...where, "--var", `TOKEN:${TOKEN}`, "--show-interactive-dev-session=false"];
  worker = await keep(new Service("worker", node, args, { env: { ...process.env, ...QUIET, HOME: home, TMPDIR: home } }));
  await worker.first((line) => /Ready on/.test(line) || undefined, PATIENCE_MS);
  url = `http://127.0.0.1:${port}`;
});

const post = (path, body, method = "POST") =>
  fetch(`${url}${path}`, { method, headers: { "content-type": "application/json" }, ...(method === "POST" && { body }) });

/** What wrangler says that it was given to send, and the text of it. */
async function mailAfter(act) {
  const said = worker.first((line) => /(\/.+\.txt)/.exec(line)?.[1], PATIENCE_MS);
  await act();
  return { text: readFileSync(await said, "utf8"), output: worker.output() };
}

describe("the Worker that sends alerts on", () => {
  it("sends a mail of each to the one address that it has", async () => {
    const text = "Sipariş 1001: event dead";
    const { text: sent, output } = await mailAfter(async () => assert.equal((await post(`/${TOKEN}`, JSON.stringify({ text }))).status, 204));
    assert.equal(sent.trim(), text);
    for (const word of ["relay@shop.example", "you@shop.example", `Subject: ${text}`]) assert.ok(output.includes(word), output);
  });

  it("takes the very command of docs/deploy.md", { skip: whySkip(["curl"]) }, async () => {
    const [command] = /^curl -sS .*\$ALERT_URL"$/m.exec(readFileSync(inRoot("docs/deploy.md"), "utf8"));
    const { text } = await mailAfter(() => execa("sh", ["-c", command], { env: { ALERT_URL: `${url}/${TOKEN}` } }));
    assert.equal(text.trim(), "A try");
  });

  for (const [what, path, body, status] of [
    ["another token", "/a0b1c2d3e4f6", '{"text":"A"}', 404],
    ["no token", "/", '{"text":"A"}', 404],
    ["something behind the token", `/${TOKEN}/`, '{"text":"A"}', 404],
    ["no JSON", `/${TOKEN}`, "text=A", 400],
    ["no text", `/${TOKEN}`, '{"text":""}', 400],
    ["a list", `/${TOKEN}`, "[]", 400],
    ["null", `/${TOKEN}`, "null", 400],
  ]) {
    it(`sends nothing for ${what}`, async () => assert.equal((await post(path, body)).status, status));
  }

  it("sends nothing for a GET", async () => assert.equal((await post(`/${TOKEN}`, undefined, "GET")).status, 404));
});

describe("the relay, whose ALERT_URL is this Worker", () => {
  const keep = endings();
  const place = withRelays(async () => {
    const receiver = await keep(startReceiver());
    receiver.answer("/gone", 410);
    return { shop: { EVENTS_URL: `${receiver.url}/gone`, ALERT_URL: `${url}/${TOKEN}` } };
  });

  it("has a mail sent when an event is dead, which is what docs/observe.md shows", async () => {
    const { text } = await mailAfter(async () => {
      const data = { name: "Order 1001", price: 158_000, reference: "1001" };
      const { link } = await ask(place.urls.shop, { type: "link.create", data });
      await place.sandbox.pay(link.id);
    });
    for (const page of ["docs/observe.md", "docs/observe.tr.md"]) {
      const shown = tokensOf(page).find(({ type, text: block }) => type === "code" && block.startsWith("paytr-link-relay:")).text;
      assert.equal(text.trim().replace(/[0-9a-f]{64}/, "9f…"), shown);
    }
  });
});

it("what docs/deploy.md deploys is complete", async () => {
  const [node, wrangler] = wranglerCommand(process.env);
  const args = [wrangler, "deploy", "--dry-run", "--config", CONFIG];
  const { exitCode, all } = await execa(node, args, { env: QUIET, all: true, reject: false });
  assert.equal(exitCode, 0, all);
  assert.match(all, /env\.MAIL/);
});

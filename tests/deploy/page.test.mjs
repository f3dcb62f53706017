// docs/deploy.md: the mistakes that it lists, made for real, show as it says.
//
// In scope: mistakes in settings, and what PayTR refuses. Not in scope: those of signing and of addresses (tests/ping).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { unstable_readConfig as readConfig } from "wrangler";
import { inRoot } from "../../scripts/paths.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { post } from "../support/message.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { LONG_SECRET, MERCHANT, SECRET } from "../support/secrets.mjs";

const PAGE = readFileSync(inRoot("docs/deploy.md"), "utf8");
const { PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
const short = `whsec_${Buffer.alloc(23).toString("base64")}`;

/** By a name for the relay: its settings. */
const MISCONFIGURED = {
  noNumber: { PAYTR_MERCHANT_ID: "" },
  quotes: { PAYTR_MERCHANT_KEY: `"${key}"` },
  blank: { PAYTR_MERCHANT_KEY: `${key} ` },
  plainSecret: { WEBHOOK_SECRETS: "secret" },
  shortSecret: { WEBHOOK_SECRETS: short },
  comma: { WEBHOOK_SECRETS: `${LONG_SECRET},${SECRET}` },
  http: { PAYTR_BASE_URL: "http://www.paytr.com" },
  slash: { ALLOWED_ORIGINS: '["https://shop.example/"]' },
  noPath: { EVENTS_URL: "https://shop.example" },
  oneSecretForBoth: { EVENTS_SECRETS: SECRET },
};
const REJECTED = {
  swapped: { PAYTR_MERCHANT_KEY: salt, PAYTR_MERCHANT_SALT: key },
  wrongNumber: { PAYTR_MERCHANT_ID: "999999" },
};

describe("docs/deploy.md says how it shows", () => {
  const keep = endings();
  const [, EVENTS_URL] = /^```toml\nEVENTS_URL = "(.*)"\n```$/m.exec(PAGE);
  let relays;
  before(async () => {
    const { url } = await keep(startSandbox());
    relays = await keep(startRelays(url, { ...MISCONFIGURED, ...REJECTED, good: {}, reporting: { EVENTS_URL } }));
  });

  for (const [name, given] of Object.entries(MISCONFIGURED)) {
    const [setting] = Object.keys(given);
    it(`when ${setting} is wrong: ${name}`, async () => {
      const answer = await fetch(`${relays.urls[name]}/health`);
      const { code, settings } = await answer.json();
      assert.deepEqual([answer.status, code, settings.length, settings[0].name], [500, "misconfigured", 1, setting]);
      assertShown(`| \`${setting} ${settings[0].detail}.\` |`);
    });
  }

  it("when events are on, with the line that turns them on", async () => {
    const answer = await fetch(`${relays.urls.reporting}/health`);
    assert.deepEqual(await answer.json(), { status: "ok", events: "on", storefronts: 0 });
  });

  /** Posts a message to the relay of a name. */
  const send = (name, id, path) =>
    post(relays.urls[name], { type: "link.send_sms", data: { id, cell_phone: "05321234567" } }, undefined, path);

  const assertShown = (shown) => assert.ok(PAGE.includes(shown), `not on the page: ${shown}`);

  for (const name of Object.keys(REJECTED)) {
    it(`when PayTR refuses: ${name}`, async () => {
      const { status, code, paytr } = await send(name, "NB2Zlz3");
      assertShown(`| ${status} \`${code}\`, \`"reason":"${paytr.reason}"\` |`);
    });
  }

  it("when a link's address stands in the place of its id", async () => {
    const address = "https://www.paytr.com/link/NB2Zlz3";
    const { status, code, errors } = await send("good", address);
    assertShown(`| ${status} \`${code}\`: \`${errors[0].detail}\` | send \`NB2Zlz3\`, not \`${address}\` |`);
  });

  it("when PayTR refuses Cloudflare's addresses", async () => {
    const { status, code } = await send("good", "sandbox-403");
    const { outcome, reason, paytr_http_status } = relays.log().find(({ link_id }) => link_id === "sandbox-403");
    assertShown(`| ${status} \`${code}\` for every message; in the log \`"reason":"${reason}"\` and \`"paytr_http_status":${paytr_http_status}\` |`);
    assertShown(`\n${JSON.stringify({ outcome, status, code, reason, paytr_http_status })}\n`);
  });

  for (const path of ["//webhook", "/webhook/"]) {
    it(`when the relay's address has a slash too many: ${path}`, async () => {
      const { status, code } = await send("good", "NB2Zlz3", path);
      const row = PAGE.split("\n").find((line) => line.includes("a slash too many in the relay's address"));
      assert.ok(row.includes(`\`${path}\``) && row.includes(`| ${status} \`${code}\` |`), row);
    });
  }
});

describe("docs/deploy.md gives an address of its own", () => {
  const file = join(ownFolder("address"), "wrangler.toml");

  it("to production alone, with the lines that it shows", () => {
    const blocks = Array.from(PAGE.matchAll(/^```toml\n([^]*?)^```$/gm), ([, lines]) => lines);
    const [production, testing] = blocks.filter((lines) => lines.includes("routes"));
    const own = readFileSync(inRoot("wrangler.toml"), "utf8").replace("workers_dev = true\n", production);
    writeFileSync(file, own.replace("[env.test.vars]", `${testing}\n[env.test.vars]`));
    const addresses = (env) => {
      const { routes, workers_dev } = readConfig({ config: file, env });
      return [workers_dev, routes.map(({ pattern, custom_domain }) => [pattern, custom_domain])];
    };
    assert.deepEqual(addresses(""), [false, [["relay.shop.example", true]]]);
    assert.deepEqual(addresses("test"), [true, []]);
  });
});

// docs/deploy.md: the mistakes that it lists, made for real, show as it says.
//
// In scope: mistakes in settings, and what PayTR refuses. Not in scope: those of signing and of addresses (tests/ping).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { inRoot } from "../../scripts/paths.mjs";
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
};
const REJECTED = {
  swapped: { PAYTR_MERCHANT_KEY: salt, PAYTR_MERCHANT_SALT: key },
  wrongNumber: { PAYTR_MERCHANT_ID: "999999" },
};

describe("docs/deploy.md says how it shows", () => {
  let sandbox;
  let relays;
  before(async () => {
    sandbox = await startSandbox();
    relays = await startRelays(sandbox.url, { ...MISCONFIGURED, ...REJECTED });
  });
  after(async () => {
    await relays.stop();
    await sandbox.stop();
  });

  for (const [name, [setting]] of Object.entries(MISCONFIGURED).map(([name, settings]) => [
    name,
    Object.keys(settings),
  ])) {
    it(`when ${setting} is wrong: ${name}`, async () => {
      const answer = await fetch(`${relays.urls[name]}/health`);
      const { code, settings } = await answer.json();
      assert.deepEqual([answer.status, code, settings.length, settings[0].name], [500, "misconfigured", 1, setting]);
      const shown = `| \`${setting} ${settings[0].detail}.\` |`;
      assert.ok(PAGE.includes(shown), `not on the page: ${shown}`);
    });
  }

  for (const name of Object.keys(REJECTED)) {
    it(`when PayTR refuses: ${name}`, async () => {
      const [body, id, now] = [
        '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}',
        `msg_${name}`,
        new Date(),
      ];
      const signature = new Webhook(SECRET).sign(id, now, body);
      const timestamp = `${Math.floor(now / 1000)}`;
      const signed = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
      const headers = { "content-type": "application/json", ...signed };
      const answer = await fetch(`${relays.urls[name]}/webhook`, { method: "POST", headers, body });
      const { code, paytr } = await answer.json();
      const shown = `| ${answer.status} \`${code}\`, \`"reason":"${paytr.reason}"\` |`;
      assert.ok(PAGE.includes(shown), `not on the page: ${shown}`);
    });
  }
});

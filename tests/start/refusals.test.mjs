// What `npm start` and `npm run demo` refuse before they build anything, and what they say then, in either language.
import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { LOCALES } from "../support/call.mjs";
import { NpmStart, holdPort, ownPlace } from "../support/npm-start.mjs";

const PATIENCE_MS = 20_000;
const GOOD = {
  PAYTR_MERCHANT_ID: "123456",
  PAYTR_MERCHANT_KEY: "0123456789abcdef",
  PAYTR_MERCHANT_SALT: "fedcba9876543210",
  WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  EVENTS_SECRETS: `whsec_${Buffer.alloc(32, 8).toString("base64")}`,
};

/** Runs a script to its end, beside these `.dev.vars` if there are any, and gives all that it wrote. */
async function ended(place, code, { script = "start", args = [], devVars, locale = "C.UTF-8" } = {}) {
  const file = path.join(place.directory, ".dev.vars");
  if (devVars) writeFileSync(file, devVars);
  const start = new NpmStart(place, script, args, locale);
  const impatience = setTimeout(() => start.interrupt(), PATIENCE_MS);
  const closed = await start.closed;
  clearTimeout(impatience);
  const hasMade = !devVars && existsSync(file);
  rmSync(place.directory, { recursive: true });
  assert.equal(closed, code, start.output);
  assert.ok(!start.output.includes("[1/"), "a step was begun");
  assert.ok(!hasMade, "secrets were made for nothing");
  return start.output;
}

const refusal = (place, how) => ended(place, 1, how);

describe("npm start names what is wrong in .dev.vars", () => {
  const NO_SECRET = "WEBHOOK_SECRETS does not begin with whsec_ and the base64 of at least 24 bytes.";
  for (const [what, change, says] of [
    ["a missing setting", { WEBHOOK_SECRETS: undefined }, "WEBHOOK_SECRETS is missing or empty."],
    ["an empty setting", { PAYTR_MERCHANT_KEY: "" }, "PAYTR_MERCHANT_KEY is missing or empty."],
    ["a mistyped name", { SEND_LIMIT: "[]" }, "SEND_LIMIT is not a setting of the relay."],
    ["a secret that is none", { WEBHOOK_SECRETS: "secret" }, NO_SECRET],
    ["a secret that is too short", { WEBHOOK_SECRETS: `whsec_${Buffer.alloc(23).toString("base64")}` }, NO_SECRET],
  ]) {
    it(what, async () => {
      const settings = Object.entries({ ...GOOD, ...change }).filter(([, value]) => value !== undefined);
      const devVars = settings.map(([name, value]) => `${name}=${value}\n`).join("");
      const output = await refusal(await ownPlace(), { devVars });
      assert.ok(output.includes(says), output);
    });
  }
});

for (const script of ["start", "demo"]) {
  it(`npm run ${script} names in Turkish what is wrong in .dev.vars`, async () => {
    const devVars = "SEND_LIMIT=[]\nEVENTS_SECRETS=whsec_short\n";
    const output = await refusal(await ownPlace(), { script, devVars, locale: LOCALES.tr });
    assert.match(output, /\.dev\.vars dosyası yanlış:\n {2}SEND_LIMIT relay'in bir ayarı değil\.\n/);
    assert.match(output, / {2}PAYTR_MERCHANT_KEY eksik ya da boş\.\n/);
    assert.match(output, / {2}EVENTS_SECRETS whsec_ ve en az 24 baytın base64'ü ile başlamıyor\.\nDüzeltin ya da silin/);
  });
}

describe("a word that no option takes starts nothing", () => {
  for (const [script, usage] of [["start", "npm start [-- --debug]"], ["demo", "npm run demo [-- --woocommerce]"]]) {
    it(`of npm run ${script}, which says what there is`, async () => {
      const output = await refusal(await ownPlace(), { script, args: ["--bogus"] });
      assert.ok(output.includes(`No option takes --bogus. Nothing was started.\n\n${usage}`), output);
    });

    it(`of npm run ${script}, which helps where it is asked to`, async () => {
      const output = await ended(await ownPlace(), 0, { script, args: ["--help"] });
      assert.ok(output.includes(usage), output);
    });
  }
});

describe("a port that is taken is named, with the command that uses one that is free", () => {
  for (const [script, command, port, name] of [
    ["start", "npm start", "relayPort", "RELAY_PORT"],
    ["start", "npm start", "sandboxPort", "SANDBOX_PORT"],
    ["demo", "npm run demo", "relayPort", "RELAY_PORT"],
    ["demo", "npm run demo", "shopPort", "SHOP_PORT"],
  ]) {
    it(`${command}: ${name}`, async () => {
      const place = await ownPlace();
      const holder = await holdPort(place[port]);
      const output = await refusal(place, { script });
      holder.stop();
      assert.ok(output.includes(`Port ${place[port]} is taken, perhaps by an ${command} in another terminal.`), output);
      const [, advised] = new RegExp(`^  .*\\b${name}=(\\d+)\\b.* ${command}$`, "m").exec(output) ?? assert.fail(output);
      (await holdPort(Number(advised))).stop();
    });
  }
});

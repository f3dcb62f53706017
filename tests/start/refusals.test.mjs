// What `npm start` and `npm run demo` refuse before they build anything, and what they say then.
import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { NpmStart, holdPort, ownPlace } from "../support/npm-start.mjs";

const PATIENCE_MS = 20_000;
const GOOD = {
  PAYTR_MERCHANT_ID: "123456",
  PAYTR_MERCHANT_KEY: "0123456789abcdef",
  PAYTR_MERCHANT_SALT: "fedcba9876543210",
  WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  EVENTS_SECRETS: `whsec_${Buffer.alloc(32, 8).toString("base64")}`,
};

/** Runs `npm start`, or another script, to its end, which must be a refusal. */
async function refusal(place, script, args) {
  const start = new NpmStart(place, script, args);
  const impatience = setTimeout(() => start.interrupt(), PATIENCE_MS);
  const code = await start.closed;
  clearTimeout(impatience);
  assert.equal(code, 1, start.output);
  assert.ok(!start.output.includes("[1/"), "a step was begun");
  return start.output;
}

describe("npm start names what is wrong in .dev.vars", () => {
  for (const { what, change, says } of [
    { what: "a missing setting", change: { WEBHOOK_SECRETS: undefined }, says: "WEBHOOK_SECRETS is missing or empty." },
    { what: "an empty setting", change: { PAYTR_MERCHANT_KEY: "" }, says: "PAYTR_MERCHANT_KEY is missing or empty." },
    { what: "a mistyped name", change: { SEND_LIMIT: "[]" }, says: "SEND_LIMIT is not a setting of the relay." },
    {
      what: "a secret that is none",
      change: { WEBHOOK_SECRETS: "secret" },
      says: "WEBHOOK_SECRETS does not begin with whsec_ and the base64 of at least 24 bytes.",
    },
    {
      what: "a secret that is too short",
      change: { WEBHOOK_SECRETS: `whsec_${Buffer.alloc(23).toString("base64")}` },
      says: "WEBHOOK_SECRETS does not begin with whsec_ and the base64 of at least 24 bytes.",
    },
  ]) {
    it(what, async () => {
      const place = await ownPlace();
      const settings = Object.entries({ ...GOOD, ...change }).filter(([, value]) => value !== undefined);
      const text = settings.map(([name, value]) => `${name}=${value}\n`).join("");
      writeFileSync(path.join(place.directory, ".dev.vars"), text);
      const output = await refusal(place);
      rmSync(place.directory, { recursive: true });
      assert.ok(output.includes(says), output);
    });
  }
});

it("npm run demo names what is wrong in .dev.vars, too, and ends", async () => {
  const place = await ownPlace();
  writeFileSync(path.join(place.directory, ".dev.vars"), "SEND_LIMIT=[]\n");
  const output = await refusal(place, "demo");
  rmSync(place.directory, { recursive: true });
  assert.ok(output.includes("SEND_LIMIT is not a setting of the relay."), output);
});

describe("a word that no option takes starts nothing", () => {
  for (const [script, usage] of [["start", "npm start [-- --debug]"], ["demo", "npm run demo [-- --woocommerce]"]]) {
    it(`of npm run ${script}, which says what there is`, async () => {
      const place = await ownPlace();
      const output = await refusal(place, script, ["--bogus"]);
      rmSync(place.directory, { recursive: true });
      assert.ok(output.includes(`No option takes --bogus. Nothing was started.\n\n${usage}`), output);
    });

    it(`of npm run ${script}, which helps where it is asked to`, async () => {
      const place = await ownPlace();
      const start = new NpmStart(place, script, ["--help"]);
      assert.equal(await start.closed, 0, start.output);
      rmSync(place.directory, { recursive: true });
      assert.ok(start.output.includes(usage), start.output);
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
      const output = await refusal(place, script);
      holder.stop();
      assert.ok(output.includes(`Port ${place[port]} is taken, perhaps by an ${command} in another terminal.`), output);
      const [, advised] = new RegExp(`^  .*\\b${name}=(\\d+)\\b.* ${command}$`, "m").exec(output) ?? assert.fail(output);
      (await holdPort(Number(advised))).stop();
      assert.ok(!existsSync(path.join(place.directory, ".dev.vars")), "secrets were made for nothing");
      rmSync(place.directory, { recursive: true });
    });
  }
});

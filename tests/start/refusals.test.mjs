// What `npm start` refuses before it builds anything, and what it says then.
import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { NpmStart, listen, ownPlace } from "./npm-start.mjs";

const GOOD = {
  PAYTR_MERCHANT_ID: "123456",
  PAYTR_MERCHANT_KEY: "0123456789abcdef",
  PAYTR_MERCHANT_SALT: "fedcba9876543210",
  WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
};

/** Runs `npm start` to its end, which must be a refusal. */
async function refusal(place) {
  const start = new NpmStart(place);
  const [code] = await start.closed;
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

describe("npm start says which port is taken and how to use another one", () => {
  for (const [port, name] of [
    ["relayPort", "RELAY_PORT"],
    ["sandboxPort", "SANDBOX_PORT"],
  ]) {
    it(name, async () => {
      const place = await ownPlace();
      const holder = await listen(place[port]);
      const output = await refusal(place);
      holder.close();
      assert.ok(output.includes(`Port ${place[port]} is taken`), output);
      assert.match(output, new RegExp(`${name}=\\d+ npm start`));
      assert.ok(!existsSync(path.join(place.directory, ".dev.vars")), "secrets were made for nothing");
      rmSync(place.directory, { recursive: true });
    });
  }
});

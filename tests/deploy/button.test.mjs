// What a "Deploy to Cloudflare" button reads of a repository, as Cloudflare's documentation has it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseEnv } from "node:util";
import { OPTIONAL_SECRETS } from "../../scripts/dev-vars.mjs";
import { inRoot } from "../../scripts/paths.mjs";

const read = (file) => readFileSync(inRoot(file), "utf8");
const { scripts, cloudflare } = JSON.parse(read("package.json"));
const asked = parseEnv(read(".dev.vars.example"));
const required = JSON.parse(/^required = (.*)$/m.exec(read("wrangler.toml"))[1]);
/** Those of a shop that somebody must or should give. */
const SHOP_MEMBERS = ["api_key", "name", "pay_by_link", "platform", "url", "webhook_secret"];

describe("a Deploy to Cloudflare button", () => {
  it("asks for every secret that a deploy requires, and for nothing else", () => {
    assert.deepEqual(Object.keys(asked).sort(), required.toSorted());
  });

  it("shows as comments those that a deploy can do without, and shops as the relay takes them", () => {
    const commented = parseEnv(read(".dev.vars.example").replace(/^# (?=[A-Z_]+=)/gm, ""));
    assert.deepEqual(Object.keys(commented).sort(), [...required, ...OPTIONAL_SECRETS].sort());
    assert.deepEqual(Object.keys(JSON.parse(commented.STOREFRONTS)[0]).sort(), SHOP_MEMBERS);
  });

  it("presets no secret: whoever accepts what is preset would deploy it", () => {
    assert.deepEqual([...new Set(Object.values(asked))], [""]);
  });

  it("says where everything comes from that has no default, and the secrets that may come later", () => {
    assert.deepEqual(Object.keys(cloudflare.bindings), ["PAYTR_MERCHANT_ID", ...required, ...OPTIONAL_SECRETS]);
    for (const { description } of Object.values(cloudflare.bindings)) assert.ok(description);
  });

  it("finds the scripts that it runs", () => {
    assert.equal(scripts.build, "node scripts/build.mjs");
    assert.equal(scripts.deploy, "node scripts/build.mjs && node scripts/deploy.mjs");
  });
});

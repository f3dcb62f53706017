// What a deploy says of a wrangler.toml that is older than the relay.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readConfiguration } from "../../scripts/deploy/configuration.mjs";
import { templateChanges } from "../../scripts/deploy/template-changes.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { ownFolder } from "../support/ends.mjs";

const OWN = readFileSync(inRoot("wrangler.toml"), "utf8");

describe("a wrangler.toml", () => {
  const config = join(ownFolder("template-changes"), "wrangler.toml");

  function lacking(change, env) {
    const text = change(OWN);
    assert.ok(text !== OWN || change === same, "nothing was changed");
    writeFileSync(config, text);
    return templateChanges(readConfiguration({ config, env }));
  }
  const same = (text) => text;

  for (const env of ["", "test"]) {
    it(`lacks nothing if it is the relay's own, with --env=${env}`, () => assert.deepEqual(lacking(same, env), []));
  }

  it("lacks nothing with values, a name and an address of its own", () => {
    const change = (text) => text.replace(/^name = .*$/m, 'name = "shop"').replace('EVENTS_URL = ""', 'EVENTS_URL = "https://shop.example/x"');
    assert.deepEqual(lacking(change, ""), []);
  });

  for (const [what, change, env, line] of [
    ["a var", (text) => text.replace(/^RELAY_ORIGIN = .*\n/m, ""), "", "vars: RELAY_ORIGIN"],
    ["a var of the test relay", (text) => text.replace(/(\[env\.test\.vars\][^]*)RELAY_ORIGIN = .*\n/, "$1"), "test", "vars: RELAY_ORIGIN"],
    ["the cron", (text) => text.replace(/^crons = .*$/m, "crons = []"), "", "crons: */30 * * * *"],
    ["a flag", (text) => text.replace('"global_fetch_strictly_public", ', ""), "test", "compatibility_flags: global_fetch_strictly_public"],
    ["days", (text) => text.replace(/^compatibility_date = .*$/m, 'compatibility_date = "2025-01-01"'), "", `compatibility_date: ${/^compatibility_date = "(.*)"$/m.exec(OWN)[1]}`],
    ["a secret", (text) => text.replace('"PAYTR_MERCHANT_SALT", ', ""), "", "required secrets: PAYTR_MERCHANT_SALT"],
  ]) {
    it(`lacks ${what}`, () => assert.deepEqual(lacking(change, env), [line]));
  }
});

// The secrets that a deploy's file brings along, in both of the forms that wrangler takes.
//
// Not in scope: what is made of them (vars.test.mjs).
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { secretsOfFile } from "../../scripts/deploy/secrets.mjs";
import { ownFolder } from "../support/ends.mjs";

const file = join(ownFolder("secrets"), "secrets");

function secretsIn(text) {
  writeFileSync(file, text);
  return secretsOfFile({ "secrets-file": file });
}

for (const [form, text] of [
  ["JSON", '\n{ "EVENTS_SECRETS": "[\\"a=b\\"]", "STOREFRONTS": "[]" }'],
  [".env", `# of the shop\nEVENTS_SECRETS='["a=b"]'\nSTOREFRONTS=[]\n`],
]) {
  it(`are read from ${form}`, () => assert.deepEqual({ ...secretsIn(text) }, { EVENTS_SECRETS: '["a=b"]', STOREFRONTS: "[]" }));
}

it("are none without a file", () => assert.deepEqual(secretsOfFile({}), {}));

it("are not shown where the file is cut off or is not there", () => {
  const refused = (read, message) => assert.throws(read, { message });
  refused(() => secretsIn('{ "EVENTS_SECRETS": "whsec_'), `${file} cannot be read: it is neither JSON nor lines of NAME=value.`);
  refused(() => secretsOfFile({ "secrets-file": `${file}.none` }), `${file}.none cannot be read: ENOENT.`);
});

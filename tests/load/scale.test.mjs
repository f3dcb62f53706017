// docs/scale.md: it says what is computed, from what the built Worker really uses.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { measureUsage } from "../../bench/lib/usage/measure.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";

const RENEW = "npm run bench:scale -- --measure --write";
/** How full a table's pages are depends on the order in which its rows come and change. */
const STORED_TOLERANCE = 0.1;

/** A line of the log is longer when something took ten milliseconds. */
const exact = (usage) => JSON.parse(JSON.stringify(usage, (name, value) => (name === "logBytes" ? undefined : value)));

test("the page on scale says what is computed", async () => {
  const { status, output } = await call([process.execPath, inRoot("bench/scale.mjs")], ["--check"]);
  assert.equal(status, 0, output);
});

test("rows, requests and bytes are what the built Worker uses", async () => {
  const { on, cpuMs, stored, ...counted } = JSON.parse(readFileSync(inRoot("bench/scale.json"), "utf8"));
  const { stored: now, ...used } = await measureUsage();
  assert.deepEqual(exact(used), exact(counted), RENEW);
  for (const [what, bytes] of Object.entries(stored)) {
    assert.ok(Math.abs(now[what] - bytes) <= STORED_TOLERANCE * bytes, `a ${what}: ${now[what]} bytes and not ${bytes}; ${RENEW}`);
  }
});

// The benchmark of a shop platform's deliveries, short: every one is taken while PayTR is slow and the shop hangs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";

test("deliveries are answered while PayTR is slow and the shop's own API hangs", { timeout: 300_000 }, async () => {
  const { stdout } = await execa("node", [inRoot("bench/hooks.mjs"), "--orders", "60"], { timeout: 280_000 });
  assert.match(stdout, /^60 orders of 2 to 60 KB by 4 callers: median \d/m);
  assert.match(stdout, /^CPU of a delivery of 26 KB: \d/m);
});

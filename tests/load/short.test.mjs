// What benchmarks do at length, short: `npm run bench:hooks`, `bench:lists` and `bench:soak`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";

const run = (bench, ...args) => execa("node", [inRoot(bench), ...args], { timeout: 280_000 });

test("deliveries are answered while PayTR is slow and the shop's own API hangs", { timeout: 300_000 }, async () => {
  const { stdout } = await run("bench/hooks.mjs", "--orders", "60");
  assert.match(stdout, /^60 orders of 2 to 60 KB by 4 callers: median \d/m);
  assert.match(stdout, /^CPU of a delivery of 26 KB: \d/m);
});

test("a page of a list reads as many rows among three times as many links", { timeout: 300_000 }, async () => {
  const { stdout } = await run("bench/lists.mjs", "--links", "1600,4800", "--asks", "1");
  const rows = stdout.split("\n").slice(2).filter(Boolean).map((line) => line.split("|").slice(1, 4).map((cell) => cell.trim()));
  // A last page has fewer entries.
  const pages = rows.filter(([name]) => !name.endsWith("page 100"));
  assert.equal(pages.length, 6);
  for (const [name, few, many] of pages) {
    const [before, after] = [few, many].map((cell) => Number(cell.replaceAll(",", "")));
    assert.ok(before > 0 && after <= before * 1.5, `${name}: ${few} rows, then ${many}`);
  }
});

test("with failures on every side nothing is lost, nothing comes twice, and every answer stays", async () => {
  const { status, output } = await call([process.execPath, inRoot("bench/soak.mjs")], ["--seconds", "20"], process.env);
  console.log(output);
  assert.equal(status, 0, "the soak says above what is wrong, and which --seed it began with");
});

// The benchmark of lists, short: a page reads as many rows however many links there are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";

test("a page of a list reads as many rows among three times as many links", { timeout: 300_000 }, async () => {
  const { stdout } = await execa("node", [inRoot("bench/lists.mjs"), "--links", "1600,4800", "--asks", "1"], { timeout: 280_000 });
  const rows = stdout.split("\n").slice(2).filter(Boolean).map((line) => line.split("|").slice(1, 4).map((cell) => cell.trim()));
  // A last page has fewer entries.
  const pages = rows.filter(([name]) => !name.endsWith("page 100"));
  assert.equal(pages.length, 6);
  for (const [name, few, many] of pages) {
    const [before, after] = [few, many].map((cell) => Number(cell.replaceAll(",", "")));
    assert.ok(before > 0 && after <= before * 1.5, `${name}: ${few} rows, then ${many}`);
  }
});

// Every decision of docs/decisions has its number, date, status and parts, and docs/design.md lists it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PAGES, isHeading, textOf, tokensOf } from "./support/pages.mjs";

const FOLDER = "docs/decisions/";
const DECISIONS = PAGES.filter((page) => page.startsWith(FOLDER)).sort();
const [TABLE] = tokensOf("docs/design.md").filter(({ type, header }) => type === "table" && header.at(-1).text === "date");

/** The row of docs/design.md that a page asks for. */
function rowOf(page) {
  const tokens = tokensOf(page);
  const [title] = tokens.filter(isHeading);
  const [, number, words] = /^(\d+)\. (.+)$/.exec(textOf(title)) ?? assert.fail("the heading has no number");
  const [status] = tokens.filter(({ type }) => type === "paragraph");
  const [, date] = /^(\d{4}-\d\d-\d\d)\. (?:Accepted|Superseded by \[\d+\]\(.+\))\.$/.exec(status.text) ?? assert.fail("no date and status");
  return { number, words, date, href: page.replace(/^docs\//, "") };
}

describe("the decisions", () => {
  for (const page of DECISIONS) {
    it(`${page} has its number, its date, and the parts of a decision`, () => {
      const headings = tokensOf(page).filter(isHeading).map(textOf);
      assert.deepEqual(headings.slice(1), ["Context", "Decision", "Consequences"]);
      assert.equal(rowOf(page).number.padStart(4, "0"), page.slice(FOLDER.length, FOLDER.length + 4));
    });
  }

  it("are numbered without a gap, and listed in docs/design.md", () => {
    const listed = TABLE.rows.map(([number, decision, date]) => {
      const [{ href, text }] = decision.tokens;
      return { number: number.text, words: text, date: date.text, href };
    });
    assert.deepEqual(listed, DECISIONS.map(rowOf));
    assert.deepEqual(listed.map(({ number }) => Number(number)), DECISIONS.map((_, at) => at + 1));
  });
});

// The project's Markdown pages, parsed: what the tests of the pages look at.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import GithubSlugger from "github-slugger";
import { lexer, walkTokens } from "marked";
import { ROOT, inRoot } from "../../../scripts/paths.mjs";

/** The path of every page, from the checkout: those that git has, and those that it would take. */
export const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
}).split("\n").filter(Boolean);

/** A page's tokens as marked has them, from top to bottom, with those within others behind them. */
export function tokensOf(page) {
  const tokens = [];
  walkTokens(lexer(readFileSync(inRoot(page), "utf8")), (token) => void tokens.push(token));
  return tokens;
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page) {
  const slugger = new GithubSlugger();
  return tokensOf(page).filter(isHeading).map((heading) => slugger.slug(textOf(heading)));
}

export const isHeading = ({ type }) => type === "heading";

/** The code spans within a token, as they are read. */
export function codeSpansOf(token) {
  const spans = [];
  walkTokens([token], ({ type, text }) => void (type === "codespan" && spans.push(text)));
  return spans;
}

/** What is read of a heading, a cell or a paragraph: its text without signs of Markdown. */
export function textOf({ tokens, text }) {
  return tokens ? tokens.map(textOf).join("") : text;
}

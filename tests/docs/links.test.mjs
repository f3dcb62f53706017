// Every link of every page leads somewhere.
//
// In scope: files and headings of this repository. Not in scope: whether other sites answer; of their addresses only the
// form is looked at.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { PAGES, anchorsOf, tokensOf } from "./support/pages.mjs";

const isLink = ({ type }) => type === "link" || type === "image";

/** What is wrong with a link of a page; nothing if it leads somewhere. */
function whyNowhere(page, href) {
  if (/^[a-z]+:/i.test(href)) {
    const isAddress = URL.canParse(href) && new URL(href).protocol === "https:" && !/[\s<>"]/.test(href);
    return isAddress ? undefined : "is no https address";
  }
  const [path, anchor] = href.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (file.startsWith("..") || !existsSync(inRoot(file))) return `there is no ${file}`;
  if (anchor === undefined) return undefined;
  if (!PAGES.includes(file)) return `${file} is no page with headings`;
  return anchorsOf(file).includes(decodeURIComponent(anchor)) ? undefined : `${file} has no heading #${anchor}`;
}

describe("every link leads somewhere", () => {
  for (const page of PAGES) {
    it(page, () => {
      const links = tokensOf(page).filter(isLink);
      const broken = links.map(({ href }) => ({ href, why: whyNowhere(page, href) })).filter(({ why }) => why);
      assert.deepEqual(broken, []);
    });
  }

  it("and a link that does not is noticed", () => {
    const page = "docs/deploy.md";
    const nowhere = ["nothing.md", "../README.md#nothing", "#nothing", "../../README.md", "http://example.com", "../LICENSE#mit"];
    for (const href of nowhere) assert.ok(whyNowhere(page, href), href);
    const somewhere = ["reference.md#the-request", "#5-ping-it", "../src", "https://example.com/a?b#c"];
    for (const href of somewhere) assert.equal(whyNowhere(page, href), undefined);
  });
});

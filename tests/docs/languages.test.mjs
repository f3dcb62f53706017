// A page and its Turkish version say the same, so that neither falls behind the other.
//
// In scope: headings, code blocks, code spans and numbers of tables cell by cell, other code spans and links section by
// section, and that each leads to the other; that what they quote of the relay's notes and of ping is what these say. Not in
// scope: the sentences between them; what `npm run ping` and `npm run deploy` say on either page (tests/ping, tests/deploy).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";
import { TEXTS as DEPLOY_TEXTS } from "../../scripts/deploy/texts.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { TEXTS as PING_TEXTS } from "../../scripts/ping/texts.mjs";
import { TEXTS as RELAY_TEXTS } from "../../scripts/relay/texts.mjs";
import { PAGES, anchorsOf, codeSpansOf, isHeading, textOf, tokensOf } from "./support/pages.mjs";

const TEXTS = {
  en: { ...DEPLOY_TEXTS.en, ...RELAY_TEXTS.en, ...PING_TEXTS.en },
  tr: { ...DEPLOY_TEXTS.tr, ...RELAY_TEXTS.tr, ...PING_TEXTS.tr },
};
const TRANSLATED = PAGES.filter((page) => page.endsWith(".tr.md"));
const englishOf = (page) => page.replace(/\.tr\.md$/, ".md");

/** What ping says in each language, as far as a page quotes it. */
const QUOTED = [
  ["Events are on", "Olaylar açık", ({ eventsOn }) => eventsOn],
  ["Cloudflare's bot protection stopped it", "Cloudflare'in bot koruması durdurdu", ({ botProtection }) => botProtection(403)],
  ["is no relay: it answered HTTP …", "bir relay değil: yanıtı HTTP …", ({ noRelay }) => noRelay({}, "…", "")],
];
const inEnglish = (span) => QUOTED.find(([, turkish]) => turkish === span)?.[0] ?? span;

/** A page from heading to heading: the tokens of each section. What stands before the second is the first one's. */
function sectionsOf(page) {
  const tokens = tokensOf(page);
  const starts = tokens.flatMap((token, at) => (isHeading(token) ? [at] : []));
  return starts.map((start, number) => tokens.slice(start, starts[number + 1]));
}

const ofType = (section, wanted) => section.filter(({ type }) => type === wanted);
const sorted = (texts) => texts.map(inEnglish).sort();

/** What runs or is compared by a machine. A comment in a command, and what ping, relay and deploy print, are for people. */
function codeOf(section) {
  const blocks = ofType(section, "code").map(({ lang, text }) => ({ lang, text: text.replace(/ +# .*$/gm, "") }));
  return blocks.filter(({ text }) => !Object.values(TEXTS).some((texts) => isPrinted(text, texts)));
}

/** Whether ping has printed it, or relay a table, or deploy why it uploads nothing. */
const isPrinted = (text, { typeSecret, created, correct }) =>
  text.includes(typeSecret.trimEnd()) || text.startsWith(`${created} `) || text.endsWith(correct(""));

/** Of each table the number of columns, and of each cell the code spans and the numbers. */
const tablesOf = (section) =>
  ofType(section, "table").map(({ header, rows }) => [header.length, rows.map((row) => row.map(factsOf))]);
const factsOf = (cell) => [...sorted(codeSpansOf(cell)), ...(textOf(cell).match(/\d+/g) ?? []).sort()];

/** The code spans outside of tables. */
function proseSpansOf(section) {
  const inTables = ofType(section, "table").flatMap(({ rows }) => rows.flat().flatMap(codeSpansOf));
  const spans = ofType(section, "codespan").map(({ text }) => text);
  for (const span of inTables) spans.splice(spans.indexOf(span), 1);
  return Array.from(new Set(sorted(spans)));
}

/** Where a section's links lead, in English: to the page, and to the heading that stands in the same place. */
function linksOf(section, page) {
  const hrefs = [...ofType(section, "link"), ...ofType(section, "image")].map(({ href }) => href);
  return hrefs.map((href) => englishHref(page, href)).sort();
}

function englishHref(page, href) {
  if (/^[a-z]+:/.test(href)) return href;
  const [path, anchor] = href.split("#");
  const target = path ? normalize(join(dirname(page), path)) : page;
  const english = englishOf(target);
  if (!anchor) return english;
  const place = PAGES.includes(target) ? anchorsOf(target).indexOf(decodeURIComponent(anchor)) : -1;
  return `${english}#${english === target ? anchor : anchorsOf(english)[place]}`;
}

for (const page of TRANSLATED) {
  describe(`${page} and ${englishOf(page)} have the same`, () => {
    const pages = { turkish: page, english: englishOf(page) };
    const sections = { turkish: sectionsOf(pages.turkish), english: sectionsOf(pages.english) };

    it("headings", () => {
      const [turkish, english] = [sections.turkish, sections.english].map((all) => all.map(([{ depth }]) => depth));
      assert.deepEqual(turkish, english);
    });

    for (const [number, english] of sections.english.entries()) {
      const turkish = sections.turkish[number] ?? [];
      const heading = english[0].text;
      it(`code below "${heading}"`, () => assert.deepEqual(codeOf(turkish), codeOf(english)));
      it(`tables below "${heading}"`, () => assert.deepEqual(tablesOf(turkish), tablesOf(english)));
      it(`code spans below "${heading}"`, () => assert.deepEqual(proseSpansOf(turkish), proseSpansOf(english)));
      // The first section has the link to the other language, and the README's the picture with words of its own.
      if (number > 0) {
        it(`links below "${heading}"`, () => {
          assert.deepEqual(linksOf(turkish, pages.turkish), linksOf(english, pages.english));
        });
      }
    }

    it("link to each other at the top", () => {
      const first = (which) => ofType(sections[which][0], "link")[0];
      const base = (path) => path.split("/").at(-1);
      assert.deepEqual([first("turkish").text, first("turkish").href], ["English", base(pages.english)]);
      assert.deepEqual([first("english").text, first("english").href], ["Türkçe", base(pages.turkish)]);
    });

    it("readers: what is there in Turkish is linked in Turkish", () => {
      const hrefs = sections.turkish.flatMap((section) => ofType(section, "link")).map(({ href }) => href.split("#")[0]);
      const english = hrefs.slice(1).filter((href) => TRANSLATED.map(englishOf).includes(normalize(join(dirname(page), href))));
      assert.deepEqual(english, []);
    });
  });
}

/** The texts of src/storefront/note.rs, with … for what differs, and without the blanks and the … around them. */
function notes() {
  const source = readFileSync(inRoot("src/storefront/note.rs"), "utf8").replace(/^ *\/\/.*$/gm, "").replace(/\\\n */g, "");
  const literals = Array.from(source.matchAll(/"([^"]*)"/g), ([, text]) => text.replace(/\{[^}]*\}/g, "…"));
  return literals.map(bare).filter((text) => /\p{L}+.*\p{L}/u.test(text));
}

const bare = (text) => text.replace(/^[\s…]+|[\s…]+$/g, "");

/** What stands in italics in the first column of the two tables of notes. */
function quotedNotes(page) {
  const tables = tokensOf(page).filter(({ type, header }) => type === "table" && /^(?:note|words in the note|not|nottaki sözler)$/.test(header[0].text));
  return tables.flatMap(({ rows }) => rows.map(([cell]) => bare(textOf(cell))));
}

describe("what docs/woocommerce.md and docs/woocommerce.tr.md quote of the relay's notes", () => {
  const pages = ["docs/woocommerce.md", "docs/woocommerce.tr.md"];
  it("is each of them, and as it is written", () => assert.deepEqual(pages.flatMap(quotedNotes).sort(), notes().sort()));
});

describe("what the pages quote of ping", () => {
  for (const [english, turkish, text] of QUOTED) {
    it(`is what it says: ${english}`, () => {
      assert.ok(text(TEXTS.en).includes(english));
      assert.ok(text(TEXTS.tr).includes(turkish));
    });
  }
});

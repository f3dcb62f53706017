// What a page says of the repository is there: every code span that looks like a path of it. And no file has been left in
// the middle of a merge.
//
// In scope: paths from the checkout, from `src/` and from the page's own folder, and names of files alone. Not in scope: what
// is built (whatever git ignores), and commands (commands.test.mjs).
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, posix } from "node:path";
import { describe, it } from "node:test";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { PAGES, tokensOf } from "./support/pages.mjs";

const FILES = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" })
  .split("\0")
  .filter((file) => file && statSync(inRoot(file), { throwIfNoEntry: false })?.isFile());
const NAMES = new Set(FILES.map((file) => basename(file)));
const FOLDERS = new Set(FILES.flatMap(foldersOf));
const SOURCE = /\.(?:rs|mjs|js|py|php|sh|toml|jsonl?|yaml|md|css|html|svg|png)$/;
/** In Wycheproof's repository; in a shop's WordPress; what the reader writes. */
const OTHERS = ["testvectors_v1/hmac_sha256_test.json", "wp-config.php", "storefronts.json"];
const PATH = /^\.?[\w@-][\w.@*-]*(?:\/[\w.@*-]+)*\/?$/;

/** `a/b/c` is in `a` and in `a/b`. */
function foldersOf(file) {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Where a path on this page may begin. */
const basesOf = (page) => ["", "src", dirname(page), `${dirname(page)}/src`].map((base) => (base === "." ? "" : base));

/** Whether a span is meant as a path: it has a source file's ending, or begins with a folder of ours. */
function isPath(page, span) {
  if (!PATH.test(span) || OTHERS.includes(span)) return false;
  const [first] = span.split("/");
  return SOURCE.test(span) || (span.includes("/") && basesOf(page).some((base) => FOLDERS.has(posix.join(base, first))));
}

function isThere(page, span) {
  if (!span.includes("/") && NAMES.has(span)) return true;
  const pattern = span.replace(/\/$/, "").replace(/[.]/g, "\\.").replace(/\*/g, "[^/]*");
  return basesOf(page).some((base) => {
    const whole = new RegExp(`^${posix.join(base, "/").replace(/^\//, "")}${pattern}(?:/|$)`);
    return FILES.some((file) => whole.test(file));
  });
}

/** Whether git leaves it out, as it does with what is built. */
const isIgnored = (path) => spawnSync("git", ["check-ignore", "--quiet", "--no-index", path], { cwd: ROOT }).status === 0;

const missingOf = (page, spans) => spans.filter((span) => isPath(page, span) && !isThere(page, span) && !isIgnored(span));

describe("every path that a page names is there", () => {
  for (const page of PAGES) {
    it(page, () => assert.deepEqual(missingOf(page, tokensOf(page).filter(({ type }) => type === "codespan").map(({ text }) => text)), []));
  }

  it("and one that is not is noticed", () => {
    const gone = ["src/nothing.rs", "src/nothing/", "platform/nothing.rs", "nothing.mjs", "tests/nothing/*.test.mjs", "gone/file.rs"];
    assert.deepEqual(missingOf("README.md", gone), gone);
    const there = ["src/lib.rs", "src/", "tests/docs/*.test.mjs", "pages.mjs", "build/index.js", "text/plain", "1/2", ".ci/run"];
    assert.deepEqual(missingOf("README.md", there), []);
    assert.deepEqual(missingOf("sandbox/README.md", ["src/main.rs", "tests/"]), []);
  });
});

describe("no file is in the middle of a merge", () => {
  const hasMarkers = (text) => /^(?:<{7} .*|={7}|>{7} .*)\r?$/m.test(text);

  it("of all that git has", () => assert.deepEqual(FILES.filter((file) => hasMarkers(readFileSync(inRoot(file), "latin1"))), []));

  it("and one that is would be noticed", () => {
    for (const marker of ["<<<<<<< HEAD", "=======", ">>>>>>> other"]) assert.ok(hasMarkers(`a\n${marker}\nb\n`), marker);
    assert.ok(!hasMarkers("a heading\n========\n"));
  });
});

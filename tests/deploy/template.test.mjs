// The folder `template/`, which a Deploy to Cloudflare button takes: it is what `init` makes, from this checkout's own files.
//
// In scope: that it has not fallen behind. Not in scope: whether such a folder works (tests/package).
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { filesOf, ownVersion } from "../../scripts/init/template.mjs";
import { inRoot } from "../../scripts/paths.mjs";

const FILES = filesOf({ name: "paytr-link-relay", merchantId: "", version: ownVersion() });

describe("template/, which scripts/init/write-template.mjs writes", () => {
  it("has the files that init makes, and no other", () => {
    assert.deepEqual(readdirSync(inRoot("template")).sort(), Object.keys(FILES).sort());
  });

  for (const [name, text] of Object.entries(FILES)) {
    it(`is up to date in ${name}`, () => assert.equal(readFileSync(inRoot(`template/${name}`), "utf8"), text));
  }

  it("depends on this version, and on what npm may take in its place", () => {
    const { version } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
    assert.deepEqual(JSON.parse(FILES["package.json"]).dependencies, { "paytr-link-relay": `^${version}` });
  });
});

// What .github/workflows/release.yml runs of this repository: a release's notes. The workflow itself runs at GitHub alone.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { ownFolder } from "../support/ends.mjs";

const VERSIONED = ["package.json", "package-lock.json", "Cargo.toml", "openapi.yaml"];
const { version } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));

describe("the notes of a release", () => {
  const directory = ownFolder("release");
  beforeEach(() => {
    const scripts = ["release-notes.mjs", "paths.mjs", "user-error.mjs"].map((file) => `scripts/${file}`);
    for (const file of [...scripts, ...VERSIONED]) cpSync(inRoot(file), join(directory, file));
    const heading = `## [${version}] - 2026-12-01`;
    writeFileSync(join(directory, "CHANGELOG.md"), `# Changelog\n\n## [Unreleased]\n\n${heading}\n\n### Added\n\n- This.\n\n## [0.0.1] - 2026-01-01\n\n- That.\n`);
  });

  const notes = (...args) => call([process.execPath, join(directory, "scripts/release-notes.mjs"), ...args], []);
  const edit = (file, change) => writeFileSync(join(directory, file), change(readFileSync(join(directory, file), "utf8")));

  it("are its part of CHANGELOG.md", async () => {
    const { status, out } = await notes(`v${version}`);
    assert.deepEqual([status, out], [0, "### Added\n\n- This.\n"]);
  });

  for (const file of VERSIONED) {
    it(`are refused while ${file} has another version`, async () => {
      edit(file, (text) => text.replace(version, "9.9.9"));
      const { status, output } = await notes(`v${version}`);
      assert.deepEqual([status, output.trim()], [1, `Not of version ${version}: ${file}`]);
    });
  }

  it("are refused while CHANGELOG.md says nothing of it", async () => {
    edit("CHANGELOG.md", (text) => text.replace(`[${version}]`, "[9.9.9]"));
    assert.equal((await notes(`v${version}`)).status, 1);
  });

  it("are refused of what is no version", async () => {
    for (const args of [[], [version], ["v1"], ["main"]]) assert.equal((await notes(...args)).status, 1, args.join(" "));
  });
});

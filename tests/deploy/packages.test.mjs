// package-lock.json: what npm installs is what was reviewed, on every platform.
//
// The packages of other platforms are optional, and npm writes no checksum for one that it did not look up.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";

const { packages } = JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8"));
const installed = Object.entries(packages).filter(([place]) => place !== "");

/** Whether a package at `place` finds one of this name, in its own node_modules or in those above. */
function finds(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
    if (folder === "") return false;
  }
}

describe("package-lock.json", () => {
  it("has the checksum of every package", () => {
    const without = installed.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
    assert.deepEqual(without.map(([place]) => place), []);
  });

  it("has the packages of every platform", () => {
    const missing = Object.entries(packages).flatMap(([place, needs]) => {
      const names = Object.keys({ ...needs.dependencies, ...needs.devDependencies, ...needs.optionalDependencies });
      return names.filter((name) => !finds(place, name)).map((name) => `${name} of ${place || "the project"}`);
    });
    assert.deepEqual(missing, []);
    const platforms = installed.filter(([place]) => /^node_modules\/@cloudflare\/workerd-/.test(place));
    assert.deepEqual(new Set(platforms.flatMap(([, { os }]) => os)), new Set(["darwin", "linux", "win32"]));
  });
});

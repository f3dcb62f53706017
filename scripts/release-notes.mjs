// `node scripts/release-notes.mjs v0.1.0`: the notes of a release, which are its part of CHANGELOG.md. It ends with 1 unless all
// that has a version has this one.
import { readFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { UserError, runMain } from "./user-error.mjs";

/** By file: where it says the version. */
const VERSIONS = {
  "package.json": /^ {2}"version": "(.+)",$/m,
  "package-lock.json": /^ {2}"version": "(.+)",$/m,
  "Cargo.toml": /^\[workspace\.package\]\nversion = "(.+)"$/m,
  "openapi.yaml": /^ {2}version: (.+)$/m,
};

await runMain(async () => {
  const [, version] = /^v(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(process.argv[2] ?? "") ?? [];
  if (!version) throw new UserError("Which release?\n  node scripts/release-notes.mjs v0.1.0");
  const text = (file) => readFileSync(inRoot(file), "utf8");
  const others = Object.entries(VERSIONS).filter(([file, pattern]) => pattern.exec(text(file))?.[1] !== version);
  if (others.length > 0) throw new UserError(`Not of version ${version}: ${others.map(([file]) => file).join(", ")}`);
  const parts = text("CHANGELOG.md").split(/^(?=## )/m);
  const own = parts.find((part) => part.startsWith(`## [${version}]`));
  const notes = own?.replace(/^.*\n/, "").trim();
  if (!notes) throw new UserError(`CHANGELOG.md says nothing of ${version}.`);
  console.log(notes);
});

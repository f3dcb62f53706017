// Python environments of the tests' own.
import { existsSync } from "node:fs";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";

/** Makes one in a folder, if it is not there, and installs the versions that a file of the checkout asks for. */
export async function makeVenv(folder, requirements) {
  if (!existsSync(`${folder}/bin/pip`)) await execa("python3", ["-m", "venv", folder]);
  await execa(`${folder}/bin/pip`, ["install", "--quiet", "--disable-pip-version-check", "-r", inRoot(requirements)]);
}

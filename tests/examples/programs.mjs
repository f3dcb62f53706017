// The examples as programs: what each needs, and how it is called.
import { existsSync } from "node:fs";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";

export const VENV = inRoot("target/examples/python");
const PHP = inRoot("examples/send.php");
/** What a PHP without the curl extension is to a script; on some systems the extension is built in. */
export const NO_CURL = ["-d", "disable_functions=curl_exec"];
const RUST = inRoot("target/examples/debug/send");

/** `needs` are tools of tools.mjs; `prepare` makes what `command` calls. */
export const PROGRAMS = [
  { name: "send.sh", needs: ["curl", "openssl"], command: [inRoot("examples/send.sh")] },
  { name: "send.mjs", needs: [], command: [process.execPath, inRoot("examples/send.mjs")] },
  { name: "send.py", needs: ["python3"], prepare: makeVenv, command: [`${VENV}/bin/python3`, inRoot("examples/send.py")] },
  { name: "send.php with curl", needs: ["php", "php-curl"], command: ["php", PHP] },
  { name: "send.php without curl", needs: ["php"], command: ["php", ...NO_CURL, PHP] },
  { name: "rust", needs: ["cargo"], prepare: buildRust, command: [RUST] },
];

export async function makeVenv() {
  const requirements = inRoot("examples/requirements.txt");
  if (!existsSync(`${VENV}/bin/pip`)) await execa("python3", ["-m", "venv", VENV]);
  await execa(`${VENV}/bin/pip`, ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
}

export async function buildRust() {
  const manifest = ["--manifest-path", inRoot("examples/rust/Cargo.toml")];
  await execa("cargo", ["build", "--quiet", "--locked", ...manifest, "--target-dir", inRoot("target/examples")]);
}

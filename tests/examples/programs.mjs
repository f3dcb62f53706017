// The examples as programs: what each needs, and how it is called.
import { mkdirSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { whySkip } from "../support/tools.mjs";
import { makeVenv as makeVenvOf } from "../support/venv.mjs";

export const VENV = inRoot("target/examples/python");
export const makeVenv = () => makeVenvOf(VENV, "examples/requirements.txt");
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
  { name: "send.cs", needs: ["mono"], prepare: buildCsharp, command: ["mono", inRoot("target/examples/send.exe")] },
  { name: "rust", needs: ["cargo"], prepare: buildRust, command: [RUST] },
];

/** Prepares those programs whose tools are there. */
export async function prepareAll(programs) {
  for (const { needs, prepare } of programs) if (!whySkip(needs)) await prepare?.();
}

/** Both programs, with what their heads say of each. */
export async function buildCsharp() {
  mkdirSync(inRoot("target/examples"), { recursive: true });
  for (const name of ["send", "receive"]) {
    const [, references] = /mcs -out:\S+ -r:(\S+) /.exec(readFileSync(inRoot(`examples/csharp/${name}.cs`), "utf8"));
    const args = ["-warnaserror", `-r:${references}`, `-out:target/examples/${name}.exe`, `examples/csharp/${name}.cs`];
    await execa("mcs", args, { cwd: ROOT });
  }
}

export async function buildRust() {
  const manifest = ["--manifest-path", inRoot("examples/rust/Cargo.toml")];
  await execa("cargo", ["build", "--quiet", "--locked", ...manifest, "--target-dir", inRoot("target/examples")]);
}

// The examples as programs: what each needs, and how it is called.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { inRoot } from "./paths.mjs";

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

/** Calls a program, in a directory if one is given, and resolves with `{ status, out, err }`. */
export function call(command, args, env, cwd) {
  const [program, ...first] = command;
  const { PATH, HOME } = process.env;
  const child = spawn(program, [...first, ...args], { cwd, env: { PATH, HOME, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, out, err }));
  });
}

export function makeVenv() {
  const requirements = inRoot("examples/requirements.txt");
  if (!existsSync(`${VENV}/bin/pip`)) run("python3", ["-m", "venv", VENV]);
  run(`${VENV}/bin/pip`, ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
}

export function buildRust() {
  const manifest = inRoot("examples/rust/Cargo.toml");
  run("cargo", ["build", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", inRoot("target/examples")]);
}

function run(program, args) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}:\n${error?.message ?? stderr}`);
}

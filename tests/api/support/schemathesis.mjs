// schemathesis as a program: in an environment of its own under target/, told where the relay is, asked what it did.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { call } from "../../support/call.mjs";
import { inRoot } from "../../../scripts/paths.mjs";
import { MERCHANT, SECRET } from "../../support/secrets.mjs";
import { FILE } from "./document.mjs";

/** What it needs of tools.mjs. */
export const NEEDS = ["python 3.11"];

const VENV = inRoot("target/api/python");
/** Where it may leave what it likes to leave. */
const DIRECTORY = inRoot("target/api");
const CALLS = inRoot("target/api/calls.jsonl");

/** Installs the versions of requirements.txt. */
export async function prepare() {
  mkdirSync(DIRECTORY, { recursive: true });
  if (!existsSync(`${VENV}/bin/pip`)) await execa("python3", ["-m", "venv", VENV]);
  const requirements = inRoot("tests/api/requirements.txt");
  await execa(`${VENV}/bin/pip`, ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
}

/**
 * Runs it against a relay, and resolves with `{ status, report, calls }`: its exit status, what it wrote, and every
 * call that hooks.py has recorded, `{ call, mode, status, word, replayed, sends }`.
 */
export async function test(relay) {
  const command = [`${VENV}/bin/schemathesis`, "--no-color", "--config-file", inRoot("tests/api/schemathesis.toml")];
  // With the seed, the same cases every time, whatever sets and dictionaries they come from.
  const python = { PYTHONPATH: inRoot("tests/api"), PYTHONDONTWRITEBYTECODE: "1", PYTHONHASHSEED: "0" };
  const given = { OPENAPI: FILE, CALLS, WEBHOOK_SECRET: SECRET, ...MERCHANT, RELAY: relay };
  const env = { ...python, SCHEMATHESIS_HOOKS: "hooks", ...given };
  const { status, output } = await call(command, ["run", FILE, "--url", relay], env, DIRECTORY);
  const lines = readFileSync(CALLS, "utf8").trim().split("\n");
  return { status, report: output, calls: lines.map((line) => JSON.parse(line)) };
}

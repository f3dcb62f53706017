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
  await execa(`${VENV}/bin/pip`, [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "-r",
    inRoot("tests/api/requirements.txt"),
  ]);
}

/**
 * Runs it against a relay, and resolves with `{ status, report, calls }`: its exit status, what it wrote, and every
 * call that hooks.py has recorded, `{ call, mode, status, word, replayed, sends }`.
 */
export async function test(relay) {
  const command = [`${VENV}/bin/schemathesis`, "--no-color", "--config-file", inRoot("tests/api/schemathesis.toml")];
  const { status, output } = await call(
    command,
    ["run", FILE, "--url", relay],
    {
      OPENAPI: FILE,
      CALLS,
      WEBHOOK_SECRET: SECRET,
      ...MERCHANT,
      RELAY: relay,
      PYTHONPATH: inRoot("tests/api"),
      SCHEMATHESIS_HOOKS: "hooks",
      PYTHONDONTWRITEBYTECODE: "1",
      // The same cases every time, whatever sets and dictionaries they come from.
      PYTHONHASHSEED: "0",
    },
    DIRECTORY,
  );
  const calls = readFileSync(CALLS, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { status, report: output, calls };
}

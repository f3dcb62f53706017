// schemathesis makes requests of openapi.yaml, right ones and wrong ones, and holds the running Worker's answers to it.
//
// In scope: running it, and that it did something: hundreds of calls, of which the right ones were sent. Not in scope:
// what it checks, which schemathesis.toml and hooks.py say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { MERCHANT, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { makeVenv } from "../support/venv.mjs";
import { FILE } from "./support/document.mjs";
import { withRelays } from "./support/place.mjs";
import { USUAL } from "./support/scenarios.mjs";

const VENV = inRoot("target/api/python");
/** Where it may leave what it likes to leave. */
const DIRECTORY = inRoot("target/api");
const CALLS = inRoot("target/api/calls.jsonl");

/** Far below what comes with the seed of schemathesis.toml, far above what comes if nothing gets through. */
const LEAST_DONE = { sent: 60, created: 100, deleted: 5, found: 3, replayed: 5, pong: 5 };
const LEAST_NOTICES = 50;
const LEAST_REFUSED = { 400: 20, 401: 20, 405: 10, 415: 1, 422: 20 };

describe("schemathesis", { skip: whySkip(["python 3.11"]) }, () => {
  const place = withRelays({ relay: USUAL });
  let result;
  before(async () => {
    await makeVenv(VENV, "tests/api/requirements.txt");
    result = await test(place.urls.relay);
  });
  const count = (isCounted) => result.calls.filter(isCounted).length;

  it("finds no answer that openapi.yaml does not have", (context) => {
    const lines = result.calls.map(({ call, mode, status, word }) => [call, mode, status, word ?? ""].join(" ").trim());
    for (const line of [...new Set(lines)].sort()) {
      context.diagnostic(`${lines.filter((other) => other === line).length} × ${line}`);
    }
    context.diagnostic(`${lines.length} calls`);
    assert.equal(result.status, 0, result.report);
  });

  it("got right messages and pings through the check, and every right one", () => {
    const isRight = ({ call, mode }) => call === "POST /webhook" && mode === "positive";
    for (const [word, least] of Object.entries(LEAST_DONE)) {
      const done = count((call) => isRight(call) && call.word === word && !call.replayed);
      assert.ok(done >= least, `${done} × ${word}`);
    }
    assert.equal(count((call) => isRight(call) && call.status !== 200), 0);
  });

  it("got right notices through the check, and every right one", () => {
    const isRight = ({ call, mode }) => call === "POST /callback" && mode === "positive";
    assert.ok(count((call) => isRight(call) && call.status === 200) >= LEAST_NOTICES);
    assert.equal(count((call) => isRight(call) && call.status !== 200), 0);
  });

  it("got every kind of refusal that a caller can earn", () => {
    for (const [status, least] of Object.entries(LEAST_REFUSED)) {
      const refused = count((call) => call.mode === "negative" && call.status === Number(status));
      assert.ok(refused >= least, `${refused} × ${status}`);
    }
  });

  it("had PayTR asked once for every message that was answered as done, and for no other", async () => {
    const { total, messages } = await (await fetch(`${place.sandbox.url}/outbox/messages`)).json();
    const done = ["sent", "created", "deleted"];
    const asked = result.calls.filter(({ word, replayed }) => done.includes(word) && !replayed);
    assert.equal(total, asked.reduce((sum, { sends }) => sum + 1 + sends, 0));
    assert.deepEqual(messages.filter(({ delivered }) => !delivered), []);
  });
});

/**
 * Runs it against a relay, and resolves with `{ status, report, calls }`: its exit status, what it wrote, and every
 * call that hooks.py has recorded, `{ call, mode, status, word, replayed, sends }`.
 */
async function test(relay) {
  const command = [`${VENV}/bin/schemathesis`, "--no-color", "--config-file", inRoot("tests/api/schemathesis.toml")];
  // With the seed, the same cases every time, whatever sets and dictionaries they come from.
  const python = { PYTHONPATH: inRoot("tests/api"), PYTHONDONTWRITEBYTECODE: "1", PYTHONHASHSEED: "0" };
  const given = { OPENAPI: FILE, CALLS, WEBHOOK_SECRET: SECRET, ...MERCHANT, RELAY: relay };
  const env = { ...python, SCHEMATHESIS_HOOKS: "hooks", ...given };
  const { status, output } = await call(command, ["run", FILE, "--url", relay], env, DIRECTORY);
  const lines = readFileSync(CALLS, "utf8").trim().split("\n");
  return { status, report: output, calls: lines.map((line) => JSON.parse(line)) };
}

// The soak, short: what `npm run bench:soak` does for twenty minutes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";

test("with failures on every side nothing is lost, nothing comes twice, and every answer stays", async () => {
  const { status, output } = await call([process.execPath, inRoot("bench/soak.mjs")], ["--seconds", "20"], process.env);
  console.log(output);
  assert.equal(status, 0, "the soak says above what is wrong, and which --seed it began with");
});

// Waiting for what comes by itself.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** How long something is waited for that comes by itself. */
const PATIENCE_MS = 30_000;

/** Looks until it is right, and gives what is seen. */
export async function until(look, isRight) {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const seen = await look();
    if (isRight(seen)) return seen;
    assert.ok(Date.now() < deadline, JSON.stringify(seen));
  }
}

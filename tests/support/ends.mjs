// What a file, or a `describe`, makes for its tests and ends after them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A new folder, removed after the tests. */
export function ownFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Gives `keep`, which gives on what was started; all that it has seen is stopped after the tests, the last first. */
export function endings() {
  const stops = [];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  return async (starting) => {
    const started = await starting;
    stops.push(() => started.stop());
    return started;
  };
}

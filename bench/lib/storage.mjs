// Where ledgers are kept while they are measured: in memory where there is such a place. Workers are compared, not disks.
// And what is done to them while nothing runs on them.

import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";
import { NODE } from "../../tests/support/tools.mjs";

const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export const temporaryDirectory = () => mkdtempSync(join(PLACE, "relay-bench-"));

const run = (script, ...given) => execa(NODE, ["--no-warnings", inRoot(script), ...given.map(String)]);

/** Makes everything older by so many days. */
export const age = (storage, days) => run("tests/worker/support/storage.mjs", "age", storage, days);

/** Makes about so many links, and messages if that is said, by copying rows. */
export const copyRows = (storage, ...counts) => run("bench/lib/copy-rows.mjs", storage, ...counts);

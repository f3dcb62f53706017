// Where ledgers are kept while they are measured: in memory where there is such a place. Workers are compared, not disks.

import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export const temporaryDirectory = () => mkdtempSync(join(PLACE, "relay-bench-"));

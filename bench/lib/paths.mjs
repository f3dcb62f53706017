// Where things are.

import { join } from "node:path";
import { ROOT as root, inRoot } from "../../scripts/paths.mjs";

export { root };
export const bench = inRoot("bench");
export const out = join(bench, "build");

// Where things are.

import { fileURLToPath } from "node:url";
import { join } from "node:path";

export const bench = fileURLToPath(new URL("..", import.meta.url));
export const root = join(bench, "..");
export const out = join(bench, "build");

/** A tool of the project's own `node_modules`. */
export const tool = (name) => join(root, "node_modules/.bin", name);

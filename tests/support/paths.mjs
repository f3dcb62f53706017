// Where things are.
import { fileURLToPath } from "node:url";

/** The path of a file of this repository. */
export const inRoot = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

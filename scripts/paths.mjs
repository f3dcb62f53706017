import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The path of a file of the checkout. */
export const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

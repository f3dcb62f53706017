// What is deployed, in bytes.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export function sizes({ modules }) {
  const files = Object.values(modules).map((path) => readFileSync(path));
  const total = (measure) => files.reduce((sum, file) => sum + measure(file), 0);
  return { raw: total((file) => file.length), gzip: total(gzipped) };
}

/** By the program that CI measures with: zlib's implementations differ by a hundredth. */
function gzipped(input) {
  return execFileSync("gzip", ["-9", "-c"], { input }).length;
}

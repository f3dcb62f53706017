// What is deployed, in bytes.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

export function sizes({ modules }) {
  const files = Object.values(modules).map((path) => readFileSync(path));
  const total = (measure) => files.reduce((sum, file) => sum + measure(file), 0);
  return { raw: total((file) => file.length), gzip: total((file) => gzipSync(file, { level: 9 }).length) };
}

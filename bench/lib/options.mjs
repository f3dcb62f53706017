// The options of a benchmark's command line.

import { parseArgs } from "node:util";

/** Options by their defaults: numbers, texts and flags; `undefined` is a text that may be missing. */
export function options(defaults) {
  const described = Object.entries(defaults).map(([name, value]) => [
    name,
    typeof value === "boolean" ? { type: "boolean", default: value } : { type: "string", default: value?.toString() },
  ]);
  const { values } = parseArgs({ options: Object.fromEntries(described) });
  for (const name in defaults) if (typeof defaults[name] === "number") values[name] = Number(values[name]);
  return values;
}

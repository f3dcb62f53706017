// `node scripts/openapi-for-generators.mjs > relay.yaml`: openapi.yaml without its patterns, for generators whose clients check a
// pattern in a dialect of regular expressions that lacks Unicode's classes, as openapi-generator's PHP and Python do. The relay
// checks every field itself.
import { readFileSync } from "node:fs";
import { library } from "./library.mjs";
import { inRoot } from "./paths.mjs";
import { runMain } from "./user-error.mjs";

await runMain(async () => {
  const { parseDocument, visit } = await library("yaml");
  const document = parseDocument(readFileSync(inRoot("openapi.yaml"), "utf8"));
  visit(document, { Pair: (_, { key }) => (key.value === "pattern" ? visit.REMOVE : undefined) });
  process.stdout.write(document.toString());
});

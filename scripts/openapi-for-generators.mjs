// `node scripts/openapi-for-generators.mjs > relay.yaml`: what a shop asks, of openapi.yaml, as generators of clients take it. Without
// what PayTR, shop platforms and the relay itself post; without patterns, which openapi-generator's PHP and Python clients check in a
// dialect of regular expressions that lacks Unicode's classes; and without `not`, which its Python does not know. The relay checks
// every field itself.
import { readFileSync } from "node:fs";
import { library } from "./library.mjs";
import { inRoot } from "./paths.mjs";
import { runMain } from "./user-error.mjs";

const LEFT_OUT = ["pattern", "not"];
const ASKED = ["/webhook", "/health"];

await runMain(async () => {
  const { parseDocument, visit } = await library("yaml");
  const document = parseDocument(readFileSync(inRoot("openapi.yaml"), "utf8"));
  document.delete("webhooks");
  for (const { key } of [...document.get("paths").items]) if (!ASKED.includes(key.value)) document.deleteIn(["paths", key.value]);
  visit(document, { Pair: (_, { key }) => (LEFT_OUT.includes(key.value) ? visit.REMOVE : undefined) });
  process.stdout.write(document.toString());
});

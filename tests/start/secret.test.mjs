// `npm run secret` and the words behind it. What it makes is tested with the package (tests/package).
import assert from "node:assert/strict";
import { it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";

for (const [what, words, lang, status, says] of [
  ["makes a secret without any word", [], "C.UTF-8", 0, /whsec_/],
  ["says with --help what it does, and makes none", ["--help"], "C.UTF-8", 0, /^npm run secret: makes a webhook secret\. It takes no options\.\n$/],
  ["says so in Turkish where the locale is", ["--help"], "tr_TR.UTF-8", 0, /^npm run secret: bir imza anahtarı üretir\. Seçeneği yoktur\.\n$/],
  ["refuses a word that it does not know, and makes none", ["--bytes", "32"], "C.UTF-8", 1, /^\nNo option takes --bytes 32\. No secret was made\.\n\n$/],
]) {
  it(`npm run secret ${what}`, async () => {
    const { status: ended, output } = await call([process.execPath, inRoot("scripts/secret.mjs")], words, { LC_ALL: lang });
    assert.equal(ended, status, output);
    assert.match(output, says);
  });
}

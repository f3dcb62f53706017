// What the screens of `npm start` and `npm run demo` hold in either language, by themselves. Not in scope: a start that
// goes well (running.test.mjs); other texts (tests/docs/terminal.test.mjs).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TEXTS as DEMO } from "../../scripts/demo/texts.mjs";
import { TEXTS as START } from "../../scripts/start/texts.mjs";

describe("the screens", () => {
  const about = { relayUrl: "<relay>", sandboxUrl: "<sandbox>", shopUrl: "<shop>", exports: "<exports>", create: "<create>", devVars: "<file>", events: "<events>" };
  for (const [name, screen] of [["npm start", ({ screen }) => screen], ["npm run demo", (_, { screen }) => screen], ["its WooCommerce", (_, { woocommerceScreen }) => woocommerceScreen]]) {
    it(`that of ${name} has the same addresses and commands in both languages`, () => {
      const [english, turkish] = ["en", "tr"].map((language) => screen(START[language], DEMO[language])(about));
      const facts = (text) => text.match(/<\w+>|npm run \w+|SEND_LIMITS=\[\]|\{"outcome":"\w+"|Ctrl-C|src\/|\b[12345]\b/g).sort();
      assert.deepEqual(facts(turkish), facts(english));
    });
  }
});

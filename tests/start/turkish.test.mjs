// What `npm start`, `npm run demo` and what they begin say where the locale is Turkish.
//
// In scope: the screens by themselves, and what is refused before anything is built. Not in scope: a start that goes well
// (running.test.mjs); other texts (tests/docs/terminal.test.mjs).
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { TEXTS as DEMO } from "../../scripts/demo/texts.mjs";
import { TEXTS as START } from "../../scripts/start/texts.mjs";
import { NpmStart, holdPort, ownPlace } from "../support/npm-start.mjs";

/** What a script says that is refused before its first step. */
async function refusal(place, script) {
  const start = new NpmStart(place, script, [], "tr_TR.UTF-8");
  assert.equal(await start.closed, 1, start.output);
  rmSync(place.directory, { recursive: true });
  return start.output;
}

describe("under a Turkish locale", () => {
  for (const script of ["start", "demo"]) {
    it(`npm run ${script} names in Turkish what is wrong in .dev.vars`, async () => {
      const place = await ownPlace();
      writeFileSync(path.join(place.directory, ".dev.vars"), "SEND_LIMIT=[]\nEVENTS_SECRETS=whsec_short\n");
      const output = await refusal(place, script);
      assert.match(output, /\.dev\.vars dosyası yanlış:\n {2}SEND_LIMIT relay'in bir ayarı değil\.\n/);
      assert.match(output, / {2}PAYTR_MERCHANT_KEY eksik ya da boş\.\n/);
      assert.match(output, / {2}EVENTS_SECRETS whsec_ ve en az 24 baytın base64'ü ile başlamıyor\.\nDüzeltin ya da silin/);
    });
  }

  it("npm start names in Turkish a port that is taken", async () => {
    const place = await ownPlace();
    const holder = await holdPort(place.relayPort);
    const output = await refusal(place, "start");
    holder.stop();
    assert.match(output, /portu dolu; başka bir terminalde npm start çalışıyor olabilir/);
  });
});

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

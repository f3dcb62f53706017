// What commands say in a terminal, in both languages: neither has a text that the other lacks, and none is in the wrong one.
//
// In scope: the texts by themselves, of every command that has them in a file. Not in scope: when a command says which (tests/ping,
// tests/relay, tests/explain, tests/deploy, tests/start, tests/package).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseExpressionAt } from "acorn";
import { TEXTS as DEMO } from "../../scripts/demo/texts.mjs";
import { TEXTS as DEPLOY } from "../../scripts/deploy/texts.mjs";
import { TEXTS as EXPLAIN } from "../../scripts/explain/texts.mjs";
import { textsFor as initTextsFor } from "../../scripts/init/texts.mjs";
import { TEXTS as MACHINE } from "../../scripts/machine-texts.mjs";
import { TEXTS as PING } from "../../scripts/ping/texts.mjs";
import { TEXTS as RELAY } from "../../scripts/relay/texts.mjs";
import { TEXTS as START } from "../../scripts/start/texts.mjs";
import { TEXTS as TRIGGER } from "../../scripts/trigger/texts.mjs";

const INIT = { en: initTextsFor({ LC_ALL: "C" }), tr: initTextsFor({ LC_ALL: "tr_TR.UTF-8" }) };
const ALL = { DEMO, DEPLOY, EXPLAIN, INIT, MACHINE, PING, RELAY, START, TRIGGER };

/** Of an object of texts, and of those within: its members' names with a dot between, each with the texts that stand there. */
function membersOf(value, path = []) {
  const isGroup = value !== null && typeof value === "object" && [Object, Array].includes(value.constructor);
  if (!isGroup) return [[path.join("."), typeof value === "function" ? literalsOf(value) : [String(value)]]];
  return Object.entries(value).flatMap(([name, inner]) => membersOf(inner, [...path, name]));
}

/** The texts that stand in a function's own source. */
const literalsOf = (text) => literalsIn(parseExpressionAt(`(${text})`, 0, { ecmaVersion: "latest" }));

function literalsIn(node) {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (node === null || typeof node !== "object") return [];
  if (node.type === "Literal") return typeof node.value === "string" ? [node.value] : [];
  if (node.type === "TemplateElement") return [node.value.cooked];
  // What a member is called is nobody's text.
  const inner = node.type === "Property" ? [node.value] : Object.values(node);
  return inner.flatMap(literalsIn);
}

const SCREENS = {
  "npm start": [START, "screen"],
  "npm run demo": [DEMO, "screen"],
  "npm run demo with WooCommerce": [DEMO, "woocommerceScreen"],
};
const SHOWN = ["relayUrl", "sandboxUrl", "shopUrl", "exports", "create", "devVars", "events"];
const FACTS = /<\w+>|npm run \w+|SEND_LIMITS=\[\]|\{"outcome":"\w+"|Ctrl-C|src\/|\b[12345]\b/g;

const ENGLISH = /\b(?:the|this|that|is|are|was|of|and|with|for|its|it)\b/i;
/** PayTR's own names stand in English texts as they are. */
const TURKISH = /(?<!Ma)[ğışĞİŞ]/;

for (const [name, { en, tr }] of Object.entries(ALL)) {
  describe(`the texts of ${name}`, () => {
    const [english, turkish] = [en, tr].map((texts) => membersOf(texts));

    it("are the same in both languages", () => {
      const names = (members) => members.map(([member]) => member).sort();
      assert.deepEqual(names(turkish), names(english));
    });

    it("are in Turkish where they should be, and in English where they should be", () => {
      const inWrongOne = (members, other) => members.filter(([, texts]) => texts.some((text) => other.test(text)));
      assert.deepEqual(inWrongOne(turkish, ENGLISH), []);
      assert.deepEqual(inWrongOne(english, TURKISH), []);
    });
  });
}

for (const [what, [{ en, tr }, screen]] of Object.entries(SCREENS)) {
  it(`the screen of ${what} has the same addresses and commands in both languages`, () => {
    const about = Object.fromEntries(SHOWN.map((name) => [name, `<${name}>`]));
    const [english, turkish] = [en, tr].map((texts) => texts[screen](about).match(FACTS).sort());
    assert.deepEqual(turkish, english);
  });
}

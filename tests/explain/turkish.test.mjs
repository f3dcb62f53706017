// `npm run explain` where the locale is Turkish: what English says is said in Turkish, and nothing else is.
//
// In scope: a run of each kind, and words for every spelling of a body. Not in scope: what is found (the other tests of this
// folder); all other texts (tests/docs/terminal.test.mjs).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { bodySpellings } from "../../scripts/explain/body-spellings.mjs";
import { TEXTS } from "../../scripts/explain/texts.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { FOREIGN_SECRET, SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { NOW, assertExplained, ownFolder } from "./support.mjs";

const LANG = "tr_TR.UTF-8";
const folder = ownFolder();
const request = (parts) => () => folder.request(parts);
const secrets = { WEBHOOK_SECRET: SECRET };
const delivery = (change = (text) => text) => {
  const text = readFileSync(inRoot("tests/vectors/woocommerce/order.created.on-hold.http"), "latin1");
  const changed = change(text.replace("/hooks/woocommerce", "/hooks/shop"));
  return folder.write(changed, { name: "delivery.txt", encoding: "latin1" });
};

describe("npm run explain speaks Turkish under LANG=tr_TR.UTF-8", () => {
  for (const [what, file, env, status, says] of [
    ["of what is right", request(), secrets, 0, /^İmza doğru, üç başlık da öyle\.\n\nİmzalanan metin, 24 bayt:\n {2}00000000 /],
    ["of an old request", request({ timestamp: NOW - 7200 }), secrets, 1, /^İmza doğru, ama .*\n\nwebhook-timestamp .*request\.txt dosyasının yazıldığı zamana göre 7200 saniye \(2 saat: [^)]*\) geri\./],
    ["of a slip", request({ signedBody: '{"a": 1}' }), secrets, 1, /^Yanlış olan şu:\n\n1\. İmzalanan gövde, gelen gövdeden farklı: JSON \(virgüllerden[^]*Gönderenin imzaladığı, 25 bayt:[^]*00000016 numaralı bayttan/],
    ["of another secret", request({ secret: FOREIGN_SECRET }), secrets, 1, /^İmza yanlış[^]*Başka bir imza anahtarıyla imzalanmış/],
    ["of an event", request({ secret: FOREIGN_SECRET, id: "evt_1" }), secrets, 1, /Bu, relay'in bir olayı[^]*EVENTS_SECRETS/],
    ["of a request without its body", request({ end: "" }), secrets, 1, /^Gövde bulunamadı; .*\nBir isteğin başlıklarından sonra/],
    ["of a page", () => inRoot("LICENSE"), {}, 1, /İçinde webhook-… başlıkları yok\./],
    ["of a file that is not there", () => folder.file("absent"), {}, 1, /absent diye bir dosya yok\./],
    ["of a delivery", () => delivery(), { STOREFRONTS }, 0, /^İmza doğru; mağaza: shop\.\n\nRelay, 11 numaralı siparişin .* 1\.580,00 TL tutarında bir link oluşturur\.\n$/],
    ["of a delivery that is refused", () => delivery((text) => `${text.replace("Content-Length: 2136", "Content-Length: 2137")}\n`), { STOREFRONTS }, 1, /^Yanlış olan şu:\n\n1\. WooCommerce gelen metinden farklı bir metin imzalamış: sonunda bir satır sonu eksik\.[^]*imzalanan … "/],
    ["of a secret that is none", request(), { WEBHOOK_SECRET: "secret" }, 1, /İmza anahtarı \(WEBHOOK_SECRET\) whsec_ ve/],
  ]) {
    it(what, async () => {
      const output = await assertExplained([file()], { env: { LANG, ...env } }, status, says);
      assert.doesNotMatch(output.replace(/\((?:Settings|Permalinks)[^)]*\)/g, ""), /\b(?:the|is|are|was|of|and|with|that)\b/i);
    });
  }
});

describe("the texts of npm run explain", () => {
  const bodies = ['{"b":"ş<é/","a":[1,"x"]}\r\n', '"{}"', "\ufeff{}", "text", "{}\n"];
  const names = bodies.flatMap((body) => bodySpellings(Buffer.from(body), 1).map(({ name }) => name));

  it("have words for every spelling of a body", () => {
    assert.ok(names.length > 100);
    for (const name of names.filter(([first]) => first !== "undefined")) {
      for (const { slips } of Object.values(TEXTS)) assert.doesNotMatch(slips.body(name)[0], /undefined/, name.join());
    }
  });
});

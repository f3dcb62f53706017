// `npm run explain` where the locale is Turkish: what English says is said in Turkish, and nothing else is.
//
// In scope: a run of each kind, and words for every spelling of a body. Not in scope: what is found (the other tests of this
// folder); all other texts (tests/docs/terminal.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { bodySpellings } from "../../scripts/explain/body-spellings.mjs";
import { TEXTS } from "../../scripts/explain/texts.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { FOREIGN_SECRET, SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { explain } from "./support.mjs";

const NOW = 1_795_637_400;
const LANG = "tr_TR.UTF-8";

let directory;
before(() => (directory = mkdtempSync(join(tmpdir(), "explain-tr-"))));
after(() => rmSync(directory, { recursive: true }));

function requestFile({ secret = SECRET, id = "msg_1", signedBody, body = '{"a":1}', seconds = NOW, end = `\r\n\r\n${body}` } = {}) {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${signedBody ?? body}`).digest("base64");
  const head = [`webhook-id: ${id}`, `webhook-timestamp: ${seconds}`, `webhook-signature: v1,${signature}`];
  const file = join(directory, "request.txt");
  writeFileSync(file, ["POST /webhook HTTP/1.1", "host: relay.example", ...head].join("\r\n") + end);
  utimesSync(file, NOW, NOW);
  return file;
}

const secrets = { WEBHOOK_SECRET: SECRET };
const delivery = (change = (text) => text) => {
  const file = join(directory, "delivery.txt");
  const text = readFileSync(inRoot("tests/vectors/woocommerce/order.created.on-hold.http"), "latin1");
  writeFileSync(file, change(text.replace("/hooks/woocommerce", "/hooks/shop")), "latin1");
  return file;
};

describe("npm run explain speaks Turkish under LANG=tr_TR.UTF-8", () => {
  for (const [what, file, env, status, says] of [
    ["of what is right", () => requestFile(), secrets, 0, /^İmza doğru, üç başlık da öyle\.\n\nİmzalanan metin, 24 bayt:\n {2}00000000 /],
    ["of an old request", () => requestFile({ seconds: NOW - 7200 }), secrets, 1, /^İmza doğru, ama .*\n\nwebhook-timestamp .*request\.txt dosyasının yazıldığı zamana göre 7200 saniye \(2 saat: [^)]*\) geri\./],
    ["of a slip", () => requestFile({ signedBody: '{"a": 1}' }), secrets, 1, /^Yanlış olan şu:\n\n1\. İmzalanan gövde, gelen gövdeden farklı: JSON \(virgüllerden[^]*Gönderenin imzaladığı, 25 bayt:[^]*00000016 numaralı bayttan/],
    ["of another secret", () => requestFile({ secret: FOREIGN_SECRET }), secrets, 1, /^İmza yanlış[^]*Başka bir imza anahtarıyla imzalanmış/],
    ["of an event", () => requestFile({ secret: FOREIGN_SECRET, id: "evt_1" }), secrets, 1, /Bu, relay'in bir olayı[^]*EVENTS_SECRETS/],
    ["of a request without its body", () => requestFile({ end: "" }), secrets, 1, /^Gövde bulunamadı; .*\nBir isteğin başlıklarından sonra/],
    ["of a page", () => inRoot("LICENSE"), {}, 1, /İçinde webhook-… başlıkları yok\./],
    ["of a file that is not there", () => join(directory, "absent"), {}, 1, /absent diye bir dosya yok\./],
    ["of a delivery", () => delivery(), { STOREFRONTS }, 0, /^İmza doğru; mağaza: shop\.\n\nRelay, 11 numaralı siparişin .* 1\.580,00 TL tutarında bir link oluşturur\.\n$/],
    ["of a delivery that is refused", () => delivery((text) => `${text.replace("Content-Length: 2136", "Content-Length: 2137")}\n`), { STOREFRONTS }, 1, /^Yanlış olan şu:\n\n1\. WooCommerce gelen metinden farklı bir metin imzalamış: sonunda bir satır sonu eksik\.[^]*imzalanan … "/],
    ["of a secret that is none", () => requestFile(), { WEBHOOK_SECRET: "secret" }, 1, /İmza anahtarı \(WEBHOOK_SECRET\) whsec_ ve/],
  ]) {
    it(what, async () => {
      const { status: ended, output } = await explain([file()], { env: { LANG, ...env } });
      assert.equal(ended, status, output);
      assert.match(output, says);
      assert.doesNotMatch(output.replace(/\((?:Settings|Permalinks)[^)]*\)/g, ""), /\b(?:the|is|are|was|of|and|with|that)\b/i);
    });
  }

  it("English under LANG=C.UTF-8", async () => {
    const { output } = await explain([requestFile()], { env: { LANG: "C.UTF-8", ...secrets } });
    assert.match(output, /^The signature is right/);
  });
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

// `npm run ping`: what it says of a relay, of what is none, and of itself, in English and in Turkish.
//
// In scope: every answer it knows, from the built Worker in workerd where that gives it, else from a server made here.
// Not in scope: which pings the relay takes (tests/worker/ping.rs); that both languages have the same texts
// (tests/docs/terminal.test.mjs).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { whyRefused } from "../../scripts/asking/answers.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { TEXTS } from "../../scripts/ping/texts.mjs";
import { LOCALES } from "../support/call.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { startFlakyProxy } from "../support/flaky-proxy.mjs";
import { unheard } from "../support/listen.mjs";
import { startRelays } from "../support/relay.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET, SHOP_API_KEY, SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { atTerminal } from "../support/terminal.mjs";
import { whySkip } from "../support/tools.mjs";
import { ping, startServer } from "./support.mjs";

/** What is said in English, and in Turkish. */
const PONG = [/pong in \d+ ms/, /\d+ ms içinde pong/];
const both = (says) => [says, says];
const SECRETS = [SECRET, LONG_SECRET, FOREIGN_SECRET, SHOP_SECRET, SHOP_API_KEY];
const NOBODY = "http://127.0.0.1:9";
const SIGNED = { env: { WEBHOOK_SECRET: SECRET } };
const FOREIGN = { env: { WEBHOOK_SECRET: FOREIGN_SECRET } };

const json = (status, value) => [status, { "content-type": "application/json" }, JSON.stringify(value)];
const HEALTHY = json(200, { status: "ok" });
const pong = (more) => json(200, { outcome: "pong", ...more });
const problem = (status, code) => [
  status,
  { "content-type": "application/problem+json" },
  JSON.stringify({ status, code, detail: "Words." }),
];
const page = (status) => [status, { "content-type": "text/html" }, "<h1>Shop</h1>"];
const atHealth = (health) => ({ "GET /health": health });
const atWebhook = (answer) => ({ "GET /health": HEALTHY, "POST /webhook": answer });

const directory = ownFolder("ping");
const keep = endings();
let urls;
before(async () => {
  const relays = await keep(startRelays(NOBODY, {
    good: {},
    rotating: { WEBHOOK_SECRETS: `${LONG_SECRET} ${SECRET}` },
    reporting: { EVENTS_URL: "https://shop.example/paytr-events" },
    shops: { STOREFRONTS },
    wrong: { SEND_LIMITS: "none", PAYTR_MERCHANT_KEY: "" },
  }));
  ({ urls } = relays);
});

/** The address of a server that answers so. */
const serverThat = async (answers) => (await keep(startServer(answers))).url;

/**
 * Asserts how a ping ends in each language, that it says what it should in each, and that it never shows a secret. Resolves
 * with what it says, in English and in Turkish.
 */
function assertPing(args, how, status, says) {
  return Promise.all(Object.values(LOCALES).map(async (LC_ALL, language) => {
    const { status: ended, output } = await ping(args, { ...how, env: { LC_ALL, ...how.env } });
    assert.equal(ended, status, output);
    assert.match(output, says[language]);
    for (const secret of SECRETS) assert.ok(!output.includes(secret.slice(8)), output);
    assert.ok(status === 1 || !output.includes("    at "), output);
    return output;
  }));
}

describe("npm run ping, to a relay", () => {
  for (const path of ["", "/", "/webhook", "/health"]) {
    it(`ends well at the address with ${path || "nothing"} after it`, () => assertPing([urls.good + path], SIGNED, 0, [
      /is a relay, and its settings are good\.\nEvents are off: EVENTS_URL is empty, .*\npong in \d+ ms/,
      /bir relay ve ayarları doğru\.\nOlaylar kapalı: EVENTS_URL boş, .*\n\d+ ms içinde pong/,
    ]));
  }

  it("says that events are on, and not where they go, when they are", async () => {
    const outputs = await assertPing([urls.reporting], SIGNED, 0, [
      /its settings are good\.\nEvents are on: payments are reported to EVENTS_URL\.\npong in/,
      /ayarları doğru\.\nOlaylar açık: ödemeler EVENTS_URL adresine bildirilir\.\n\d+ ms içinde pong/,
    ]);
    for (const output of outputs) assert.doesNotMatch(output, /shop\.example/);
  });

  it("says that a relay that knows no events is older", async () => {
    await assertPing([await serverThat(atWebhook(pong()))], SIGNED, 0, [
      /older than events and reports no payments\. .*\npong/,
      /sürümü eski, olayları bilmiyor ve ödemeleri bildirmiyor\. .*\n\d+ ms içinde pong/,
    ]);
  });

  it("says of each storefront which address its shop takes, that it answers, and whether orders are written back", async () => {
    const { shops } = urls;
    const outputs = await assertPing([shops], SIGNED, 0, PONG);
    const said = [
      [
        `Storefront shop: give the webhooks of this shop in WooCommerce this address (Delivery URL):\n  ${shops}/hooks/shop`,
        "  It has an api_key: links and payments are written into the shop's orders.",
        "  It answers the ping that the shop sends when such a webhook is saved.",
        `Storefront second: give the webhooks of this shop in WooCommerce this address (Delivery URL):\n  ${shops}/hooks/second`,
        "  It has no api_key: nothing is written into the shop's orders, and nobody is told of payments.",
        "  It answers the ping that the shop sends when such a webhook is saved.\n",
      ],
      [
        `shop mağazası: WooCommerce içindeki webhook'lara adres (Delivery URL) olarak bunu verin:\n  ${shops}/hooks/shop`,
        "  api_key var: linkler ve ödemeler mağazadaki siparişlere yazılır.",
        "  Böyle bir webhook kaydedilirken mağazanın gönderdiği ping'e yanıt veriyor.",
        `second mağazası: WooCommerce içindeki webhook'lara adres (Delivery URL) olarak bunu verin:\n  ${shops}/hooks/second`,
        "  api_key yok: mağazadaki siparişlere bir şey yazılmaz, ödemeler kimseye bildirilmez.",
        "  Böyle bir webhook kaydedilirken mağazanın gönderdiği ping'e yanıt veriyor.\n",
      ],
    ];
    for (const [at, lines] of said.entries()) assert.ok(outputs[at].endsWith(lines.join("\n")), outputs[at]);
  });

  for (const [what, heard, says] of [
    ["a firewall keeps from the shop", page(403), [
      /Delivery URL[^]* it answered HTTP 403, text\/html/, /Delivery URL[^]* yanıtı HTTP 403, text\/html/,
    ]],
    ["the relay does not know", problem(404, "not-found"), [
      /\/hooks\/shop refused the shop's ping: HTTP 404, not-found\. Words\./,
      /\/hooks\/shop mağazanın ping'ini reddetti: HTTP 404, not-found\. Words\./,
    ]],
  ]) {
    it(`says what becomes of a hook that ${what}`, async () => {
      const storefronts = [{ name: "shop", platform: "woocommerce", hook: "/hooks/shop", writes_back: true }];
      const server = await serverThat({ ...atWebhook(pong({ storefronts })), "POST /hooks/shop": heard });
      await assertPing([server], SIGNED, 1, says);
    });
  }

  it("says the address of a storefront of a platform that it does not know, and posts nothing there", async () => {
    const storefronts = [{ name: "shop", platform: "another", hook: "/hooks/shop", writes_back: false }];
    const healthy = json(200, { status: "ok", events: "on", storefronts: 1 });
    const server = await serverThat({ ...atWebhook(pong({ storefronts })), ...atHealth(healthy) });
    await assertPing([server], SIGNED, 0, [
      /in another this address[^]*\/hooks\/shop\n {2}It has no api_key: .* events alone tell of payments\.\n$/,
      /another içindeki[^]*\/hooks\/shop\n {2}api_key yok: .* yalnızca olaylar bildirir\.\n$/,
    ]);
  });

  it("ends well with every secret that the relay knows", async () => {
    const known = [LONG_SECRET, SECRET];
    for (const WEBHOOK_SECRET of known) await assertPing([urls.rotating], { env: { WEBHOOK_SECRET } }, 0, PONG);
  });

  it("names another secret as the first cause of a signature that is refused", async () => {
    await assertPing([urls.good], FOREIGN, 1, [
      /\(invalid-signature\)[^]* 1\. This secret is not among[^]* 3\. A proxy/,
      /\(invalid-signature\)[^]* 1\. Bu imza anahtarı[^]* 3\. Relay'in önündeki bir proxy/,
    ]);
  });

  it("speaks of .dev.vars and of this terminal, not of wrangler, when the relay is on this machine", async () => {
    const refused = await assertPing([urls.good], FOREIGN, 1, [
      /WEBHOOK_SECRETS of the \.dev\.vars/,
      /\.dev\.vars dosyasındaki WEBHOOK_SECRETS/,
    ]);
    const wrong = await assertPing([urls.wrong], {}, 1, [
      /Correct them in \.dev\.vars and start the relay again/,
      /\.dev\.vars dosyasında düzeltip relay'i yeniden başlatın/,
    ]);
    for (const output of [...refused, ...wrong]) assert.doesNotMatch(output, /wrangler/);
  });

  it("names the settings that are wrong, before it wants a secret", async () => {
    // The relay's own words, which are English.
    const says = /misconfigured\):\n {2}PAYTR_MERCHANT_KEY is empty\.\n {2}SEND_LIMITS must be a JSON list/;
    await assertPing([urls.wrong], {}, 1, both(says));
  });

  it("speaks of wrangler when the relay is deployed", () => {
    const relay = new URL("https://relay.example");
    const answer = (code) => ({ status: 401, json: { code }, headers: new Headers() });
    for (const texts of Object.values(TEXTS)) {
      for (const code of ["invalid-signature", "misconfigured"]) {
        const message = whyRefused(texts, relay, answer(code), { type: "relay.ping", outcome: "pong" });
        assert.match(message, /npx wrangler secret put/);
        assert.doesNotMatch(message, /\.dev\.vars/);
      }
    }
  });

  for (const [clock, english, turkish] of [[400, "ahead of", "ileri"], [-400, "behind", "geri"]]) {
    it(`says by how much a clock is wrong that is ${clock} s off`, async () => {
      // The proxy says the time, as Cloudflare does and workerd does not.
      const { url } = await keep(startFlakyProxy(urls.good, () => undefined));
      await assertPing([url], { ...SIGNED, clock }, 1, [
        new RegExp(`clock is (?:399|400|401) s ${english} the relay's; 300 s are allowed`),
        new RegExp(`saati relay'inkinden (?:399|400|401) saniye ${turkish}; izin verilen 300`),
      ]);
    });
  }

  it("says that the clock is wrong also when it cannot say by how much", async () => {
    const says = [/clock is more than 300 s off\. It says 20/, /saati 300 saniyeden fazla şaşmış; gösterdiği: 20/];
    await assertPing([urls.good], { ...SIGNED, clock: 400 }, 1, says);
  });
});

describe("npm run ping, to what answers otherwise", () => {
  const noRelay = (what) => [
    new RegExp(`is no relay: it answered HTTP ${what}`),
    new RegExp(`bir relay değil: yanıtı HTTP ${what}`),
  ];
  for (const [what, answers, ...says] of [
    ["a page that is not there", atHealth(page(404)), ...noRelay("404, text/html")],
    ["a page", atHealth(page(200)), ...noRelay("200, text/html")],
    ["other JSON", atHealth(json(200, null)), ...noRelay("200")],
    ["a redirect", atHealth([301, { location: "https://shop.example/" }, ""]),
      /redirects to https:\/\/shop\.example\//, /https:\/\/shop\.example\/ adresine yönlendiriyor/],
    ["bot protection", atHealth([403, { "cf-mitigated": "challenge" }, ""]), /bot protection/, /bot koruması/],
    ["a relay older than pings", atWebhook(problem(422, "unknown-type")),
      /The secret is right.*older relay/, /İmza anahtarı doğru.*sürümü eski/],
    ["a proxy that drops the content type", atWebhook(problem(415, "unsupported-media-type")),
      /content type application\/json did not arrive/, /içerik türü application\/json kaybolmuş/],
    ["a proxy that drops the method", atWebhook(problem(405, "method-not-allowed")),
      /the POST did not arrive as one/, /POST başka bir metoda dönüşmüş/],
    ["a firewall in front of /webhook alone", atWebhook(page(403)),
      /it answered HTTP 403, text\/html/, /yanıtı HTTP 403, text\/html/],
    ["a code that it does not know", atWebhook(problem(503, "ledger-unavailable")),
      /HTTP 503, ledger-unavailable\. Words\./, /Ping'i reddetti: HTTP 503, ledger-unavailable\. Words\./],
    ["silence", {}, /No answer from 127\.0\.0\.1:\d+ within 10 s/, /127\.0\.0\.1:\d+ 10 saniye içinde yanıt vermedi/],
  ]) {
    it(`explains ${what}`, async () => assertPing([await serverThat(answers)], SIGNED, 1, says));
  }

  it("explains a port at which nobody listens", async () => assertPing([await unheard()], {}, 1, [
    /Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    /127\.0\.0\.1:\d+ adresini dinleyen yok \(ECONNREFUSED\)/,
  ]));

  it("explains a host that does not exist", () => assertPing(["https://relay.invalid"], {}, 1, [
    /There is no host relay\.invalid/,
    /relay\.invalid adında bir sunucu yok/,
  ]));

  it("explains a certificate that nobody vouches for", { skip: whySkip(["openssl"]) }, async () => {
    const [key, cert] = ["key.pem", "cert.pem"].map((file) => join(directory, file));
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"];
    execFileSync("openssl", [...request, "-keyout", key, "-out", cert], { stdio: "ignore" });
    const identity = { key: readFileSync(key), cert: readFileSync(cert) };
    const { port } = await keep(startServer({}, (listener) => createTlsServer(identity, listener)));
    await assertPing([`https://127.0.0.1:${port}`], {}, 1, [
      /No trusted connection to 127\.0\.0\.1:\d+ \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      /127\.0\.0\.1:\d+ ile güvenilir bir bağlantı kurulamadı \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ]);
  });
});

describe("npm run ping, to an address that is refused", () => {
  for (const [address, ...says] of [
    [undefined, /Which relay\? Its address is missing/, /Hangi relay\? Adresi eksik/],
    ["relay.example", /relay\.example is not an address/, /relay\.example bir adres değil/],
    ["ftp://relay.example", /is not an address/, /bir adres değil/],
    ["http://relay.example/webhook", /Plain http is for this machine only\. Use https:\/\/relay\.example/,
      /Şifresiz http yalnızca bu makine içindir\. .* https:\/\/relay\.example/],
    ["http://127.0.0.1.relay.example", /Plain http/, /Şifresiz http/],
    ["https://relay.example/api", ...both(/npm run ping -- https:\/\/relay\.example\n/)],
    ["https://someone:word@relay.example/", /No relay has an address/, /bir relay adresi olamaz/],
  ]) {
    it(address ?? "none", () => assertPing(address ? [address] : [], {}, 1, says));
  }
});

describe("npm run ping", () => {
  it("takes the address of RELAY_URL when none is given", async () => {
    await assertPing([], { env: { ...SIGNED.env, RELAY_URL: `${urls.good}/webhook` } }, 0, PONG);
  });

  it("says what it is for", () => assertPing(["--help"], {}, 0, both(/npm run ping -- URL --events/)));

  for (const [what, args, env, ...says] of [
    ["an option that there is not", ["--event"], {}, /no option --event here/, /--event diye bir seçenek yok/],
    ["two addresses", [NOBODY, NOBODY], {}, /Nothing here takes http:/, /http:\S+ burada kullanılmıyor/],
    ["an option that npm has kept", [NOBODY], { npm_config_events: "true" },
      /npm has kept --events for itself/, /npm, --events seçeneğini kendisi için aldı/],
  ]) {
    it(`asks nobody when it is given ${what}`, () => assertPing(args, { env }, 1, says));
  }

  const refused = (http_status) => ({ outcome: "refused", http_status });
  for (const [events, status, ...says] of [
    [undefined, 1, /older relay that cannot try EVENTS_URL/, /sürümü eski, EVENTS_URL adresini deneyemiyor/],
    [{ outcome: "off" }, 1, /pong[^]*Events are off/, /pong[^]*Olaylar kapalı/],
    [{ outcome: "no-answer", reason: "timed-out" }, 1,
      /EVENTS_URL did not answer the signed event relay\.ping \(timed-out\)/,
      /EVENTS_URL imzalı relay\.ping olayına yanıt vermedi \(timed-out\)/],
    [{ outcome: "delivered", http_status: 204 }, 0,
      /EVENTS_URL took a signed event relay\.ping: HTTP 204\./, /imzalı bir relay\.ping olayını aldı: HTTP 204\./],
    [refused(401), 1,
      /refused the signed event relay\.ping: HTTP 401\. Does your shop check/, /reddetti: HTTP 401\. Mağazanız/],
    [refused(404), 1, /HTTP 404\. Nothing takes events at this path/, /HTTP 404\. Bu yolda/],
    [refused(301), 1, /HTTP 301\. The relay follows no redirect/, /HTTP 301\. Relay yönlendirmeleri izlemez/],
    [refused(500), 1, /HTTP 500\. A real event would be tried again/, /HTTP 500\. Gerçek bir olay/],
  ]) {
    it(`says with --events what became of the event: ${JSON.stringify(events)}`, async () => {
      await assertPing([await serverThat(atWebhook(pong({ events }))), "--events"], SIGNED, status, says);
    });
  }
});

describe("npm run ping takes the secret", () => {
  const devDir = (text) => {
    writeFileSync(join(directory, ".dev.vars"), text);
    return { DEV_DIR: directory };
  };

  it("of .dev.vars, the first one, for a relay on this machine", async () => {
    const env = devDir(`WEBHOOK_SECRETS="${SECRET} ${FOREIGN_SECRET}"\n`);
    await assertPing([urls.good], { env }, 0, PONG);
  });

  it("of WEBHOOK_SECRET rather than of .dev.vars", async () => {
    const env = { ...devDir(`WEBHOOK_SECRETS=${FOREIGN_SECRET}\n`), ...SIGNED.env };
    await assertPing([urls.good], { env }, 0, PONG);
  });

  it("that is piped into it", () => assertPing([urls.good], { input: `${SECRET}\n` }, 0, PONG));

  for (const [language, says] of [
    ["en", /Webhook secret \(whsec_…\), not shown: \s+pong/],
    ["tr", /İmza anahtarı \(whsec_…\), yazarken görünmez: \s+\d+ ms içinde pong/],
  ]) {
    it(`that is typed, and does not show it (${language})`, { skip: whySkip(["python3"]) }, async () => {
      const program = [process.execPath, inRoot("scripts/ping.mjs"), urls.good];
      const env = { ...process.env, DEV_DIR: "/nowhere", LC_ALL: LOCALES[language] };
      const { status, output } = await atTerminal(program, [[TEXTS[language].typeSecret, SECRET]], env);
      assert.equal(status, 0, output);
      assert.match(output, says);
      assert.ok(!output.includes(SECRET.slice(8)), output);
    });
  }

  for (const [what, secret] of [
    ["without whsec_", SECRET.slice(6)],
    ["in quotes", `"${SECRET}"`],
    ["that is short", `whsec_${Buffer.alloc(23).toString("base64")}`],
    ["that is empty", " "],
  ]) {
    it(`not when it is one ${what}`, () => assertPing([urls.good], { env: { WEBHOOK_SECRET: secret } }, 1, [
      /The webhook secret \(WEBHOOK_SECRET\) does not begin with whsec_/,
      /İmza anahtarı \(WEBHOOK_SECRET\) whsec_ ve .* oluşmuyor/,
    ]));
  }
});

describe("npm run ping speaks", () => {
  const TURKISH = /Hangi relay/;
  const ENGLISH = /Which relay/;
  for (const [env, says] of [
    [{ LANG: "tr_TR.UTF-8" }, TURKISH],
    [{ LANG: "tr" }, TURKISH],
    [{ LC_MESSAGES: "tr_CY", LANG: "en_US.UTF-8" }, TURKISH],
    [{ LC_ALL: "tr_TR", LC_MESSAGES: "en_US", LANG: "C" }, TURKISH],
    [{ LC_ALL: "", LC_MESSAGES: "", LANG: "tr_TR.UTF-8" }, TURKISH],
    [{ LC_ALL: "C", LC_MESSAGES: "tr_TR", LANG: "tr_TR" }, ENGLISH],
    [{ LC_MESSAGES: "en_GB", LANG: "tr_TR" }, ENGLISH],
    [{ LANG: "C.UTF-8" }, ENGLISH],
    [{ LANG: "trv_TW" }, ENGLISH],
  ]) {
    const shown = Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" ");
    it(`${says === TURKISH ? "Turkish" : "English"} with ${shown}`, async () => {
      assert.match((await ping([], { env })).output, says);
    });
  }

  for (const [language, page] of [["en", "docs/deploy.md"], ["tr", "docs/deploy.tr.md"]]) {
    it(`as ${page} shows it`, async () => {
      const { output } = await ping([urls.good], { env: { LC_ALL: LOCALES[language], ...SIGNED.env } });
      const shown = `\n\`\`\`text\n${output}\`\`\`\n`
        .replace(urls.good, "https://paytr-link-relay-test.your-subdomain.workers.dev")
        .replace(/^(?=.*pong)/m, `${TEXTS[language].typeSecret}\n`)
        .replace(/\d+ ms/, "41 ms");
      assert.ok(readFileSync(inRoot(page), "utf8").includes(shown), `not on the page:\n${shown}`);
    });
  }
});

// `npm run ping`: what it says of a relay, of what is none, and of itself, in English and in Turkish.
//
// In scope: every answer it knows, from the built Worker in workerd where that gives it, else from a server made here.
// Not in scope: which pings the relay takes (tests/worker/ping.rs).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { whyRefused } from "../../scripts/asking/answers.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { TEXTS } from "../../scripts/ping/texts.mjs";
import { startFlakyProxy } from "../support/flaky-proxy.mjs";
import { startRelays } from "../support/relay.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET, SHOP_API_KEY, SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { atTerminal } from "../support/terminal.mjs";
import { whySkip } from "../support/tools.mjs";
import { ping, startServer } from "./support.mjs";

const LOCALES = { en: "en_US.UTF-8", tr: "tr_TR.UTF-8" };
const PONG = { en: /pong in \d+ ms/, tr: /\d+ ms içinde pong/ };
const SECRETS = [SECRET, LONG_SECRET, FOREIGN_SECRET, SHOP_SECRET, SHOP_API_KEY];
const NOBODY = "http://127.0.0.1:9";
const JSON_TYPE = { "content-type": "application/json" };
const HEALTHY = [200, JSON_TYPE, '{"status":"ok"}'];
const problem = (status, code) => [
  status,
  { "content-type": "application/problem+json" },
  JSON.stringify({ status, code, detail: "Words." }),
];
const page = (status) => [status, { "content-type": "text/html" }, "<h1>Shop</h1>"];

let directory;
let relays;
let stops = [];
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "ping-"));
  relays = await startRelays(NOBODY, {
    good: {},
    rotating: { WEBHOOK_SECRETS: `${LONG_SECRET} ${SECRET}` },
    reporting: { EVENTS_URL: "https://shop.example/paytr-events" },
    shops: { STOREFRONTS },
    wrong: { SEND_LIMITS: "none", PAYTR_MERCHANT_KEY: "" },
  });
});
after(async () => {
  await relays.stop();
  for (const stop of stops) stop();
  rmSync(directory, { recursive: true });
});

const keep = (started) => {
  stops.push(started.stop);
  return started;
};

/**
 * Asserts how a ping ends in each language, that it says what it should in each, and that it never shows a secret. Resolves
 * with what it says, by language.
 */
async function assertPing(args, how, status, says) {
  const outputs = Object.keys(LOCALES).map(async (language) => {
    const { status: ended, output } = await ping(args, { ...how, env: { LC_ALL: LOCALES[language], ...how.env } });
    assert.equal(ended, status, output);
    assert.match(output, says[language]);
    for (const secret of SECRETS) assert.ok(!output.includes(secret.slice(8)), output);
    assert.ok(status === 1 || !output.includes("    at "), output);
    return [language, output];
  });
  return Object.fromEntries(await Promise.all(outputs));
}

describe("npm run ping, to a relay", () => {
  const signed = (secret) => ({ env: { WEBHOOK_SECRET: secret } });

  for (const path of ["", "/", "/webhook", "/health"]) {
    it(`ends well at the address with ${path || "nothing"} after it`, async () => {
      await assertPing(
        [relays.urls.good + path],
        signed(SECRET),
        0,
        {
          en: /is a relay, and its settings are good\.\nEvents are off: EVENTS_URL is empty, .*\npong in \d+ ms/,
          tr: /bir relay ve ayarları doğru\.\nOlaylar kapalı: EVENTS_URL boş, .*\n\d+ ms içinde pong/,
        },
      );
    });
  }

  it("says that events are on, and not where they go, when they are", async () => {
    const says = {
      en: /its settings are good\.\nEvents are on: payments are reported to EVENTS_URL\.\npong in/,
      tr: /ayarları doğru\.\nOlaylar açık: ödemeler EVENTS_URL adresine bildirilir\.\n\d+ ms içinde pong/,
    };
    const outputs = await assertPing([relays.urls.reporting], signed(SECRET), 0, says);
    for (const output of Object.values(outputs)) assert.doesNotMatch(output, /shop\.example/);
  });

  it("says that a relay that knows no events is older", async () => {
    const answers = { "GET /health": HEALTHY, "POST /webhook": [200, JSON_TYPE, '{"outcome":"pong"}'] };
    const { host } = keep(await startServer(answers));
    await assertPing([`http://${host}`], signed(SECRET), 0, {
      en: /older than events and reports no payments\. .*\npong/,
      tr: /sürümü eski, olayları bilmiyor ve ödemeleri bildirmiyor\. .*\n\d+ ms içinde pong/,
    });
  });

  it("says of each storefront which address its shop takes, that it answers, and whether orders are written back", async () => {
    const { shops } = relays.urls;
    const outputs = await assertPing([shops], signed(SECRET), 0, PONG);
    const said = {
      en: [
        `Storefront shop: give the webhooks of this shop in WooCommerce this address (Delivery URL):\n  ${shops}/hooks/shop`,
        "  It has an api_key: links and payments are written into the shop's orders.",
        "  It answers the ping that the shop sends when such a webhook is saved.",
        `Storefront second: give the webhooks of this shop in WooCommerce this address (Delivery URL):\n  ${shops}/hooks/second`,
        "  It has no api_key: nothing is written into the shop's orders, and nobody is told of payments.",
        "  It answers the ping that the shop sends when such a webhook is saved.\n",
      ],
      tr: [
        `shop mağazası: WooCommerce içindeki webhook'lara adres (Delivery URL) olarak bunu verin:\n  ${shops}/hooks/shop`,
        "  api_key var: linkler ve ödemeler mağazadaki siparişlere yazılır.",
        "  Böyle bir webhook kaydedilirken mağazanın gönderdiği ping'e yanıt veriyor.",
        `second mağazası: WooCommerce içindeki webhook'lara adres (Delivery URL) olarak bunu verin:\n  ${shops}/hooks/second`,
        "  api_key yok: mağazadaki siparişlere bir şey yazılmaz, ödemeler kimseye bildirilmez.",
        "  Böyle bir webhook kaydedilirken mağazanın gönderdiği ping'e yanıt veriyor.\n",
      ],
    };
    for (const [language, lines] of Object.entries(said)) assert.ok(outputs[language].endsWith(lines.join("\n")), outputs[language]);
  });

  it("says what becomes of a hook that a firewall keeps from the shop, or that the relay does not know", async () => {
    const storefronts = [{ name: "shop", platform: "woocommerce", hook: "/hooks/shop", writes_back: true }];
    const ponging = [200, JSON_TYPE, JSON.stringify({ outcome: "pong", storefronts })];
    for (const [heard, says] of [
      [page(403), { en: /Delivery URL[^]* it answered HTTP 403, text\/html/, tr: /Delivery URL[^]* yanıtı HTTP 403, text\/html/ }],
      [
        problem(404, "not-found"),
        {
          en: /\/hooks\/shop refused the shop's ping: HTTP 404, not-found\. Words\./,
          tr: /\/hooks\/shop mağazanın ping'ini reddetti: HTTP 404, not-found\. Words\./,
        },
      ],
    ]) {
      const answers = { "GET /health": HEALTHY, "POST /webhook": ponging, "POST /hooks/shop": heard };
      const { host } = keep(await startServer(answers));
      await assertPing([`http://${host}`], signed(SECRET), 1, says);
    }
  });

  it("says the address of a storefront of a platform that it does not know, and posts nothing there", async () => {
    const storefronts = [{ name: "shop", platform: "another", hook: "/hooks/shop", writes_back: false }];
    const ponging = [200, JSON_TYPE, JSON.stringify({ outcome: "pong", storefronts })];
    const healthy = [200, JSON_TYPE, '{"status":"ok","events":"on","storefronts":1}'];
    const { host } = keep(await startServer({ "GET /health": healthy, "POST /webhook": ponging }));
    await assertPing([`http://${host}`], signed(SECRET), 0, {
      en: /in another this address[^]*\/hooks\/shop\n {2}It has no api_key: .* events alone tell of payments\.\n$/,
      tr: /another içindeki[^]*\/hooks\/shop\n {2}api_key yok: .* yalnızca olaylar bildirir\.\n$/,
    });
  });

  it("ends well with every secret that the relay knows", async () => {
    for (const secret of [LONG_SECRET, SECRET]) await assertPing([relays.urls.rotating], signed(secret), 0, PONG);
  });

  it("names another secret as the first cause of a signature that is refused", async () => {
    await assertPing(
      [relays.urls.good],
      signed(FOREIGN_SECRET),
      1,
      {
        en: /\(invalid-signature\)[^]* 1\. This secret is not among[^]* 3\. A proxy/,
        tr: /\(invalid-signature\)[^]* 1\. Bu imza anahtarı[^]* 3\. Relay'in önündeki bir proxy/,
      },
    );
  });

  it("speaks of .dev.vars and of this terminal, not of wrangler, when the relay is on this machine", async () => {
    const refused = await assertPing([relays.urls.good], signed(FOREIGN_SECRET), 1, {
      en: /WEBHOOK_SECRETS of the \.dev\.vars/,
      tr: /\.dev\.vars dosyasındaki WEBHOOK_SECRETS/,
    });
    const wrong = await assertPing([relays.urls.wrong], {}, 1, {
      en: /Correct them in \.dev\.vars and start the relay again/,
      tr: /\.dev\.vars dosyasında düzeltip relay'i yeniden başlatın/,
    });
    for (const output of [refused, wrong].flatMap(Object.values)) assert.doesNotMatch(output, /wrangler/);
  });

  it("names the settings that are wrong, before it wants a secret", async () => {
    // The relay's own words, which are English.
    const says = /misconfigured\):\n {2}PAYTR_MERCHANT_KEY is empty\.\n {2}SEND_LIMITS must be a JSON list/;
    await assertPing([relays.urls.wrong], {}, 1, { en: says, tr: says });
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

  for (const [clock, says] of [
    [400, { en: /clock is (?:399|400|401) s ahead of the relay's; 300 s are allowed/, tr: /saati relay'inkinden (?:399|400|401) saniye ileri; izin verilen 300/ }],
    [-400, { en: /clock is (?:399|400|401) s behind the relay's; 300 s are allowed/, tr: /saati relay'inkinden (?:399|400|401) saniye geri; izin verilen 300/ }],
  ]) {
    it(`says by how much a clock is wrong that is ${clock} s off`, async () => {
      // The proxy says the time, as Cloudflare does and workerd does not.
      const { url } = keep(await startFlakyProxy(relays.urls.good, () => undefined));
      await assertPing([url], { ...signed(SECRET), clock }, 1, says);
    });
  }

  it("says that the clock is wrong also when it cannot say by how much", async () => {
    await assertPing(
      [relays.urls.good],
      { ...signed(SECRET), clock: 400 },
      1,
      { en: /clock is more than 300 s off\. It says 20/, tr: /saati 300 saniyeden fazla şaşmış; gösterdiği: 20/ },
    );
  });
});

describe("npm run ping, to what answers otherwise", () => {
  for (const { what, answers, says } of [
    {
      what: "a page that is not there",
      answers: { "GET /health": page(404) },
      says: { en: /is no relay: it answered HTTP 404, text\/html/, tr: /bir relay değil: yanıtı HTTP 404, text\/html/ },
    },
    { what: "a page", answers: { "GET /health": page(200) }, says: { en: /is no relay: it answered HTTP 200, text\/html/, tr: /bir relay değil: yanıtı HTTP 200, text\/html/ } },
    {
      what: "other JSON",
      answers: { "GET /health": [200, JSON_TYPE, "null"] },
      says: { en: /is no relay: it answered HTTP 200/, tr: /bir relay değil: yanıtı HTTP 200/ },
    },
    {
      what: "a redirect",
      answers: { "GET /health": [301, { location: "https://shop.example/" }, ""] },
      says: { en: /redirects to https:\/\/shop\.example\//, tr: /https:\/\/shop\.example\/ adresine yönlendiriyor/ },
    },
    {
      what: "bot protection",
      answers: { "GET /health": [403, { "cf-mitigated": "challenge" }, ""] },
      says: { en: /bot protection/, tr: /bot koruması/ },
    },
    {
      what: "a relay older than pings",
      answers: { "GET /health": HEALTHY, "POST /webhook": problem(422, "unknown-type") },
      says: { en: /The secret is right.*older relay/, tr: /İmza anahtarı doğru.*sürümü eski/ },
    },
    {
      what: "a proxy that drops the content type",
      answers: { "GET /health": HEALTHY, "POST /webhook": problem(415, "unsupported-media-type") },
      says: { en: /content type application\/json did not arrive/, tr: /içerik türü application\/json kaybolmuş/ },
    },
    {
      what: "a proxy that drops the method",
      answers: { "GET /health": HEALTHY, "POST /webhook": problem(405, "method-not-allowed") },
      says: { en: /the POST did not arrive as one/, tr: /POST başka bir metoda dönüşmüş/ },
    },
    {
      what: "a firewall in front of /webhook alone",
      answers: { "GET /health": HEALTHY, "POST /webhook": page(403) },
      says: { en: /it answered HTTP 403, text\/html/, tr: /yanıtı HTTP 403, text\/html/ },
    },
    {
      what: "a code that it does not know",
      answers: { "GET /health": HEALTHY, "POST /webhook": problem(503, "ledger-unavailable") },
      says: { en: /HTTP 503, ledger-unavailable\. Words\./, tr: /Ping'i reddetti: HTTP 503, ledger-unavailable\. Words\./ },
    },
    { what: "silence", answers: {}, says: { en: /No answer from 127\.0\.0\.1:\d+ within 10 s/, tr: /127\.0\.0\.1:\d+ 10 saniye içinde yanıt vermedi/ } },
  ]) {
    it(`explains ${what}`, async () => {
      const { host } = keep(await startServer(answers));
      await assertPing([`http://${host}`], { env: { WEBHOOK_SECRET: SECRET } }, 1, says);
    });
  }

  it("explains a port at which nobody listens", async () => {
    const { host, stop } = await startServer({});
    stop();
    await assertPing([`http://${host}`], {}, 1, {
      en: /Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
      tr: /127\.0\.0\.1:\d+ adresini dinleyen yok \(ECONNREFUSED\)/,
    });
  });

  it("explains a host that does not exist", async () => {
    const says = { en: /There is no host relay\.invalid/, tr: /relay\.invalid adında bir sunucu yok/ };
    await assertPing(["https://relay.invalid"], {}, 1, says);
  });

  it("explains a certificate that nobody vouches for", { skip: whySkip(["openssl"]) }, async () => {
    const [key, cert] = ["key.pem", "cert.pem"].map((file) => join(directory, file));
    const request = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=127.0.0.1",
      "-keyout",
      key,
      "-out",
      cert,
    ];
    execFileSync("openssl", request, { stdio: "ignore" });
    const identity = { key: readFileSync(key), cert: readFileSync(cert) };
    const { host } = keep(await startServer({}, (listener) => createTlsServer(identity, listener)));
    await assertPing(
      [`https://${host}`],
      {},
      1,
      {
        en: /No trusted connection to 127\.0\.0\.1:\d+ \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
        tr: /127\.0\.0\.1:\d+ ile güvenilir bir bağlantı kurulamadı \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      },
    );
  });
});

describe("npm run ping, to an address that is refused", () => {
  for (const [args, says] of [
    [[], { en: /Which relay\? Its address is missing/, tr: /Hangi relay\? Adresi eksik/ }],
    [["relay.example"], { en: /relay\.example is not an address/, tr: /relay\.example bir adres değil/ }],
    [["ftp://relay.example"], { en: /is not an address/, tr: /bir adres değil/ }],
    [["http://relay.example/webhook"], { en: /Plain http is for this machine only\. Use https:\/\/relay\.example/, tr: /Şifresiz http yalnızca bu makine içindir\. .* https:\/\/relay\.example/ }],
    [["http://127.0.0.1.relay.example"], { en: /Plain http/, tr: /Şifresiz http/ }],
    [["https://relay.example/api"], { en: /npm run ping -- https:\/\/relay\.example\n/, tr: /npm run ping -- https:\/\/relay\.example\n/ }],
    [["https://someone:word@relay.example/"], { en: /No relay has an address/, tr: /bir relay adresi olamaz/ }],
  ]) {
    it(args[0] ?? "none", () => assertPing(args, {}, 1, says));
  }
});

describe("npm run ping", () => {
  it("takes the address of RELAY_URL when none is given", async () => {
    await assertPing([], { env: { WEBHOOK_SECRET: SECRET, RELAY_URL: `${relays.urls.good}/webhook` } }, 0, PONG);
  });

  it("says what it is for", () => assertPing(["--help"], {}, 0, { en: /npm run ping -- URL --events/, tr: /npm run ping -- URL --events/ }));

  for (const [what, args, env, says] of [
    ["an option that there is not", ["--event"], {}, { en: /no option --event here/, tr: /--event diye bir seçenek yok/ }],
    ["two addresses", [NOBODY, NOBODY], {}, { en: /Nothing here takes http:/, tr: /http:\S+ burada kullanılmıyor/ }],
    ["an option that npm has kept", [NOBODY], { npm_config_events: "true" }, { en: /npm has kept --events for itself/, tr: /npm, --events seçeneğini kendisi için aldı/ }],
  ]) {
    it(`asks nobody when it is given ${what}`, () => assertPing(args, { env }, 1, says));
  }

  it("says that a relay cannot try events that is older", async () => {
    const answers = { "GET /health": HEALTHY, "POST /webhook": [200, JSON_TYPE, '{"outcome":"pong"}'] };
    const { host } = keep(await startServer(answers));
    await assertPing([`http://${host}`, "--events"], { env: { WEBHOOK_SECRET: SECRET } }, 1, {
      en: /older relay that cannot try EVENTS_URL/,
      tr: /sürümü eski, EVENTS_URL adresini deneyemiyor/,
    });
  });

  it("says that EVENTS_URL did not answer", async () => {
    const answers = { "GET /health": HEALTHY, "POST /webhook": [200, JSON_TYPE, '{"outcome":"pong","events":{"outcome":"no-answer","reason":"timed-out"}}'] };
    const { host } = keep(await startServer(answers));
    await assertPing([`http://${host}`, "--events"], { env: { WEBHOOK_SECRET: SECRET } }, 1, {
      en: /EVENTS_URL did not answer the signed event relay\.ping \(timed-out\)/,
      tr: /EVENTS_URL imzalı relay\.ping olayına yanıt vermedi \(timed-out\)/,
    });
  });

  it("has the same texts in both languages", () => assert.deepEqual(Object.keys(TEXTS.tr).sort(), Object.keys(TEXTS.en).sort()));
});

describe("npm run ping takes the secret", () => {
  const devDir = (text) => {
    writeFileSync(join(directory, ".dev.vars"), text);
    return { DEV_DIR: directory };
  };

  it("of .dev.vars, the first one, for a relay on this machine", async () => {
    const env = devDir(`WEBHOOK_SECRETS="${SECRET} ${FOREIGN_SECRET}"\n`);
    await assertPing([relays.urls.good], { env }, 0, PONG);
  });

  it("of WEBHOOK_SECRET rather than of .dev.vars", async () => {
    const env = { ...devDir(`WEBHOOK_SECRETS=${FOREIGN_SECRET}\n`), WEBHOOK_SECRET: SECRET };
    await assertPing([relays.urls.good], { env }, 0, PONG);
  });

  it("that is piped into it", async () => {
    await assertPing([relays.urls.good], { input: `${SECRET}\n` }, 0, PONG);
  });

  it("that is typed, and does not show it", { skip: whySkip(["python3"]) }, async () => {
    const says = {
      en: /Webhook secret \(whsec_…\), not shown: \s+pong/,
      tr: /İmza anahtarı \(whsec_…\), yazarken görünmez: \s+\d+ ms içinde pong/,
    };
    for (const [language, LC_ALL] of Object.entries(LOCALES)) {
      const program = [process.execPath, inRoot("scripts/ping.mjs"), relays.urls.good];
      const env = { ...process.env, DEV_DIR: "/nowhere", LC_ALL };
      const { status, output } = await atTerminal(program, [[TEXTS[language].typeSecret, SECRET]], env);
      assert.equal(status, 0, output);
      assert.match(output, says[language]);
      assert.ok(!output.includes(SECRET.slice(8)), output);
    }
  });

  for (const [what, secret] of [
    ["without whsec_", SECRET.slice(6)],
    ["in quotes", `"${SECRET}"`],
    ["that is short", `whsec_${Buffer.alloc(23).toString("base64")}`],
    ["that is empty", " "],
  ]) {
    it(`not when it is one ${what}`, async () => {
      const says = {
        en: /The webhook secret \(WEBHOOK_SECRET\) does not begin with whsec_/,
        tr: /İmza anahtarı \(WEBHOOK_SECRET\) whsec_ ve .* oluşmuyor/,
      };
      await assertPing([relays.urls.good], { env: { WEBHOOK_SECRET: secret } }, 1, says);
    });
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
      const { output } = await ping([], { env });
      assert.match(output, says);
    });
  }

  it("the same of everything in both languages", () => {
    assert.deepEqual(Object.keys(TEXTS.tr), Object.keys(TEXTS.en));
  });

  for (const [language, page] of [["en", "docs/deploy.md"], ["tr", "docs/deploy.tr.md"]]) {
    it(`as ${page} shows it`, async () => {
      const { output } = await ping([relays.urls.good], { env: { LC_ALL: LOCALES[language], WEBHOOK_SECRET: SECRET } });
      const shown = `\n\`\`\`text\n${output}\`\`\`\n`
        .replace(relays.urls.good, "https://paytr-link-relay-test.your-subdomain.workers.dev")
        .replace(/^(?=.*pong)/m, `${TEXTS[language].typeSecret}\n`)
        .replace(/\d+ ms/, "41 ms");
      assert.ok(readFileSync(inRoot(page), "utf8").includes(shown), `not on the page:\n${shown}`);
    });
  }
});

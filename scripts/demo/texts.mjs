// What `npm run demo` says, by language.
import { inLanguage } from "../locale.mjs";

const en = {
  starting: "Starting shop, relay and sandbox",
  screen: ({ shopUrl, sandboxUrl, relayUrl, devVars }) => `
Ready.

  Shop    ${shopUrl}/
          1. order something, and have the payment link sent to you by SMS or e-mail
  Outbox  ${sandboxUrl}/
          2. open the message, and its link, and pay: the shop's page turns to paid by itself
  Staff   ${shopUrl}/staff
          3. the shop's own page: its orders, and what it sees when too little is paid, twice, or while it is down
  Relay   ${relayUrl}
          the examples' RELAY_URL; their WEBHOOK_SECRET is WEBHOOK_SECRETS in ${devVars}

Nothing leaves this machine. Ctrl-C ends everything. From here on: the log.
`,
  woocommerceScreen: ({ shopUrl, sandboxUrl, relayUrl }) => `
Ready.

  Shop    ${shopUrl}/
          1. place an order by bank transfer: its link is made and sent by itself
  Outbox  ${sandboxUrl}/
          2. open the message, and its link, and pay: the order turns to processing by itself
  Shop    3. change the amount of another order, or cancel it: the link goes, and the next one is sent
  Relay   ${relayUrl}

Nothing leaves this machine. Ctrl-C ends everything. From here on: the log.
`,
};

const tr = {
  starting: "Mağaza, relay ve sandbox başlatılıyor",
  screen: ({ shopUrl, sandboxUrl, relayUrl, devVars }) => `
Hazır.

  Mağaza        ${shopUrl}/
                1. bir sipariş verin, ödeme linki size SMS ya da e-posta ile gönderilsin
  Giden kutusu  ${sandboxUrl}/
                2. SMS'i ve içindeki linki açıp ödeyin: mağazanın sayfasında sipariş kendiliğinden ödendi olur
  Personel      ${shopUrl}/staff
                3. mağazanın kendi sayfası: siparişler; eksik ya da iki kez ödenirse, mağaza kapalıyken ödenirse ne gördüğü
  Relay         ${relayUrl}
                örneklerin RELAY_URL değeri; WEBHOOK_SECRET değerleri ${devVars} dosyasındaki WEBHOOK_SECRETS

Bu makineden dışarı bir şey gitmez. Ctrl-C her şeyi durdurur. Bundan sonrası log.
`,
  woocommerceScreen: ({ shopUrl, sandboxUrl, relayUrl }) => `
Hazır.

  Mağaza        ${shopUrl}/
                1. banka havalesiyle bir sipariş verin: linki kendiliğinden oluşturulup gönderilir
  Giden kutusu  ${sandboxUrl}/
                2. SMS'i ve içindeki linki açıp ödeyin: sipariş kendiliğinden hazırlanıyor olur
  Mağaza        3. başka bir siparişin tutarını değiştirin ya da onu iptal edin: link silinir, gerekiyorsa yenisi gönderilir
  Relay         ${relayUrl}

Bu makineden dışarı bir şey gitmez. Ctrl-C her şeyi durdurur. Bundan sonrası log.
`,
};

/** By language; the same members in each. */
export const TEXTS = { en, tr };

/** @param {NodeJS.ProcessEnv} env */
export const textsFor = (env) => inLanguage(env, TEXTS);

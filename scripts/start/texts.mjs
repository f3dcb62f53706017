// What `npm start` of the checkout says, by language.
import { inLanguage } from "../locale.mjs";

const en = {
  starting: "Starting both",
  screen: ({ relayUrl, sandboxUrl, exports, create, devVars, events }) => `
Ready.

  Outbox  ${sandboxUrl}/
          what customers would have received: open it in a browser
  Relay   ${relayUrl}
          for the examples and for npm run ping, relay and trigger, paste into another terminal:

${exports}

Create a link, and send it by SMS and e-mail: paste this, too.

${create}

It answers {"outcome":"created", …}. Open the link in the outbox and pay: the outbox shows what your shop was told.

Every run makes a new link, but one number or address gets only 1 message a minute and 5 a day: wait, or change both, or
add a line SEND_LIMITS=[] to ${devVars} and start again.

${events}

What you change in src/ is built and loaded by itself. Ctrl-C ends everything. From here on: the log.
`,
  orderName: "Order 1001",
  eventsGoTo: (url, devVars) => `Events go to ${url}, which is EVENTS_URL in ${devVars}.`,
  eventsGoToOutbox: (devVars) =>
    `Events go to the outbox. For a receiver of your own add a line such as EVENTS_URL=http://127.0.0.1:8791/paytr-events to
${devVars} and start again; npm run trigger -- link.paid URL posts a signed sample to it at once.`,
};

const tr = {
  starting: "İkisi başlatılıyor",
  screen: ({ relayUrl, sandboxUrl, exports, create, devVars, events }) => `
Hazır.

  Giden kutusu  ${sandboxUrl}/
                müşterilere gidecek olanlar: tarayıcıda açın
  Relay         ${relayUrl}
                örnekler ile npm run ping, relay ve trigger için başka bir terminale yapıştırın:

${exports}

Bir link oluşturup SMS ve e-posta ile gönderin: bunu da yapıştırın.

${create}

Yanıtı {"outcome":"created", …} olur. Linki giden kutusunda açıp ödeyin: mağazanıza bildirileni giden kutusu gösterir.

Her çalıştırmada yeni bir link oluşur, ama bir numaraya ya da adrese dakikada 1, günde 5 kez gönderilir: bekleyin, ikisini
değiştirin ya da ${devVars} dosyasına SEND_LIMITS=[] satırını ekleyip yeniden başlatın.

${events}

src/ içinde değiştirdikleriniz kendiliğinden derlenip yüklenir. Ctrl-C her şeyi durdurur. Bundan sonrası log.
`,
  orderName: "Sipariş 1001",
  eventsGoTo: (url, devVars) => `Olaylar ${url} adresine gider: ${devVars} dosyasındaki EVENTS_URL.`,
  eventsGoToOutbox: (devVars) =>
    `Olaylar giden kutusuna gider. Kendi alıcınız için ${devVars} dosyasına EVENTS_URL=http://127.0.0.1:8791/paytr-events gibi
bir satır ekleyip yeniden başlatın; npm run trigger -- link.paid URL ona hemen imzalı bir örnek gönderir.`,
};

/** By language; the same members in each. */
export const TEXTS = { en, tr };

/** @param {NodeJS.ProcessEnv} env */
export const textsFor = (env) => inLanguage(env, TEXTS);

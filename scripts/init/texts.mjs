// What `init` says, by language.
import { inLanguage } from "../locale.mjs";

const en = {
  which: "Which folder is the relay to have?\n  npx paytr-link-relay init my-relay",
  usage: "  npx paytr-link-relay init my-relay --merchant-id 123456 --name my-relay --no-install",
  unknown: (words) => `No option takes ${words}. These are the options:`,
  isThere: (files) => `This is there already, and nothing was written: ${files.join(", ")}. Take another folder.`,
  askMerchantId: "Mağaza No, from PayTR's panel (Enter: later): ",
  askName: (usual) => `Name of the Worker at Cloudflare (Enter: ${usual}): `,
  badMerchantId: (text) => `${text} is no merchant number (Mağaza No): at most 32 digits or letters, nothing else.`,
  badName: (text) =>
    `${text} is no name of a Worker: a-z, 0-9 and dashes within, at most 58 characters. Give another one:\n  --name my-relay`,
  installing: "Installing the package (half a minute)",
  notInstalled: "npm install has failed; the reason is above. Run it again in the folder, and then go on.",
  made: (folder, files) => `\nMade in ${folder}: ${files.join(", ")}\n`,
  fromSecret: "(what npm run secret makes)",
  steps: ({ cd, name, hasNumber, messages, events }) => `
1. ${cd ? `Go there, and sign` : "Sign"} in to Cloudflare:

     ${cd ? `cd ${cd}\n     ` : ""}npx wrangler login

2. ${hasNumber ? "" : "Write your Mağaza No into PAYTR_MERCHANT_ID of wrangler.toml, twice. "}Give the test relay its secrets; each command asks for the value:

     npx wrangler secret put PAYTR_MERCHANT_KEY --env test     Mağaza Parola
     npx wrangler secret put PAYTR_MERCHANT_SALT --env test    Mağaza Gizli Anahtar
     npx wrangler secret put WEBHOOK_SECRETS --env test        ${messages}
     npx wrangler secret put EVENTS_SECRETS --env test         ${events}

   Your shop gets the last two as well: it signs its messages with the first, and checks the relay's events with the second.

3. Deploy the test relay, and ping it at the address that this prints:

     npm run deploy -- --env test
     npm run ping -- https://${name}-test.YOUR-SUBDOMAIN.workers.dev

Then the same with --env="" for production, with secrets of its own: npm run secret makes them.
To try signing on this machine, with the secrets of .dev.vars: npm start
`,
};

const tr = {
  which: "Relay hangi klasöre kurulsun?\n  npx paytr-link-relay init my-relay",
  usage: "  npx paytr-link-relay init my-relay --merchant-id 123456 --name my-relay --no-install",
  unknown: (words) => `${words} hiçbir seçeneğe ait değil. Seçenekler:`,
  isThere: (files) => `Zaten var, hiçbir şey yazılmadı: ${files.join(", ")}. Başka bir klasör seçin.`,
  askMerchantId: "PayTR panelindeki Mağaza No (Enter: sonra): ",
  askName: (usual) => `Worker'ın Cloudflare'deki adı (Enter: ${usual}): `,
  badMerchantId: (text) => `${text} bir Mağaza No değil: en çok 32 rakam ya da harften oluşur.`,
  badName: (text) =>
    `${text} bir Worker adı olamaz: a-z, 0-9 ve aralarında tire, en çok 58 karakter. Başka bir ad verin:\n  --name my-relay`,
  installing: "Paket kuruluyor (yarım dakika)",
  notInstalled: "npm install başarısız oldu; nedeni yukarıda. Klasörde yeniden çalıştırıp devam edin.",
  made: (folder, files) => `\n${folder} klasöründe oluşturuldu: ${files.join(", ")}\n`,
  fromSecret: "(npm run secret üretir)",
  steps: ({ cd, name, hasNumber, messages, events }) => `
1. ${cd ? "Klasöre geçip " : ""}Cloudflare'e giriş yapın:

     ${cd ? `cd ${cd}\n     ` : ""}npx wrangler login

2. ${hasNumber ? "" : "Mağaza No'nuzu wrangler.toml'daki iki PAYTR_MERCHANT_ID satırına yazın. "}Test relay'ine gizli değerlerini verin; her komut değeri sorar:

     npx wrangler secret put PAYTR_MERCHANT_KEY --env test     Mağaza Parola
     npx wrangler secret put PAYTR_MERCHANT_SALT --env test    Mağaza Gizli Anahtar
     npx wrangler secret put WEBHOOK_SECRETS --env test        ${messages}
     npx wrangler secret put EVENTS_SECRETS --env test         ${events}

   Son ikisini mağazanıza da verin: isteklerini birincisiyle imzalar, relay'in olaylarını ikincisiyle doğrular.

3. Test relay'ini yayına alın ve bu komutun yazdığı adrese ping atın:

     npm run deploy -- --env test
     npm run ping -- https://${name}-test.SUBDOMAIN.workers.dev

Sonra canlı relay (production) için aynısını --env="" ile, ona ait imza anahtarlarıyla yapın: npm run secret üretir.
İmzalamayı bu makinede, .dev.vars dosyasındaki anahtarlarla denemek için: npm start
`,
};

/** @param {NodeJS.ProcessEnv} env */
export const textsFor = (env) => inLanguage(env, { en, tr });

// `npm run secret`: makes a webhook secret for every tool. Libraries of Standard Webhooks decode what stands behind `whsec_`;
// n8n, Make, Zapier and Apps Script key HMAC with a text. A secret whose bytes are letters and digits is good for both.
import { inLanguage } from "./locale.mjs";
import { makeSecret } from "./make-secret.mjs";
import { UserError, runMain } from "./user-error.mjs";

const TEXTS = {
  en: {
    usage: "npm run secret: makes a webhook secret. It takes no options.",
    strange: (words) => `No option takes ${words}. No secret was made.`,
    made: ({ secret, text }) => `
For the relay, and for every library of Standard Webhooks:

  ${secret}

The same secret for tools that sign with a text (n8n, Make, Zapier, Apps Script):

  ${text}

Whoever has either can sign. It is shown this once and kept nowhere. Make one for WEBHOOK_SECRETS, with which your shop
signs its messages, and another one for EVENTS_SECRETS, with which it checks the relay's events.
`,
  },
  tr: {
    usage: "npm run secret: bir imza anahtarı üretir. Seçeneği yoktur.",
    strange: (words) => `${words} diye bir seçenek yok. İmza anahtarı üretilmedi.`,
    made: ({ secret, text }) => `
Relay ve bütün Standard Webhooks kütüphaneleri için:

  ${secret}

Aynı imza anahtarı, metinle imzalayan araçlar için (n8n, Make, Zapier, Apps Script):

  ${text}

İkisinden birini bilen imza atabilir. Yalnızca şimdi gösterilir, hiçbir yere kaydedilmez. Mağazanızın isteklerini
imzaladığı WEBHOOK_SECRETS için bir tane, relay'in olaylarını doğruladığı EVENTS_SECRETS için başka bir tane üretin.
`,
  },
};

await runMain(() => {
  const texts = inLanguage(process.env, TEXTS);
  const given = process.argv.slice(2);
  if (given.includes("--help")) return console.log(texts.usage);
  if (given.length > 0) throw new UserError(texts.strange(given.join(" ")));
  console.log(texts.made(makeSecret()));
});

// What `npm run deploy` says beside wrangler, by language. What the relay says of a setting is its own and English.
import { inLanguage } from "../locale.mjs";

const en = {
  lacking: (lines) => `\nThis version of the relay has in its own wrangler.toml what yours has not:\n${lines}CHANGELOG.md says what for.`,
  requiredSecrets: "required secrets",
  withoutEventsSecrets: (section, command) => `EVENTS_URL is set in ${section}, and the relay has nothing to sign events with:\n  ${command}\n`,
  secretAmongVars: (section) => `What is secret must not stand in ${section}`,
  secretAmongVarsDetail: "is a secret, which stands in no file and in no command: npx wrangler secret put asks for it",
  refused: (place) => `The relay would refuse ${place}, and then send nothing`,
  outOfReach: (place) => `Cloudflare cannot reach an address in ${place}`,
  section: (vars, file) => `${vars} of ${file}`,
  leadsNowhere: (shop, why) => `leads nowhere${shop === undefined ? "" : ` for ${shop}`}: ${why}`,
  closed: {
    loopback: "a loopback address, which is the machine itself",
    unspecified: "no address of a machine",
    private: "an address of a private network",
    carrierGradeNat: "an address behind a provider's NAT",
    linkLocal: "a link-local address",
    multicast: "a multicast address",
    broadcast: "a broadcast address",
  },
  hostIs: (host, what) => `${host} is ${what}`,
  machineItself: (host) => `${host} is the machine itself`,
  nameWithoutDot: (host) => `${host} is a name without a dot, which only its own network knows`,
  closedName: (host, end) => `${host} ends in ${end}, which the internet does not know`,

  nothingDone: "Nothing was uploaded.",
  correct: (wrong) => `${wrong}Nothing was uploaded. Correct them and deploy again.`,
  dryEnds: (wrong) => `\n${wrong}A deploy that is not dry would end here.`,
  addressesLost: (lines) =>
    `\nThe relay no longer answers at an address that it had:\n${lines}PayTR notifies of payments at the address under which a link was made. Keep the old one until those links have\nexpired, or their payments do not reach you: docs/deploy.md, "An address of your own".\n`,
  twice: (option) => `${option} is given twice. Nothing was uploaded.`,
  otherFolder: "--cwd leads to another wrangler.toml: run npm run deploy there. Nothing was uploaded.",
  keptByNpm: (options, command) =>
    `npm has kept ${options.join(" and ")} for itself. Nothing was uploaded. What is for the deploy stands behind --:\n  ${command}`,
  noOption: (words, command) => `No option takes ${words}. Nothing was uploaded. Options stand behind --:\n  ${command}`,
  which: (more) => `Which relay? Nothing was uploaded.\n  npm run deploy -- --env test${more}\n  npm run deploy -- --env=""${more}    (production)`,
  relay: (name, merchant) => `the Worker ${name}${merchant ? `, PAYTR_MERCHANT_ID ${merchant}` : ""}`,
  isProduction: (relay) => `Without --env this is production: ${relay}.`,
  confirm: (relay) =>
    `Without --env this replaces the production relay: ${relay}.\nThe test relay is --env test. Replace production? (y/N) `,
  yes: /^(?:y|yes)$/i,
  noConfiguration: (folder) => `There is no wrangler.toml in ${folder}.`,
  unreadable: (file, why) => `${file} cannot be read: ${why}.`,
  noSecretsFile: "it is neither JSON nor lines of NAME=value",
};

const tr = {
  lacking: (lines) =>
    `\nRelay'in bu sürümünün kendi wrangler.toml dosyasında olup sizinkinde olmayanlar:\n${lines}Neye yaradıklarını CHANGELOG.md yazar.`,
  requiredSecrets: "zorunlu gizli değerler",
  withoutEventsSecrets: (section, command) => `EVENTS_URL dolu (${section}), ama relay'in olayları imzalayacağı bir anahtar yok:\n  ${command}\n`,
  secretAmongVars: (section) => `Gizli bir değer burada duramaz (${section})`,
  secretAmongVarsDetail: "gizli bir değerdir, hiçbir dosyaya ve komuta yazılmaz: npx wrangler secret put onu sorar",
  refused: (place) => `Relay bunları kabul etmez ve hiçbir şey göndermezdi (${place})`,
  outOfReach: (place) => `Cloudflare bir adrese ulaşamaz (${place})`,
  section: (vars, file) => `${file}, ${vars}`,
  leadsNowhere: (shop, why) => `ulaşılamayan bir adres${shop === undefined ? "" : ` (${shop})`}: ${why}`,
  closed: {
    loopback: "loopback adresi, yani makinenin kendisi",
    unspecified: "bir makinenin adresi değil",
    private: "özel bir ağın adresi",
    carrierGradeNat: "bir internet sağlayıcısının NAT'ı arkasındaki bir adres",
    linkLocal: "link-local bir adres",
    multicast: "multicast adresi",
    broadcast: "broadcast adresi",
  },
  hostIs: (host, what) => `${host} ${what}`,
  machineItself: (host) => `${host} makinenin kendisi`,
  nameWithoutDot: (host) => `${host} noktasız bir ad, onu yalnızca kendi ağı tanır`,
  closedName: (host, end) => `${host} adının sonundaki ${end} internette tanınmaz`,

  nothingDone: "Hiçbir şey yüklenmedi.",
  correct: (wrong) => `${wrong}Hiçbir şey yüklenmedi. Düzeltip yeniden yayına alın.`,
  dryEnds: (wrong) => `\n${wrong}--dry-run olmasaydı yayına alma burada dururdu.`,
  addressesLost: (lines) =>
    `\nRelay artık önceki bir adresinde yanıt vermiyor:\n${lines}PayTR ödemeleri, linkin oluşturulduğu adrese bildirir. O linklerin süresi dolana kadar eski adresi koruyun,\nyoksa ödemeleri size ulaşmaz: docs/deploy.tr.md, "Kendi adresiniz".\n`,
  twice: (option) => `${option} iki kez verilmiş. Hiçbir şey yüklenmedi.`,
  otherFolder: "--cwd başka bir wrangler.toml gösteriyor: npm run deploy komutunu orada çalıştırın. Hiçbir şey yüklenmedi.",
  keptByNpm: (options, command) =>
    `npm ${options.join(" ve ")} seçeneğini kendisi için aldı. Hiçbir şey yüklenmedi. Yayına alma seçenekleri -- işaretinden sonra yazılır:\n  ${command}`,
  noOption: (words, command) =>
    `${words} hiçbir seçeneğe ait değil. Hiçbir şey yüklenmedi. Seçenekler -- işaretinden sonra yazılır:\n  ${command}`,
  which: (more) => `Hangi relay? Hiçbir şey yüklenmedi.\n  npm run deploy -- --env test${more}\n  npm run deploy -- --env=""${more}    (production)`,
  relay: (name, merchant) => `${name} Worker'ı${merchant ? `, PAYTR_MERCHANT_ID ${merchant}` : ""}`,
  isProduction: (relay) => `--env verilmediğinde canlı ortam (production) geçerlidir: ${relay}.`,
  confirm: (relay) =>
    `--env verilmediği için canlı relay'in (production) yerini alacak: ${relay}.\nTest relay'i --env test ile seçilir. Canlı relay değiştirilsin mi? (e/H) `,
  yes: /^(?:e|evet|y|yes)$/i,
  noConfiguration: (folder) => `${folder} içinde wrangler.toml yok.`,
  unreadable: (file, why) => `${file} okunamıyor: ${why}.`,
  noSecretsFile: "ne JSON ne de AD=değer satırları",
};

/** By language; the same members in each. */
export const TEXTS = { en, tr };

/** Those of the person at this terminal. */
export const deployTexts = () => inLanguage(process.env, TEXTS);

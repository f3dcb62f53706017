// What every command says that asks a relay, in Turkish.
const LOG = 'Nedeni relay\'in logunda yazar: npx wrangler tail, canlı relay için --env="", test için --env test';
const LOCAL_LOG = "Nedeni relay'in logunda yazar: çalıştığı terminale bakın.";
const NOT_AMONG =
  "  1. Bu imza anahtarı relay'in WEBHOOK_SECRETS değerinde yok: değiştirilmiş, diğer relay'in (test, canlı)\n" +
  "     anahtarı verilmiş ya da iki anahtarın arasında boşluk bırakılmamış. Yeniden girin:\n" +
  "       npx wrangler secret put WEBHOOK_SECRETS";
const NOT_AMONG_LOCAL =
  "  1. Bu imza anahtarı, relay'in başlatıldığı .dev.vars dosyasındaki WEBHOOK_SECRETS değerinde yok ya da iki\n" +
  "     anahtarın arasında boşluk bırakılmamış. Dosyayı düzeltip relay'i yeniden başlatın.";

const changed = (what) =>
  `Relay'e giden yolda ${what}. Relay'in önünde istekleri değiştiren bir şey var: bir yönlendirme, bir proxy, bir güvenlik duvarı kuralı.`;

export default {
  unknownOption: (option) => `Burada ${option} diye bir seçenek yok. Olanları --help listeler.`,
  optionTwice: (option) => `${option} iki kez verilmiş.`,
  optionWithoutValue: (option) => `${option} seçeneğine bir değer verilmeli.`,
  wordTooMany: (word) => `${word} burada kullanılmıyor. Neler olduğunu --help yazar.`,
  keptByNpm: (options) => `npm, ${options} seçeneğini kendisi için aldı. Komut için olanların önüne -- yazın:\n  npm run … -- … ${options} …`,

  addressMissing: (example) => `Hangi relay? Adresi eksik:\n  ${example}`,
  noAddress: (text) => `${text} bir adres değil. Örnek: https://relay.example`,
  noRelaysAddress: ({ origin, pathname }, example) =>
    `${origin}${pathname} bir relay adresi olamaz. Şunu deneyin:\n  ${example}`,
  plainHttp: ({ host }) => `Şifresiz http yalnızca bu makine içindir. Şu adresi kullanın: https://${host}`,

  timedOut: ({ host }, seconds) => `${host} ${seconds} saniye içinde yanıt vermedi. Relay'in adresi bu mu?`,
  noHost: ({ hostname }, code) =>
    `${hostname} adında bir sunucu yok (${code}). Yazımını kontrol edin: adresi wrangler deploy yazar.`,
  refused: ({ host, port }, code) => `${host} adresini dinleyen yok (${code}).${port ? " Port doğru mu, relay çalışıyor mu?" : ""}`,
  noTrust: ({ host }, code) =>
    `${host} ile güvenilir bir bağlantı kurulamadı (${code}). Birkaç dakika önce eklenen bir alan adının sertifikası\n` +
    "henüz hazır olmayabilir. Neden bu değilse arada şifreli bağlantıyı açan bir şey vardır, örneğin bir şirket proxy'si.",
  disconnected: ({ host }, why) => `${host} ile bağlantı kurulamadı (${why}).`,

  redirects: ({ origin }, location) =>
    `${origin} bir relay değil: ${location} adresine yönlendiriyor. Relay'in kendi adresini kullanın.`,
  botProtection: (status) =>
    `Cloudflare'in bot koruması durdurdu (HTTP ${status}). Alan adındaki bir kural /webhook, /hooks/ ve /health yollarına izin vermeli.`,
  noRelay: ({ origin }, status, type) => `${origin} bir relay değil: yanıtı HTTP ${status}, ${type}.`,
  noContentType: "içerik türü yok",
  notDeployed: "Ad doğruysa orada henüz yayında bir şey yok: npm run deploy",

  misconfigured: ({ hostname }, isLocal, lines) =>
    `${hostname} bir relay, ama ayarları düzelene kadar hiçbir şey göndermez (misconfigured):\n${lines}` +
    (isLocal
      ? ".dev.vars dosyasında düzeltip relay'i yeniden başlatın."
      : "Gizli değerler npx wrangler secret put AD ile girilir, diğerleri wrangler.toml'a yazılıp npm run deploy ile yayına alınır."),

  clocksApart: (seconds, limit) => `Relay'in saatiyle bu makinenin saati arasında ${seconds} saniye fark var; ${limit} saniyeye kadarı sorun değil.`,
  invalidSignature: ({ hostname }, isLocal) =>
    `${hostname} bu imzayı tanımıyor (invalid-signature). En sık nedenden başlayarak:\n` +
    `${isLocal ? NOT_AMONG_LOCAL : NOT_AMONG}\n` +
    "  2. Kopyalanırken sonundan bir karakter eksik kalmış.\n" +
    "  3. Relay'in önündeki bir proxy gövdeyi ya da webhook- başlıklarını yeniden yazıyor.\n" +
    (isLocal ? LOCAL_LOG : LOG),
  staleTimestamp: (clock) =>
    `İmza anahtarı doğru, saat değil (stale-timestamp). Bu makinenin saati ${clock}\n` +
    "Saati ayarlayın, en iyisi NTP ile (timedatectl set-ntp true).",
  clockOff: (limit, now) => `${limit} saniyeden fazla şaşmış; gösterdiği: ${now}.`,
  clockAhead: (seconds, limit) => `relay'inkinden ${seconds} saniye ileri; izin verilen ${limit} saniye.`,
  clockBehind: (seconds, limit) => `relay'inkinden ${seconds} saniye geri; izin verilen ${limit} saniye.`,
  unknownType: ({ hostname }, type) =>
    `İmza anahtarı doğru: ${hostname} imzayı kabul etti. Ama relay'in sürümü eski, ${type} türünü bilmiyor (unknown-type).\n` +
    "Bu sürümü yayına alın: npm run deploy",
  contentTypeChanged: changed("içerik türü application/json kaybolmuş (unsupported-media-type)"),
  methodChanged: changed("POST başka bir metoda dönüşmüş (method-not-allowed)"),
  linkNotFound: "Relay'de bu callback_id ile bir link yok ya da kaydının süresi dolmuş (link-not-found).",
  refusedMessage: (status, code, detail) => `Relay reddetti: HTTP ${status}, ${code}. ${detail}`,

  badSecret: (from) =>
    `İmza anahtarı (${from}) whsec_ ve en az 24 baytın base64'ünden oluşmuyor.\n` +
    'Tırnaksız yazılır. Yeni bir tane üretmek için\n  echo "whsec_$(openssl rand -base64 32)"',
  asTyped: "yazılan",
  standardInput: "standart girdi",
  typeSecret: "İmza anahtarı (whsec_…), yazarken görünmez: ",
};

// What `npm run trigger` says beside ../asking/tr.mjs, in Turkish.
const AGAIN = "Relay bu olayı, üç günü aşkın sürede toplam on denemeye kadar yeniden denerdi.";

export default {
  usage: (types) => `Bir olayın imzalı bir örneğini kendi alıcınıza gönderir. Relay'e sorulmaz, ödeme yapılmaz.

  npm run trigger -- OLAY URL [seçenekler]
  OLAY                 şunlardan biri: ${types.join(", ")}
  URL                  mağazanızın olayları aldığı adres: https, bu makinede http de olur

Örneği kendi siparişinize uydurmak için:
  --reference R        siparişin numarası
  --price N            toplamı, kuruş olarak: 158000, yani 1580,00
  --currency C         TL, EUR, USD, GBP ya da RUB
  --link-id, --callback-id, --merchant-oid   gerçek bir linkin ve ödemenin değerleri
  --id ID              olayın webhook-id değeri: aynısı iki kez gelirse bir kez sayılmalı

İmza anahtarı EVENTS_SECRET değişkeninden, o yoksa ve alıcı bu makinedeyse .dev.vars dosyasındaki EVENTS_SECRETS ayarından
alınır; o da yoksa sorulur. Çıkış kodları: 0 relay olayı iletilmiş sayardı; 1 saymazdı; 2 komut yanlış.`,
  noEvent: (type, types) =>
    `${type === undefined ? "Hangi olay?" : `${type} diye bir olay yok.`} Olanlar:\n` +
    types.map((each) => `  npm run trigger -- ${each} http://127.0.0.1:8791/paytr-events\n`).join("") +
    "Daha fazlasını --help yazar.",
  receiverMissing: "Nereye? Alıcının adresi eksik:\n  npm run trigger -- link.paid http://127.0.0.1:8791/paytr-events",
  noReceiver: (text) => `${text} bir adres değil. Örnek: https://shop.example/paytr-events`,
  badField: (option, text) => `${option} için ${text} geçersiz. Neyin geçerli olduğunu --help yazar.`,
  noOrder: (option) => `relay.ping bir siparişin olayı değildir: ${option} ile kullanılmaz.`,

  posting: (type, id, url) => `${type} olayı ${url} adresine ${id} olarak gönderiliyor`,
  delivered: (status, milliseconds) => `${milliseconds} ms sonra HTTP ${status}. Relay olayı iletilmiş sayardı.`,
  givenUp: (status) => `HTTP ${status}. Relay bu olaydan hemen vazgeçerdi.`,
  triedAgain: (status) => `HTTP ${status}. ${AGAIN}`,
  redirected: (location) => `Relay yönlendirmeleri izlemez. EVENTS_URL'ye yönlendirilen adresi yazın: ${location}`,
  advice: {
    401: "Alıcı, bu olayı imzalayan anahtarla ve gövdenin geldiği hâliyle mi doğruluyor?",
    403: "Alıcı, bu olayı imzalayan anahtarla mı doğruluyor, yoksa önünde bir güvenlik duvarı mı var?",
    404: "Bu yolda olayları alan bir şey yok.",
    405: "Bu yol POST kabul etmiyor.",
    429: "Retry-After, bir güne kadar dikkate alınır.",
    503: "Retry-After, bir güne kadar dikkate alınır.",
  },
  silent: ({ host }, seconds) => `${host} ${seconds} saniye içinde yanıt vermedi. ${AGAIN}`,
  nobody: ({ host }, code) => `${host} adresini dinleyen yok (${code}). ${AGAIN}`,
  notReached: ({ host }, why) => `${host} ile bağlantı kurulamadı (${why}). ${AGAIN}`,

  badSecret: (from) =>
    `Olayların imza anahtarı (${from}) whsec_ ve en az 24 baytın base64'ünden oluşmuyor.\n` +
    "Relay'in EVENTS_SECRETS ayarındakini tırnaksız yazın.",
  typeSecret: "Olayların imza anahtarı (EVENTS_SECRETS, whsec_…), yazarken görünmez: ",
};

// What `npm run ping` says beside ../asking/tr.mjs, in Turkish.
const SECRET = "Mağazanız olayları relay'in EVENTS_SECRETS ayarındaki imza anahtarıyla mı doğruluyor? npm run trigger buradan bir örnek gönderir.";
const REFUSALS = {
  401: SECRET,
  403: `${SECRET}\nYa da önündeki bir güvenlik duvarı relay'i bot sanıyor.`,
  404: "Bu yolda olayları alan bir şey yok. EVENTS_URL adresinin yazımına bakın.",
  405: "Bu yol POST kabul etmiyor. EVENTS_URL adresinin yazımına bakın.",
  410: "Yani mağazanız artık olay istemiyor: gerçek bir olaydan hemen vazgeçilirdi.",
};
const otherRefusal = (status) =>
  status < 400
    ? "Relay yönlendirmeleri izlemez. EVENTS_URL'ye yönlendirilen adresi yazın."
    : "Gerçek bir olay üç günü aşkın sürede on kez denenirdi. Nedeni mağazanızın kendi logundadır.";

export default {
  usage: `Orada bir relay var mı, ayarları doğru mu, bu imza anahtarıyla atılan imzayı kabul ediyor mu? Kimseye SMS ya da e-posta gitmez.

  npm run ping -- URL            URL, relay'in adresidir; verilmezse RELAY_URL geçerlidir
  npm run ping -- URL --events   relay EVENTS_URL adresinize imzalı bir relay.ping olayı gönderir, gelen yanıt yazılır

İmza anahtarı WEBHOOK_SECRET değişkeninden, o yoksa ve relay bu makinedeyse .dev.vars dosyasından alınır; o da yoksa sorulur.
Çıkış kodu her şey yolundaysa 0, değilse 1 olur.`,

  healthy: ({ origin }) => `${origin} bir relay ve ayarları doğru.`,
  eventsOn: "Olaylar açık: ödemeler EVENTS_URL adresine bildirilir.",
  eventsOff: "Olaylar kapalı: EVENTS_URL boş, ödemeler bildirilmez.",
  noEvents: "Bu relay'in sürümü eski, olayları bilmiyor ve ödemeleri bildirmiyor. Bu sürümü yayına alın: npm run deploy",
  pong: (milliseconds) => `${milliseconds} ms içinde pong: bu imza anahtarıyla atılan imzayı kabul ediyor.`,
  requestId: (id) => `Relay'in logundaki satırda "request_id":"${id}" yazar.`,
  eventDelivered: (status) => `EVENTS_URL imzalı bir relay.ping olayını aldı: HTTP ${status}. Ödemeler mağazanıza ulaşıyor.`,
  eventRefused: (status) => `EVENTS_URL imzalı relay.ping olayını reddetti: HTTP ${status}. ${REFUSALS[status] ?? otherRefusal(status)}`,
  eventNotAnswered: (reason) =>
    `EVENTS_URL imzalı relay.ping olayına yanıt vermedi (${reason}). İnternetten erişilebiliyor mu, 15 saniye içinde yanıt veriyor mu?`,
  eventsCannotBeTried: "Bu relay'in sürümü eski, EVENTS_URL adresini deneyemiyor. Bu sürümü yayına alın: npm run deploy",

  storefront: (name, platform, { href }) =>
    `${name} mağazası: ${platform} içindeki webhook'lara adres (Delivery URL) olarak bunu verin:\n  ${href}`,
  writesBack: "  api_key var: linkler ve ödemeler mağazadaki siparişlere yazılır.",
  doesNotWriteBack: (areEventsOn) =>
    `  api_key yok: mağazadaki siparişlere bir şey yazılmaz, ${areEventsOn ? "ödemeleri yalnızca olaylar bildirir" : "ödemeler kimseye bildirilmez"}.`,
  hookAnswers: "  Böyle bir webhook kaydedilirken mağazanın gönderdiği ping'e yanıt veriyor.",
  refusedHook: ({ href }, status, code, detail) => `${href} mağazanın ping'ini reddetti: HTTP ${status}, ${code}. ${detail}`,
  refusedMessage: (status, code, detail) => `Ping'i reddetti: HTTP ${status}, ${code}. ${detail}`,
};

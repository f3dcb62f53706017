// What `npm run relay` says beside ../asking/tr.mjs, in Turkish.
const COMMANDS = {
  links: `npm run relay -- links [seçenekler]         linkler, en yenisi başta
  --state DURUM      open (açık), paid (ödendi), deleted (silindi) ya da unknown (belirsiz)
  --reference R      R numaralı siparişinizin linkleri`,
  events: `npm run relay -- events [seçenekler]        mağazanıza giden olaylar, en yenisi başta
  --pending          iletilmeyi bekleyenler
  --delivered        mağazanızın aldıkları
  --dead             vazgeçilenler`,
  list: `  --since ZAMAN      o anda ya da sonra oluşanlar: 90m, 24h, 7d önce, bugün, dün, 2026-11-30, "2026-11-30 14:00"
  --until ZAMAN      ondan önce oluşanlar
  --limit N          en çok N tane; verilmezse 20
  --all              hepsi
  --cursor C         önceki bir listenin devamı: --json çıktısındaki cursor`,
  link: `npm run relay -- link AD [--all]            bir link, gönderimleri ve en yeni 100 ödemesi ya da hepsi
  AD                 siparişinizin numarası (reference) ya da linkin callback_id değeri`,
  replay: `npm run relay -- replay AD [--since ZAMAN]   bir linkin en yeni 100 olayını ya da ZAMAN'dan beri olanları yeniden gönderir
npm run relay -- replay --dead [--since ZAMAN]  vazgeçilen bütün olayları yeniden gönderir`,
  status: `npm run relay -- status                     son 24 saatin sayıları ve birinin bakması gerekip gerekmediği`,
};
const COMMON = `Hepsiyle birlikte:
  --json             programlar için tek bir JSON belgesi
  --relay URL        relay'in adresi; verilmezse RELAY_URL geçerlidir

İmza anahtarı WEBHOOK_SECRET değişkeninden, o yoksa ve relay bu makinedeyse .dev.vars dosyasından alınır; o da yoksa sorulur.
Çıkış kodları: 0 her şey yolunda; 1 relay reddetti ya da ona ulaşılamadı; 2 komut yanlış; 3 status birinin bakması gerektiğini söylüyor.`;
const LISTS = ["links", "events"];

export default {
  numberLocale: "tr-TR",
  /** Writes 30.11.2026 14:00. */
  timeLocale: "tr-TR",

  usage: (names) =>
    [
      ...names.filter((name) => LISTS.includes(name)).map((name) => COMMANDS[name]),
      ...(names.some((name) => LISTS.includes(name)) ? [COMMANDS.list] : []),
      ...names.filter((name) => !LISTS.includes(name)).map((name) => COMMANDS[name]),
      COMMON,
    ].join("\n\n"),
  noCommand: (name, names) =>
    `${name === undefined ? "Hangi komut?" : `${name} diye bir komut yok.`} Olanlar:\n` +
    names.map((each) => `  npm run relay -- ${each}\n`).join("") +
    "Her biri --help ile kendini anlatır.",
  noTime: (option, text) => `${option} için 24h, 7d, bugün, 2026-11-30 ya da "2026-11-30 14:00" gibi bir zaman verin. ${text} böyle değil.`,
  noCount: (option, text) => `${option} için 1 ya da daha büyük bir sayı verin. ${text} böyle değil.`,
  noneOf: (option, text, words) => `${option} için şunlardan birini verin: ${words.join(", ")}. ${text} bunlardan değil.`,
  eitherOr: (...options) => `${options.join(" ya da ")}: yalnızca biri verilebilir.`,
  whichLink: "Hangi link? Siparişinizin numarasını (reference) ya da bir callback_id verin:\n  npm run relay -- link 1001",
  replayWhat:
    "Hangi olaylar? Bir linkin olayları, siparişinizin numarasıyla (reference) ya da callback_id ile; ya da vazgeçilenlerin hepsi:\n" +
    "  npm run relay -- replay 1001\n  npm run relay -- replay --dead",
  noLinkOf: (reference) => `Relay'de ${reference} numaralı siparişin linki yok ya da kaydının süresi dolmuş.`,

  created: "oluşturma",
  received: "geliş",
  reference: "sipariş",
  state: "durum",
  price: "fiyat",
  amount: "tutar",
  sends: "gönderimler",
  type: "tür",
  attempts: "deneme",
  nextAt: "sonraki",
  units: { minutes: "dk", hours: "sa" },
  now: "şimdi",
  reasons: "nedenler",
  event: "olay",
  channels: { "link.send_sms": "SMS", "link.send_email": "e-posta" },
  linkStates: { open: "açık", paid: "ödendi", deleted: "silindi", unknown: "belirsiz" },
  sendOutcomes: {
    sent: "gitti",
    rejected: "ret",
    unknown: "belirsiz",
    limited: "sınırda",
    obsolete: "gereksiz",
  },
  eventStates: { pending: "bekliyor", delivered: "iletildi", dead: "vazgeçildi" },

  noLinks: "Böyle bir link yok.",
  noEventsFound: "Böyle bir olay yok.",
  noPayments: "Henüz ödeme yok.",
  moreLinks: (shown) => `Bunlar en yeni ${shown} link; daha fazlası var. --limit N ile N tanesi, --all ile hepsi görülür.`,
  moreEvents: (shown) => `Bunlar en yeni ${shown} olay; daha fazlası var. --limit N ile N tanesi, --all ile hepsi görülür.`,
  olderPayments: "Daha eski ödemeler de var: --all ile görülür.",
  replayed: (count) => (count === 0 ? "Gönderilecek olay yoktu." : `${count} olay mağazanıza şimdi yeniden gönderiliyor.`),

  lastDay: (created, paid) => `Son 24 saatte ${created} link oluşturuldu, ${paid} link ödendi.`,
  eventCounts: (pending, dead, oldest) =>
    `Olaylar: ${pending} tanesi iletilmeyi bekliyor${oldest && ` (en eskisi ${oldest})`}, ${dead} tanesinden vazgeçildi.`,
  latePartitions: (count) => (count === 0 ? "Geciken iş yok." : `Relay'in 32 bölümünden ${count} tanesinde iş gecikmiş.`),
  version: (version) => `Sürüm ${version}.`,
  allWell: "Vazgeçilen ya da bir saati aşkın süredir bekleyen olay yok.",
  forAPerson: {
    dead:
      "Vazgeçilen olaylar var: mağazanızın bazı ödemelerden haberi yok. Hangileri olduğuna bakın, nedenini giderin, yeniden gönderin:\n" +
      "  npm run relay -- events --dead\n  npm run relay -- replay --dead",
    waiting:
      "Bir olay bir saati aşkın süredir bekliyor: mağazanız onu almıyor. Hangisi olduğuna ve gelen yanıta bakın:\n" +
      "  npm run relay -- events --pending\n  npm run ping -- URL --events",
    late:
      "Geciken iş var: bir dakika sonra yeniden bakın. Gecikme sürerse relay'in logunda hata arayın:\n" +
      '  npx wrangler tail, canlı relay için --env="", test için --env test',
  },
};

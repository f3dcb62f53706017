// What `npm run explain` says beside ../asking/tr.mjs, in Turkish.
const GIVE_BODY = "  npm run explain -- request.txt body.json";
const GIVE_FILE = `Onu da ayrı bir dosyada verin:\n${GIVE_BODY}`;
const FORMS =
  'Okunabilenler: ham HTTP, `curl --trace DOSYA …` çıktısı, HAR, bir curl komutu, "Copy as fetch", "Copy as PowerShell",\n' +
  "Postman'in ürettiği kod ve altında boş bir satırla gövdesi olan başlık satırları.";
const NO_HEADERS = "İçinde webhook-… başlıkları yok.";
const BOTH = "Başlıkları ve gövdesiyle bir istek olmalı.";
const LOG =
  "Bu bir log satırı; log satırında gövde olmaz. İsteğin kendisini yakalayın: gönderildiği yerde `curl --trace DOSYA …` ile\n" +
  "ya da ulaştığı yerde başlıklarını, boş bir satırı ve gövdesinin baytlarını bir dosyaya yazarak.";
const WEBHOOKS = "WooCommerce > Ayarlar > Gelişmiş > Webhook'lar (Settings > Advanced > Webhooks)";

/** What was done to a body, by what body-spellings.mjs calls it. */
const SPELLINGS = {
  "a line end more": "sonunda bir satır sonu fazla",
  "a line end less": "sonunda bir satır sonu eksik",
  "white space less": "başındaki ve sonundaki boşluklar eksik",
  "a byte order mark more": "başında bir BOM (byte order mark) fazla",
  "a byte order mark less": "başındaki BOM (byte order mark) eksik",
  "other line ends": "satır sonları farklı",
  "line ends lost": "satır sonları kaybolmuş",
  "an empty body": "boş bir gövde",
  "cut to its content-length": "content-length kadarı alınmış",
  "UTF-8 encoded twice": "iki kez UTF-8 ile kodlanmış",
  "UTF-16": "UTF-16",
  "ISO-8859-9": "ISO-8859-9",
  "[object Object]": "[object Object]",
  undefined: "undefined",
  "PHP's Array": "PHP'nin yazdığı Array",
  "Python's b'…'": "Python'ın yazdığı b'…'",
  "Python's text of a dict": "Python'ın bir dict için yazdığı metin",
  "JSON in a JSON string": "JSON metni içinde JSON",
  JSON: "JSON",
  sorted: "anahtarları sıralı",
  compact: "boşluksuz",
  spaced: "virgüllerden ve iki noktalardan sonra boşluklu",
  "spaced after colons": "iki noktalardan sonra boşluklu",
  "indented by 2": "2 boşluk girintili",
  "indented by 4": "4 boşluk girintili",
  "indented by tabs": "sekmelerle girintili",
  "letters escaped": "harfleri \\u ile yazılmış",
  "letters escaped in capitals": "harfleri \\u ve büyük onaltılık rakamlarla yazılmış",
  "letters and slashes escaped": "harfleri \\u, eğik çizgileri \\/ ile yazılmış",
  "slashes escaped": "eğik çizgileri \\/ ile yazılmış",
  "HTML escaped": "HTML karakterleri \\u ile yazılmış",
  "HTML and quotes escaped": "HTML karakterleri ve tırnakları \\u ile yazılmış",
  "with a line end": "sonunda satır sonu",
};
const spelled = ([first, ...rest]) => {
  const details = rest.map((name) => SPELLINGS[name]).join(", ");
  return details ? `${SPELLINGS[first]} (${details})` : SPELLINGS[first];
};

/** What was taken for the key, by what slips.mjs calls it. */
const KEYS = {
  "the secret's text, whsec_ and all": "imza anahtarının çözülmemiş metni, whsec_ ile birlikte",
  "the secret's text without whsec_, not decoded": "imza anahtarının çözülmemiş metni, whsec_ olmadan",
  "what base64 makes of the whole secret, whsec_ and all": "whsec_ ile birlikte bütün imza anahtarının base64 çözümü",
  "the secret's text with a line end": "imza anahtarının çözülmemiş metni ve sonunda bir satır sonu",
  "the secret's text without whsec_, not decoded, with a line end": "imza anahtarının whsec_ olmadan çözülmemiş metni ve sonunda bir satır sonu",
  "the decoded secret in hexadecimal, as text": "çözülmüş imza anahtarının onaltılık metni",
  "the decoded secret, made a text of one letter for each byte (atob) and encoded as UTF-8":
    "çözülmüş imza anahtarı, her baytı bir harf olan metne çevrilip (atob) UTF-8 ile kodlanmış hâliyle",
  "the decoded secret, made a text of UTF-8": "çözülmüş imza anahtarı, UTF-8 metin sayılmış hâliyle",
  "the decoded secret without its zero bytes (a shell variable keeps none)":
    "çözülmüş imza anahtarı, sıfır baytları kaybolmuş hâliyle (shell değişkenleri onları tutmaz)",
  empty: "boş bir anahtar",
};

/** What was signed, by what slips.mjs calls it. */
const SIGNED = {
  "the timestamp and the body, without the id": "zaman damgası ile gövde imzalanmış, id yok",
  "the id and the body, without the timestamp": "id ile gövde imzalanmış, zaman damgası yok",
  "the body alone": "yalnızca gövde imzalanmış",
  "the id and the timestamp, without the body": "id ile zaman damgası imzalanmış, gövde yok",
};

/** What the shop's secret has, by what delivery.mjs calls it. */
const MORE = {
  "a blank or a line end behind it": "sonunda bir boşluk ya da satır sonu",
  "a blank in front of it": "başında bir boşluk",
  "quotes around it": "başında ve sonunda tırnak",
};

/** By how much a clock is off. `against` is in the dative. */
function away(seconds, hours, against) {
  const zone = hours === undefined ? "" : ` (${String(hours).replace(".", ",")} saat: yerel saat UTC mi sanıldı?)`;
  return `${against} göre ${Math.abs(seconds)} saniye${zone} ${seconds > 0 ? "ileri" : "geri"}`;
}

const ofOrder = (number) => (number ? `${number} numaralı siparişin` : "siparişin");
const total = (given) => `toplamı ${given}`;

export default {
  usage:
    `Hangi istek? Bir dosyaya yazın:\n  npm run explain -- request.txt\nya da gövdesini ayrı bir dosyada verin:\n${GIVE_BODY}`,
  typeEventsSecret: "Olayların imza anahtarı (EVENTS_SECRETS, whsec_…), yazarken görünmez: ",
  typeStorefrontSecret: "Mağazanın webhook_secret değeri, yazarken görünmez: ",
  badStorefronts: (from) =>
    `webhook_secret bulunamadı (${from}). Mağazadaki webhook'un imza anahtarını STOREFRONT_SECRET değişkeniyle ya da relay'in\n` +
    "STOREFRONTS ayarının bütününü aynı adlı değişkenle verin.",
  whyNotRead: {
    ENOENT: (file) => `${file} diye bir dosya yok.`,
    EISDIR: (file) => `${file} bir klasör. İçinde isteğin olduğu dosyanın adını verin.`,
    EACCES: (file) => `${file} dosyasını okuma izniniz yok.`,
  },
  cannotBeRead: (file, why) => `${file} okunamıyor: ${why}`,
  secretInFile: (file) =>
    `İmza anahtarının kendisi ${file} dosyasında ve ekranda görünürdü. Dosyadan çıkarın. İsteğin bir parçasıysa onu hiç\n` +
    "göndermeyin: onunla imzalayın. Gönderilmiş olanı artık başkaları da bilir; docs/rotate.tr.md sayfasındaki gibi yenisini üretin.",

  // What a capture is, and what it lacks.
  nameOfRequest: (number, count) => `Dosyadaki ${count} istekten ${number}. istek.`,
  nameOfCommand: (number, count, address) => `${count} komuttan ${number}. komut: ${address}`,
  nameOfEntry: (number, count, method, address, status) =>
    `HAR'daki ${count} kayıttan ${number}. kayıt: ${method} ${address}${status === undefined ? "" : `, yanıtı ${status}`}.`,
  unreadableAddress: "okunamayan bir adres",
  logHasNoBody: LOG,
  unknownForm: `İçinde webhook-… başlıklarından söz ediliyor ama biçimi burada okunamıyor.\n${FORMS}`,
  noRequest: `${NO_HEADERS}\n${BOTH}\n${FORMS}`,
  noRequestInJson: `${NO_HEADERS}\nJSON, ama ne HAR ne de başlıklarıyla bir istek.\n${BOTH}\n${FORMS}`,
  brokenCode: (language, why) => `${language} koduna benziyor ama bir yeri eksik ya da yanlış: ${why}. Hepsini kopyalayın.`,
  headerWorkedOut: (name) =>
    `Kod ${name} değerini çalışırken hesaplıyor, bu yüzden değer bu dosyada yok. Gönderileni \`curl --trace DOSYA …\` ile ya da\n` +
    "tarayıcının ağ panelinden HAR olarak yakalayın.",
  codeSendsNone: "Çalıştırılmadan okunabildiği kadarıyla kod gövde göndermiyor.",
  codeWorksBodyOut:
    "Kod gövdeyi çalışırken hesaplıyor. Gönderileni `curl --trace DOSYA …` ile ya da tarayıcının ağ panelinden HAR olarak yakalayın.",
  codeHasNoBody:
    "Bu bir kod; gövdesinin metni içinde yok ya da çalıştırılmadan bilinemez. Gönderileni yakalayın: `curl --trace DOSYA …` ile\n" +
    `ya da baytları gönderilmeden önce ayrı bir dosyaya yazarak:\n${GIVE_BODY}`,
  variableInHeader: (variable, header) =>
    `${header} içindeki ${variable} değişkeninin değeri bu dosyada yok. --trace ile bir kez gönderip çıkan dosyayı verin:\n` +
    "  curl --trace request.txt …",
  openQuote: "Komutta bir tırnak kapanmamış: bir parçası eksik. Hepsini kopyalayın.",
  commandSendsForm: "Komut bir form gönderiyor (-F). Relay JSON alır: --data-binary @order.json ya da --data-raw '{…}'.",
  commandSendsNone: "Komut gövde göndermiyor: içinde --data-raw ya da benzeri yok.",
  bodyIsVariable: `Gövde bir değişkenin değeri; o da bu dosyada yok. ${GIVE_FILE}`,
  bodyFromInput: (shown) => `Gövde standart girdiden okunuyor (${shown}), bu dosyada yok. ${GIVE_FILE}`,
  bodyInFile: (shown, file) => `Gövde başka bir dosyada (${shown}), o dosya da gerekli:\n  npm run explain -- request.txt ${file}`,
  commandWorksHeaderOut: (name) => `${name} komut çalışırken hesaplanıyor, bu yüzden değeri bu dosyada yok.`,
  commandWorksBodyOut: `Gövde komut çalışırken hesaplanıyor. Ayrı bir dosyada verin:\n${GIVE_BODY}`,
  powershellSendsNone: "Komut gövde göndermiyor: içinde -Body yok.",
  headersAlone:
    "Gelen baytları başlıkların altına, boş bir satırdan sonra ya da ayrı bir dosyaya yazın:\n" +
    `${GIVE_BODY}\n` +
    "Bu baytlar Laravel'de $request->getContent(), PHP'de file_get_contents('php://input'), Express'te express.raw(),\n" +
    "Flask'ta request.get_data(), Django'da request.body ile alınır.",
  onlyHeaders: `İçinde yalnızca başlıklar var. Gelen baytları ayrı bir dosyaya yazın:\n${GIVE_BODY}`,
  bodyWasParsed:
    "Gövde içinde ama okunup yeniden yazılmış JSON olarak; imza ise gelen baytlar üzerinden atılır.\n" +
    "O baytları ayrı bir dosyaya yazın: npm run explain -- request.txt body.json",
  relaysLine: (reason) => `${LOG}\nRelay bu satırda şunu söylüyor: ${reason}.`,
  harWithoutRequest: (count) =>
    `Bu HAR'da ${count} istek var; hiçbiri /webhook ya da /hooks/ yoluna gönderilmemiş ya da imzalı değil.\n` +
    "Önce ağ panelini açın, isteği yeniden gönderin ve HAR'ı yeniden kaydedin.",
  harWithoutBody:
    "HAR'daki bu kayıtta postData.text yok. Tarayıcılar, baştan görmedikleri isteklerde onu yazmaz:\n" +
    "önce ağ panelini açın, isteği yeniden gönderin ve HAR'ı yeniden kaydedin.",
  traceAscii: "`curl --trace-ascii` baytların bir kısmını atlar. İsteği `curl --trace DOSYA …` ile yakalayın.",
  verboseHasNoBody:
    "curl -v gövdeyi yazmaz: -v yerine `curl --trace DOSYA …` kullanın ya da gövdeyi > ile başlayan son satırın\n" +
    "altına, boş bir satırdan sonra yazın.",
  endsBehindHeaders: "Bir isteğin başlıklarından sonra boş bir satır ve gövde gelir.",
  declaredBody: (length, why) => `Başlıklara göre ${length} baytlık bir gövde olmalı. ${why}`,
  answerDate: "yanıtın tarihine",
  harTime: "HAR'daki gönderilme zamanına",
  writtenAt: (file) => `${file} dosyasının yazıldığı zamana`,

  // What was found.
  right: "İmza doğru, üç başlık da öyle.",
  rightButOld: "İmza doğru, ama zaman damgası kabul edilmeyecek kadar eski.",
  unexplained: "İmza yanlış; sık yapılan hataların hiçbiri bunu açıklamıyor.",
  notSigned: "İmzalı değil:",
  wrong: (count) => (count === 1 ? "Yanlış olan şu:" : `Şu ${count} yanlış bir arada:`),
  noBodyFound: (why) => `Gövde bulunamadı; imza ise gövde üzerinden atılır.\n${why}`,
  seenWithoutBody: "Gövde olmadan görülebilenler:",
  signedWith: (number, count) => `${count} imza anahtarından ${number}. anahtarla imzalanmış.`,
  signedText: (length) => `İmzalanan metin, ${length} bayt`,
  differ: (at) => `${at} numaralı bayttan sonra ayrılıyorlar; o satırlar > ile işaretli.`,
  messageMayBeLate: (_limit, ...offset) =>
    `webhook-timestamp ${away(...offset)}. O zaman mı gönderildi ve yanıtı stale-timestamp mıydı? Öyleyse gönderenin saati yanlış.`,
  eventMayBeLate: (_limit, ...offset) =>
    `webhook-timestamp ${away(...offset)}. O zaman mı geldi? Öyleyse alıcının saati yanlış: relay her denemeyi yeniden imzalar.`,
  message: {
    signed: (length) => `Gönderenin imzaladığı, ${length} bayt`,
    expected: (length) => `Relay'in imzaladığı, ${length} bayt`,
    left:
      "Geriye kalanlar, en sık nedenden başlayarak:\n" +
      "  - Başka bir imza anahtarıyla imzalanmış: değiştirilmiş bir anahtarla ya da diğer relay'inkiyle (test, canlı).\n" +
      "    Burada verdiğiniz anahtarı relay'in tanıyıp tanımadığını npm run ping -- URL söyler.\n" +
      "  - İmza anahtarı kopyalanırken bir karakter eksik kalmış.\n" +
      "  - Aşağıdakinden başka bir gövde imzalanmış. Gönderen kodda imzalanan metni yazdırıp bununla karşılaştırın.",
  },
  event: {
    signed: (length) => `Relay'in imzaladığı, ${length} bayt`,
    expected: (length) => `Bu dosyadaki, ${length} bayt`,
    left:
      "Bu, relay'in bir olayı: id'si evt_ ile başlıyor. Geriye kalanlar, en sık nedenden başlayarak:\n" +
      "  - Verdiğiniz anahtar olaylarınki değil; olayların imza anahtarı ayrıdır, EVENTS_SECRETS ayarındadır:\n" +
      "      EVENTS_SECRET=whsec_… npm run explain -- DOSYA\n" +
      "    Ya da değiştirilmiş bir anahtar veya diğer relay'inki (test, canlı).\n" +
      "  - Aşağıdaki gövde, gelen gövde değil. Baytları, JSON'u hiçbir şey okumadan önce dosyaya yazın.",
  },
  slips: {
    missing: (header) => [`${header} yok.`, "Üçünü de gönderin: webhook-id, webhook-timestamp, webhook-signature."],
    twice: (header) => [`${header} iki kez gelmiş ya da içinde virgül ve boşluk var.`, "Her başlığı bir kez gönderin."],
    swapped: () => [
      "webhook-id ile webhook-timestamp değerleri yer değiştirmiş.",
      "webhook-id için isteğin id'sini, webhook-timestamp için Unix saniyelerini verin.",
    ],
    "dot in the id": () => [
      "webhook-id içinde nokta var; imzalanan parçaları ise nokta ayırır.",
      "Noktasız bir id verin: örneğin msg_ ve bir UUID.",
    ],
    "bad id": () => [
      "webhook-id, virgül dışındaki görünür ASCII karakterlerden 1–256 tane değil.",
      "Başka bir id verin: örneğin msg_ ve bir UUID.",
    ],
    milliseconds: () => [
      "webhook-timestamp milisaniye cinsinden.",
      "Başlıkta da imzalanan metinde de Unix zamanını tam saniye olarak verin: Math.floor(Date.now() / 1000).",
    ],
    fraction: () => [
      "webhook-timestamp kesirli.",
      "Başlıkta da imzalanan metinde de Unix zamanını tam saniye olarak verin: int(time.time()).",
    ],
    "bad timestamp": () => [
      "webhook-timestamp, yalnızca rakamlarla yazılmış Unix saniyeleri değil; örneği 1795637400.",
      "Unix zamanını tam saniye olarak, tırnaksız, artı işaretsiz ve başında sıfır olmadan yazın.",
    ],
    "no version": () => ["İmza v1 ve virgülle başlamıyor.", "base64'ün önüne v1, yazın."],
    hexadecimal: () => [
      "Özet onaltılık yazılmış.",
      "base64'ünü yazın: Node'da mac.digest('base64'), Python'da base64.b64encode(mac.digest()),\n" +
        "PHP'de base64_encode(hash_hmac('sha256', $text, $key, true)), shell'de openssl dgst … -binary | openssl base64 -A.",
    ],
    "hexadecimal in base64": () => [
      "base64, özetin 32 baytının değil onaltılık metninin base64'ü.",
      "Özetin baytlarını alın: hash_hmac('sha256', $text, $key, true), mac.digest(), openssl dgst -binary.",
    ],
    "URL-safe base64": () => [
      "İmza URL için değiştirilmiş base64 ile (URL-safe) yazılmış.",
      "Standart base64 kullanın: - ve _ yerine + ve /.",
    ],
    "unpadded base64": () => [
      "İmzanın base64'ü sonundaki dolguyu kaybetmiş.",
      "Sondaki = işareti kalsın: 32 bayt 44 karakterdir.",
    ],
    "irregular base64": () => [
      "İmzanın base64'ü düzgün yazılmamış.",
      "Standart base64'ün 44 karakterini arasına, başına ve sonuna bir şey eklemeden yazın.",
    ],
    quotes: () => ["İmza tırnak içinde.", "Başlığın değerini tırnaksız yazın."],
    "percent encoding": () => ["İmza yüzde kodlamasıyla yazılmış.", "Olduğu gibi yazın: +, / ve = kalsın."],
    "other hash": (hash) => [`İmza ${hash} ile hesaplanmış bir HMAC.`, "SHA-256 kullanın."],
    "no signature": () => [
      "webhook-signature içinde 32 baytlık bir imza yok.",
      "v1, yazıp arkasına HMAC-SHA256(anahtar, webhook-id.webhook-timestamp.gövde) sonucunun base64'ünü ekleyin.",
    ],
    "too many signatures": () => [
      "webhook-signature içinde 16'dan fazla imza var.",
      "Şimdiki imza anahtarıyla ve bir öncekiyle imzalayın.",
    ],
    "other order": () => [
      "İmzalanan metinde zaman damgası id'den önce geliyor.",
      "Sırayla webhook-id, nokta, webhook-timestamp, nokta ve gövdeyi imzalayın.",
    ],
    "other text": (text) => [
      `İmzalanan metin başka: ${SIGNED[text]}.`,
      "webhook-id, nokta, webhook-timestamp, nokta ve gövdeyi imzalayın.",
    ],
    "other separator": () => [
      "İmzalanan parçalar noktayla birleştirilmemiş.",
      "Noktayla birleştirin: webhook-id.webhook-timestamp.gövde.",
    ],
    "time taken twice": (seconds) => [
      `İmzalanan zaman damgası ile webhook-timestamp arasında ${seconds} saniye var: saat iki kez okunmuş.`,
      "Saati bir kez okuyun, değeri saklayın ve ikisinde de onu kullanın.",
    ],
    "milliseconds signed": () => [
      "Milisaniyeler imzalanmış, webhook-timestamp ise saniye cinsinden.",
      "Önce saniyeye çevirin, sonra aynı metni hem imzalayın hem gönderin.",
    ],
    "seconds signed": () => [
      "Tam saniyeler imzalanmış, webhook-timestamp ise başka bir şey.",
      "İmzalanan metnin aynısını gönderin.",
    ],
    "other path": (path) => [
      `${path} adresine gönderilmiş.`,
      "/webhook adresine gönderin: relay istekleri yalnızca orada kabul eder.",
    ],
    "for events": () => [
      "Olayların imza anahtarıyla (EVENTS_SECRETS) imzalanmış, ama bu bir istek.",
      "İstekleri relay'in WEBHOOK_SECRETS ayarındaki imza anahtarıyla imzalayın.",
    ],
    "for messages": () => [
      "İsteklerin imza anahtarıyla (WEBHOOK_SECRETS) imzalanmış, ama bu bir olay: id'si evt_ ile başlıyor.",
      "İsteklerin imza anahtarını bilen herkes bunu üretmiş olabilir. Relay olayları yalnızca EVENTS_SECRETS ile imzalar.",
    ],
    key: (key) => [
      `HMAC anahtarı olarak şu kullanılmış: ${KEYS[key]}.`,
      "Anahtar, whsec_ sonrasındaki bölümün base64'ten çözülmüş baytlarıdır: Node'da Buffer.from(part, 'base64'),\n" +
        "Python'da base64.b64decode(part), PHP'de base64_decode($part).",
    ],
    body: (spelling) => [
      `İmzalanan gövde, gelen gövdeden farklı: ${spelled(spelling)}.`,
      "Gövdeyi bir kez yazın, metnini saklayın; hem onu imzalayın hem onu gönderin (fetch'te body: text, requests'te data=text,\n" +
        "httpx'te content=text, curl'de --data-binary); istemcinin yeniden yazacağı bir nesne vermeyin.\n" +
        "Gönderen böyle yapıyorsa aradaki bir şey gövdeyi değiştirmiştir.",
    ],
    "body of an event": (spelling) => [
      `Relay buradakinden farklı bir metin imzalamış: ${spelled(spelling)}.`,
      "Gelen baytları, JSON'u bir şey okuyup yeniden yazmadan doğrulayın: PHP'de file_get_contents('php://input') ya da\n" +
        "$request->getContent(), Node'da express.raw(), Flask'ta request.get_data(), Django'da request.body.\n" +
        "Alıcı böyle yapıyorsa relay ile arasındaki bir şey gövdeyi değiştirmiştir ya da bu dosya geldiği gibi yakalanmamıştır.",
    ],
    "content type": (type) => [
      `İçerik türü ${type}.`,
      "content-type: application/json gönderin. Relay başkasına, imzaya bakmadan 415 yanıtını verir.",
    ],
    length: (declared, length) => [
      `content-length ${declared} diyor, gövde ise burada ${length} bayt: yolda ya da bu dosyaya yazılırken değişmiş.`,
      "Gönderenle burası arasında gövdeleri yeniden yazan şeyi arayın: bir proxy, bir middleware, bir log.",
    ],
    clock: (limit, ...offset) => [
      `webhook-timestamp ${away(...offset)}; izin verilen ${limit} saniye.`,
      "Gönderenin saatini NTP ile ayarlayın, Unix zamanını kullanın (saat dilimi yoktur), her denemede yeni bir zaman damgası üretin.",
    ],
    "clock of an event": (limit, ...offset) => [
      `webhook-timestamp ${away(...offset)}; izin verilen ${limit} saniye.`,
      "Relay her denemeyi yeniden imzalar. Alıcının saatini NTP ile ayarlayın ve saat dilimi olmayan Unix saniyeleriyle karşılaştırın.",
    ],
  },

  // What was found of a shop platform's delivery.
  hooksPing:
    "Bu, bir webhook kaydedilirken WooCommerce'in gönderdiği ping. İmzalı değildir; relay 200 yanıtını verir, başka bir\n" +
    "şey yapmaz. Siparişlerle ilgili gelenler imzalıdır.",
  noStorefront: (name, others) =>
    `${name} adında bir mağaza yok: relay 404 yanıtını verir. ${others ? `Olanlar: ${others}.` : "Hiç mağaza yok."}\n` +
    "Mağazadaki webhook'a npm run ping'in yazdığı adresi verin.",
  deliveryRight: (name) => (name ? `İmza doğru; mağaza: ${name}.` : "İmza doğru."),
  deliveryLeft: (platform, name) =>
    "Geriye kalanlar, en sık nedenden başlayarak:\n" +
    {
      woocommerce:
        `  - Mağazadaki webhook'un imza anahtarı webhook_secret değil. ${WEBHOOKS}\n` +
        "    altındaki her webhook'a yeniden yapıştırıp kaydedin: alan boş bırakılırsa WooCommerce kendisi bir anahtar üretir.\n",
      shopify:
        "  - webhook_secret, mağazanın imzaladığı anahtar değil. Shopify'da Ayarlar > Bildirimler > Webhook'lar (Settings > Notifications >\n" +
        "    Webhooks) altında, listenin altındadır; bir uygulamanın webhook'ları uygulamanın client secret'ı ile imzalanır.\n",
    }[platform] +
    "  - Başka bir mağazanın webhook'u ya da imza anahtarı bu gönderimden sonra değiştirilmiş bir webhook.\n" +
    `  - Aşağıdaki gövde ${name} tarafından gönderilen değil: yolda bir şey onu okuyup değiştiriyor.`,
  bodyBegins: (length, excerpt) => `Gövde, ${length} bayt, şöyle başlıyor:\n  ${excerpt}`,
  bodiesDiffer: (at, signed, arrived) => `${at}. bayttan sonra ayrılıyorlar:\n  imzalanan ${signed}\n  gelen     ${arrived}`,
  unreadable: (why) => `Relay 200 yanıtını verir, bir şey yapmaz: ${why}`,
  whyUnreadable: {
    "api-version-is-not-v3":
      `Webhook'un API sürümü eski, relay o biçimi okumaz. ${WEBHOOKS}\n` +
      "altındaki her webhook'ta API sürümü olarak WP REST API Integration v3 seçin.",
    "no-json": "gövde JSON değil.",
    "no-object": "gövde JSON, ama nesne değil.",
    "no-id": "siparişin kimliği yok.",
    "no-status": "siparişin durumu yok.",
  },
  otherTopic: (platform) => {
    const topics = {
      woocommerce: "order.created, order.updated ve order.deleted",
      shopify: "orders/create, orders/updated, orders/cancelled ve orders/paid",
    };
    return `Relay bir şey yapmaz, çünkü konusu siparişlerin konularından değil: ${topics[platform]}.`;
  },
  makesLink: (amount, currency, number, method) =>
    `Relay, ${ofOrder(number)} böyle bir linki henüz yoksa${method === undefined ? "" : ` ve ${method} pay_by_link içindeyse`} ` +
    `${amount} ${currency} tutarında bir link oluşturur.`,
  makesNone: (number, reason) => `Relay link oluşturmaz, ${ofOrder(number)} açık bir linki varsa onu da siler: ${reason}.`,
  nothing: "boş",
  noLinkSince: {
    test: () => "bu, Shopify'ın ya da bir Shopify uygulamasının testi",
    draft: ({ status }) => `durumu ${status}: henüz verilmemiş`,
    "other-method": ({ method, methods }) => `ödeme yöntemi ${method}, pay_by_link içinde ise ${methods} var`,
    "nothing-to-pay": ({ total: given }) => total(given),
    paid: ({ status }) => `ödenmiş, durumu ${status}`,
    cancelled: ({ status }) => `durumu ${status}`,
    deleted: () => "mağazada silinmiş",
    "other-status": ({ status }) => `durumu ${status}, relay bu durumu tanımıyor`,
    amount: ({ total: given }) => `${total(given)}, PayTR bu tutarda link oluşturmaz; siparişe düşen not da bunu söyler`,
    currency: ({ currency }) => `para birimi ${currency}, PayTR bunu almaz; siparişe düşen not da bunu söyler`,
  },
  deliverySlips: {
    "no signature": ({ platform, header }) => [
      `${header} yok${platform === "WooCommerce" ? ", WooCommerce'in ping'i de değil" : ""}.`,
      `Ya ${platform} webhook'undan gelmiyor ya da aradaki bir şey başlıkları siliyor: bir proxy, bir güvenlik duvarı.`,
    ],
    "no digest": ({ platform, header }) => [
      `${header} 32 baytın base64'ü değil.`,
      `${platform} 44 karakter yazar. Mağaza ile relay arasında başlıkları değiştiren şeyi arayın.`,
    ],
    "other shop": (name) => [
      `Başka bir mağazanın webhook_secret değeriyle imzalanmış: ${name}.`,
      "Bu mağazadaki webhook'a kendi imza anahtarını ya da o mağazanın adresini verin.",
    ],
    "relay's secret": (setting) => [
      `${setting} içindeki bir imza anahtarıyla imzalanmış.`,
      "Mağaza personeli, webhook'ların imza anahtarını görebilir. webhook_secret ve mağaza için başka bir imza anahtarı üretin.",
    ],
    entities: () => [
      "İmza anahtarında WordPress'in HTML koduyla sakladığı karakterler var (& < > \" '), imza da o kodlarla atılmış.",
      "Hem mağaza hem webhook_secret için yalnızca harf ve rakamdan oluşan bir imza anahtarı alın.",
    ],
    "secret with more": (what) => [
      `Mağazadaki imza anahtarında fazlalık var: ${MORE[what]}.`,
      "İmza anahtarını mağazaya, başında ve sonunda bir şey olmadan yeniden yapıştırın.",
    ],
    body: ({ platform }, spelling) => [
      `${platform} gelen metinden farklı bir metin imzalamış: ${spelled(spelling)}.`,
      "Mağaza ile relay arasındaki bir şey ya da bu dosyayı yazan, gövdeyi okuyup yeniden yazıyor. Relay'e gereken,\n" +
        `${platform} tarafından gönderilen baytların ta kendisi.`,
    ],
    length: (declared, length) => [
      `content-length ${declared} diyor, gövde ise burada ${length} bayt: yolda ya da bu dosyaya yazılırken değişmiş.`,
      "Mağaza ile burası arasında gövdeleri yeniden yazan şeyi arayın.",
    ],
  },
};

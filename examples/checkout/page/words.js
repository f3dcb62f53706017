// What the page says, in Turkish and English.

const tr = {
  title: "Ödeme · Mavi Çömlek",
  shop: "Mavi Çömlek",
  madeUp: "Örnek mağaza",
  otherLanguage: "English",
  heading: { cart: "Siparişinizi tamamlayın", link: "Ödeme linkiniz", order: "Siparişinizin durumu" },
  cart: (total) => `Toplam ${total}`,
  order: (number, total) => `Sipariş ${number} · Toplam ${total}`,
  states: {
    preparing: ["Linkiniz hazırlanıyor…", "Siparişiniz alındı. Birkaç saniye sürebilir; bir şey yapmanız gerekmiyor."],
    open: ["Ödemenizi bekliyoruz", "Ödediğinizde bu sayfa kendiliğinden değişir."],
    paid: ["Ödemenizi aldık, teşekkürler", "Siparişinizi hazırlıyoruz."],
    review: ["Ödemenize bakıyoruz", "Bir ödeme geldi, ama siparişinizle tam uyuşmuyor. Yeniden ödemeyin; size yazacağız."],
    refunded: ["Ödemeniz iade edildi", "Paranın kartınıza dönmesi birkaç gün sürebilir. Sorunuz varsa sipariş numaranızla bize yazın."],
    deleted: ["Bu link artık geçerli değil", "Bu sipariş için ödeme alınmıyor. Sorunuz varsa sipariş numaranızla bize yazın."],
    failed: ["Link hazırlanamadı", "Sizden ücret alınmadı. Sipariş numaranızla bize yazın."],
  },
  payNow: "Ödeme sayfasına git",
  place: "Sipariş ver ve linki gönder",
  noMessage: "Sipariş ver ve hemen öde",
  channel: "Linki nereye gönderelim?",
  sms: "SMS",
  smsNote: "Cep telefonunuza",
  email: "E-posta",
  emailNote: "E-posta adresinize",
  phoneLabel: "Cep telefonu numaranız",
  phoneHint: "Örneğin 0532 123 45 67",
  emailLabel: "E-posta adresiniz",
  emailHint: "Örneğin musteri@example.com",
  send: "Linki gönder",
  placing: "Sipariş veriliyor…",
  sending: "Gönderiliyor…",
  again: "Yeniden gönder",
  retry: "Yeniden dene",
  privacy: "Kart bilgileriniz bu sayfada istenmez; link PayTR’ın ödeme sayfasını açar. Numaranız ve adresiniz yalnızca bu linki göndermek için kullanılır.",
  summary: "Siparişiniz",
  shipping: "Kargo",
  free: "Ücretsiz",
  total: "Toplam",
  demo: "Burası bir örnek: mağaza da sipariş de uydurma, ücret alınmaz, SMS ve e-postalar bu bilgisayardan çıkmaz.",
  demos: {
    "/": "Yeni sipariş",
    "/orders/901": "PayTR yavaşsa",
    "/orders/902": "PayTR reddederse",
    "/orders/903": "PayTR yanıt vermezse",
    "/staff": "Mağazanın siparişler sayfası",
  },
  empty: { sms: "Cep telefonu numaranızı yazın.", email: "E-posta adresinizi yazın." },
  invalidField: {
    sms: "05 ile başlayan 11 haneli numarayı yazın, örneğin 0532 123 45 67.",
    email: "Bu bir e-posta adresi değil. Türkçe karakter kullanmadan yazın, örneğin musteri@example.com.",
  },
  results: {
    placing: ["Siparişiniz veriliyor…", "Lütfen bu sayfayı kapatmayın."],
    "not-placed": ["Sipariş verilemedi", "Mağazaya ulaşamadık. Yeniden deneyin: siparişiniz iki kez verilmez."],
    sending: ["Gönderiliyor…", "Birkaç saniye sürebilir. Lütfen bu sayfayı kapatmayın."],
    "in-progress": ["Hâlâ gönderiliyor…", "Gönderim sürüyor. Sonucu biz takip ediyoruz; bir şey yapmanız gerekmiyor."],
    offline: ["Bağlantı koptu, yeniden deniyoruz…", "Yeniden denemek güvenlidir: link size iki kez gönderilmez."],
    sent: {
      sms: (to) => ["Link gönderildi", `${to} numarasına SMS ile gönderdik. Gelmesi bir iki dakika sürebilir.`],
      email: (to) => ["Link gönderildi", `${to} adresine e-posta ile gönderdik. Gelen kutunuzda yoksa istenmeyen postalara da bakın.`],
    },
    limit: {
      sms: (time) => ["Biraz beklemeniz gerekiyor", `Bu numaraya kısa süre önce link gönderildi. Yenisini ${time} sonra gönderebilirsiniz. Önce gelen SMS’lerinize bakın.`],
      email: (time) => ["Biraz beklemeniz gerekiyor", `Bu adrese kısa süre önce link gönderildi. Yenisini ${time} sonra gönderebilirsiniz. Önce gelen kutunuza bakın.`],
    },
    "limit-over": ["Artık gönderebilirsiniz", "Bekleme süresi bitti."],
    rejected: ["PayTR linki göndermedi", "Size SMS veya e-posta gitmedi. Link silinmiş ya da süresi dolmuş olabilir. Sipariş numaranızla bize yazın, yenisini hazırlayalım."],
    unknown: {
      sms: ["Gönderilip gönderilmediğini bilmiyoruz", "PayTR zamanında yanıt vermedi; SMS yola çıkmış olabilir. Aynı numaraya yeniden göndermiyoruz, çünkü iki kez gelebilir. Birkaç dakika bekleyin. Gelmezse e-postayı seçin ya da sipariş numaranızla bize yazın."],
      email: ["Gönderilip gönderilmediğini bilmiyoruz", "PayTR zamanında yanıt vermedi; e-posta yola çıkmış olabilir. Aynı adrese yeniden göndermiyoruz, çünkü iki kez gelebilir. Birkaç dakika bekleyin. Gelmezse SMS’i seçin ya da sipariş numaranızla bize yazın."],
    },
    unreachable: ["Bağlantı kurulamadı", "Yanıt alamadık. İnternetinizi kontrol edip yeniden deneyin: aynı link size iki kez gönderilmez."],
    "order-limit": (time) => ["Bu sipariş için sınıra ulaşıldı", `Bu sipariş için ${time} sonra yeniden gönderebilirsiniz. Beklemek istemezseniz sipariş numaranızla bize yazın.`],
    broken: ["Bizden kaynaklanan bir sorun var", "Hiçbir şey gönderilmedi. Sayfayı yenileyip yeniden deneyin; olmazsa sipariş numaranızla bize yazın."],
  },
  paytrSaid: (reason) => `PayTR’ın yanıtı: ${reason}`,
};

const en = {
  title: "Checkout · Mavi Çömlek",
  shop: "Mavi Çömlek",
  madeUp: "A made-up shop",
  otherLanguage: "Türkçe",
  heading: { cart: "Complete your order", link: "Your payment link", order: "Where your order stands" },
  cart: (total) => `Total ${total}`,
  order: (number, total) => `Order ${number} · Total ${total}`,
  states: {
    preparing: ["Your link is being made…", "We have your order. It can take a few seconds; there is nothing to do for you."],
    open: ["We are waiting for your payment", "Once you have paid, this page changes by itself."],
    paid: ["We have your payment, thank you", "Your order is being packed."],
    review: ["We are looking at your payment", "A payment has come, but it does not quite fit your order. Do not pay again; we will write to you."],
    refunded: ["Your payment was refunded", "It can take some days until the money is back on your card. Write to us with your order number if you have a question."],
    deleted: ["This link is no longer valid", "This order can no longer be paid. Write to us with your order number if you have a question."],
    failed: ["The link could not be made", "Nothing was charged. Write to us with your order number."],
  },
  payNow: "Go to the payment page",
  place: "Order, and send me the link",
  noMessage: "Order, and pay now",
  channel: "Where shall we send the link?",
  sms: "SMS",
  smsNote: "To your mobile phone",
  email: "E-mail",
  emailNote: "To your e-mail address",
  phoneLabel: "Your mobile number",
  phoneHint: "For example 0532 123 45 67",
  emailLabel: "Your e-mail address",
  emailHint: "For example musteri@example.com",
  send: "Send the link",
  placing: "Placing the order…",
  sending: "Sending…",
  again: "Send again",
  retry: "Try again",
  privacy: "Your card is never asked for on this page; the link opens PayTR’s payment page. Your number and address are used for sending this link and nothing else.",
  summary: "Your order",
  shipping: "Shipping",
  free: "Free",
  total: "Total",
  demo: "This is an example: shop and order are made up, nothing is charged, and no message leaves this computer.",
  demos: {
    "/": "A new order",
    "/orders/901": "If PayTR is slow",
    "/orders/902": "If PayTR says no",
    "/orders/903": "If PayTR does not answer",
    "/staff": "The shop’s page of orders",
  },
  empty: { sms: "Enter your mobile number.", email: "Enter your e-mail address." },
  invalidField: {
    sms: "Enter the 11-digit number that begins with 05, for example 0532 123 45 67.",
    email: "This is not an e-mail address. Write it without Turkish letters, for example musteri@example.com.",
  },
  results: {
    placing: ["Your order is being placed…", "Please keep this page open."],
    "not-placed": ["The order was not placed", "We could not reach the shop. Try again: your order will not be placed twice."],
    sending: ["Sending…", "It can take a few seconds. Please keep this page open."],
    "in-progress": ["Still sending…", "Your message is on its way. We ask how it ended by ourselves; there is nothing to do for you."],
    offline: ["The connection was lost, trying again…", "Trying again is safe: you will not get the message twice."],
    sent: {
      sms: (to) => ["The link is sent", `We sent it to ${to} by SMS. It can take a minute or two to arrive.`],
      email: (to) => ["The link is sent", `We sent it to ${to} by e-mail. If it is not in your inbox, look among the junk mail too.`],
    },
    limit: {
      sms: (time) => ["Please wait a little", `A link was sent to this number not long ago. You can send another one in ${time}. Look at your messages first.`],
      email: (time) => ["Please wait a little", `A link was sent to this address not long ago. You can send another one in ${time}. Look into your inbox first.`],
    },
    "limit-over": ["You can send now", "The waiting time is over."],
    rejected: ["PayTR did not send the link", "No message went to you. The link may be deleted or expired. Write to us with your order number and we will make a new one."],
    unknown: {
      sms: ["We do not know whether it was sent", "PayTR did not answer in time; the SMS may be on its way. We do not send it to the same number again, because it could arrive twice. Wait a few minutes. If nothing comes, choose e-mail or write to us with your order number."],
      email: ["We do not know whether it was sent", "PayTR did not answer in time; the e-mail may be on its way. We do not send it to the same address again, because it could arrive twice. Wait a few minutes. If nothing comes, choose SMS or write to us with your order number."],
    },
    unreachable: ["No connection", "We got no answer. Check your internet connection and try again: the same message will not reach you twice."],
    "order-limit": (time) => ["Too many messages for this order", `You can send again for this order in ${time}. If you do not want to wait, write to us with your order number.`],
    broken: ["Something is wrong on our side", "Nothing was sent. Reload the page and try again; if that does not help, write to us with your order number."],
  },
  paytrSaid: (reason) => `PayTR’s answer: ${reason}`,
};

/** The words by language. */
export const WORDS = { tr, en };

/** Turkish for those who read it, English for everyone else. */
export const languageOf = (tag = "") => (tag.toLowerCase().split("-")[0] === "tr" ? "tr" : "en");

/** A time in words: `1 minute`, `60 saniye`; the largest unit that says it, rounded up. */
export function duration(language, seconds) {
  const [count, unit] =
    seconds <= 90 ? [seconds, "second"] : seconds <= 5400 ? [Math.ceil(seconds / 60), "minute"] : [Math.ceil(seconds / 3600), "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

/** A time as a clock shows it: `0:59`, `1:02:03`. */
export function clock(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

// Small parts that both pages are built of. What came from elsewhere reaches the page as text, never as markup.

export const $ = (id) => document.getElementById(id);

/** An element; children that are nothing are left out. */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return made;
}

/** Only what changes: a screen reader reads a live region that is written to, even if it says the same. */
export function say(id, text = "") {
  if ($(id).textContent !== text) $(id).textContent = text;
}

/** Kuruş as money, in a language. What PayTR says of a currency without proof may be anything, and an amount be left out. */
export function money(language, minor, currency = "TRY") {
  if (!Number.isFinite(minor)) return "?";
  const isCode = /^[A-Z]{3}$/.test(currency);
  const style = isCode ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : { minimumFractionDigits: 2 };
  const amount = new Intl.NumberFormat(language, style).format(minor / 100);
  return isCode ? amount : `${amount} ${currency}`;
}

/** Puts the words of a language wherever the page wants one by `data-word`, and on the button that changes it. */
export function putWords(language, words) {
  document.documentElement.lang = language;
  document.title = words.title;
  for (const wanting of document.querySelectorAll("[data-word]")) wanting.textContent = words[wanting.dataset.word];
  $("language").lang = language === "tr" ? "en" : "tr";
}

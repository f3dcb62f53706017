// The page's texts in its language: words.json, by key.

import words from "./words.js";

export const lang = document.documentElement.lang === "tr" ? "tr" : "en";

/** A text by its key, with `{name}` replaced. */
export function text(key, values = {}) {
  return words.texts[key][lang].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** What a misbehaving link id does, and a developer's hint: the sandbox says both in English. */
export const does = (linkId, english) => (lang === "tr" && words.does[linkId]) || english;
export const hint = (english) => (lang === "tr" && words.hints[english]) || english;

/** Fills in the texts of the page as it came: `data-text`, `data-label` for aria-label, `data-placeholder`, and `#language`. */
export function fillIn() {
  const other = lang === "tr" ? "en" : "tr";
  const link = document.getElementById("language");
  Object.assign(link, { lang: other, hreflang: other, href: `?lang=${other}`, textContent: text("language.other") });
  // What is chosen on the page stays chosen.
  link.addEventListener("click", () => (link.hash = location.hash));
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label));
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
}

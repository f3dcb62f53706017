// Small parts that every page is built of. Everything that came from outside reaches the page as text only.

import { lang } from "./texts.js";

const locale = lang === "tr" ? "tr-TR" : "en-GB";
const CURRENCIES = { TL: "TRY" };

export const $ = (id) => document.getElementById(id);

const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "medium" });
export const timeOf = (at) => clock.format(at);
export const dayOf = (at) => day.format(at);

/** Minor units as money. A currency that nobody knows is written out. */
export function money(minor, currency) {
  try {
    const style = { style: "currency", currency: CURRENCIES[currency] ?? currency, currencyDisplay: "narrowSymbol" };
    return new Intl.NumberFormat(locale, style).format(minor / 100);
  } catch {
    return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(minor / 100)} ${currency}`;
  }
}

/** Money as somebody types it ("14.45", "14,45", "1445") in minor units; null for anything else and for nothing. */
export function minorUnits(text) {
  const [, whole, fraction = ""] = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0")) || null;
}

/** Minor units as somebody would type them. */
export const typed = (minor) => (minor / 100).toFixed(2).replace(".", lang === "tr" ? "," : ".");

/** An element whose children are elements or text, never markup. */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

/** A description list of the pairs that have a value. An empty text is a value: it was sent. */
export function list(pairs, className = "", empty = "") {
  const entries = pairs.filter(([, value]) => value !== null && value !== undefined);
  return element("dl", { className }, ...entries.flatMap(([name, value]) => [
    element("dt", {}, name),
    element("dd", {}, value === "" ? empty : value),
  ]));
}

export const mark = (kind, text, more = {}) => element("span", { className: `mark ${kind}`, ...more }, text);

/** Posts JSON to the sandbox. Throws the sandbox's own words when it refuses. */
export async function post(path, body = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
}

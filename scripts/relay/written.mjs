// How prices, times and what others wrote look to people.
import { stripVTControlCharacters } from "node:util";

const DAY_AND_MINUTE = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const TWO_DIGITS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

/** Minor units as major ones, with PayTR's word for the currency. */
export const price = ({ numberLocale }, minorUnits, currency) =>
  `${new Intl.NumberFormat(numberLocale, TWO_DIGITS).format(minorUnits / 100)} ${currency}`;

/** A time of the relay's, RFC 3339, by this machine's clock; empty where there is none. */
export const localTime = ({ timeLocale }, text) =>
  text === undefined ? "" : new Intl.DateTimeFormat(timeLocale, DAY_AND_MINUTE).format(new Date(text));

/** How long it is until a time of the relay's, in words; empty where there is none. */
export function timeUntil({ units, now: word }, text, now) {
  if (text === undefined) return "";
  const minutes = Math.round((Date.parse(text) - now.getTime()) / 60_000);
  if (minutes < 1) return word;
  return minutes < 60 ? `${minutes} ${units.minutes}` : `${Math.round(minutes / 60)} ${units.hours}`;
}

/** A text of others', without what a terminal would obey. */
export const plain = (text = "") => stripVTControlCharacters(`${text}`).replace(/\p{Cc}+/gu, " ");

/** What became of each send of a link, such as `SMS sent, e-mail unknown`. */
export const sends = (texts, reports) =>
  reports.map(({ type, outcome }) => `${texts.channels[type] ?? type} ${texts.sendOutcomes[outcome] ?? outcome}`).join(", ");

/** An order's number, and the storefront that it is of. */
export const order = ({ reference = "", storefront }) => plain(storefront ? `${reference} (${storefront})` : reference);

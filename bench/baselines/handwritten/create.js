// `link.create` of product links: fields, token and form, and what PayTR's reply means.

import { isObject } from "./json.js";
import { mac, percentEncode, post, replyObject, stateOf } from "./paytr.js";
import { LINK_ID, email, parseDebugOn, phone, unknownField } from "./message.js";

const FIELDS = [
  "name", "price", "link_type", "currency", "max_installment", "lang", "min_count", "max_count", "expiry_date",
  "reference", "send", "debug_on",
];
const CURRENCIES = ["TL", "TRY", "EUR", "USD", "GBP", "RUB"];
const REFERENCE = /^[A-Za-z0-9_.:/#-]{1,64}$/;
const EXPIRY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|([+-])(\d\d):(\d\d))$/;
const LINK_URL = /^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d{1,5})?(?:\/[!-~]*)?$/;
const ISTANBUL_MS = 3 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;
const MAX_URL_CHARS = 400;

/** Adds to `errors` what is wrong. */
export function parseCreate(data, errors) {
  for (const name of Object.keys(data)) if (!FIELDS.includes(name)) errors.push(unknownField("/data", name));
  const check = (pointer, { value, detail }) => {
    if (detail) errors.push({ pointer: `/data/${pointer}`, detail });
    return value;
  };
  const minCount = check("min_count", integer(data.min_count ?? 1n, 999_999n));
  const maxCount = data.max_count === null ? null : check("max_count", integer(data.max_count ?? data.min_count ?? 1n, 999_999n));
  if (maxCount !== null && maxCount < minCount) {
    errors.push({ pointer: "/data/max_count", detail: "must be at least min_count; null is no limit" });
  }
  return {
    type: "link.create",
    name: check("name", linkName(data.name)),
    price: check("price", integer(data.price, 9_999_999_999n)),
    currency: check("currency", oneOf(data.currency ?? "TL", CURRENCIES)),
    maxInstallment: check("max_installment", integer(data.max_installment ?? 12n, 12n)),
    linkType: check("link_type", oneOf(data.link_type ?? "product", ["product"])),
    lang: check("lang", oneOf(data.lang ?? "tr", ["tr", "en"])),
    minCount,
    maxCount,
    expiry: data.expiry_date === undefined ? undefined : check("expiry_date", expiry(data.expiry_date)),
    reference: data.reference === undefined ? undefined : check("reference", reference(data.reference)),
    send: data.send === undefined ? [] : recipients(data.send, errors),
    debugOn: check("debug_on", parseDebugOn(data.debug_on)),
  };
}

function linkName(given) {
  const is = typeof given === "string" && given.length <= 800 && [...given].length >= 4 && [...given].length <= 200;
  return is && !/[\0-\x1f\x7f]/.test(given) ? { value: given } : { detail: "must be 4 to 200 characters" };
}

function integer(given, most) {
  return typeof given === "bigint" && given >= 1n && given <= most
    ? { value: Number(given) }
    : { detail: `must be from 1 to ${most}, as a number` };
}

function oneOf(given, words) {
  return words.includes(given) ? { value: given } : { detail: `must be one of ${words.join(", ")}` };
}

function reference(given) {
  const is = typeof given === "string" && REFERENCE.test(given);
  return is ? { value: given } : { detail: "must be 1 to 64 of A-Z a-z 0-9 _ . : / # -" };
}

/** As Unix milliseconds and as PayTR writes it, in Istanbul's time. */
function expiry(given) {
  const [, sign, hours, minutes] = (typeof given === "string" && EXPIRY.exec(given)) || [];
  const at = hours === undefined && !String(given).endsWith("Z") ? NaN : Date.parse(given);
  const offset = hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const isDate = Number.isFinite(at) && written(at + offset, "T") === given.slice(0, 19);
  return isDate && at > Date.now()
    ? { value: { at, text: written(at + ISTANBUL_MS, " ") } }
    : { detail: "must be a time to come such as 2026-12-31T23:59:59+03:00" };
}

const written = (time, between) => new Date(time).toISOString().slice(0, 19).replace("T", between);

function recipients(given, errors) {
  if (!isObject(given)) {
    errors.push({ pointer: "/data/send", detail: "must be an object" });
    return [];
  }
  const found = [];
  for (const [field, value] of Object.entries(given)) {
    const parse = { cell_phone: phone, email }[field];
    if (!parse) errors.push(unknownField("/data/send", field));
    else {
      const { value: recipient, detail } = parse(value);
      if (detail) errors.push({ pointer: `/data/send/${field}`, detail });
      else found.push({ field, recipient });
    }
  }
  if (found.length === 0) errors.push({ pointer: "/data/send", detail: "must have cell_phone or email, or both" });
  return found;
}

/** Asks PayTR for the link: `{state: "created", link: {id, url}}`, or the `{state, reason}` of a failure. */
export async function create(settings, message, callbackId, origin) {
  const { name, price, currency: written, maxInstallment, linkType, lang, minCount, maxCount, expiry } = message;
  const currency = written === "TRY" ? "TL" : written;
  const signed = `${name}${price}${currency}${maxInstallment}${linkType}${lang}${minCount}${settings.merchantSalt}`;
  const token = (await mac(settings, signed)).toBase64();
  const fields = { merchant_id: settings.merchantId, name, price, currency, max_installment: maxInstallment };
  Object.assign(fields, { link_type: linkType, lang, min_count: minCount });
  if (maxCount !== null) fields.max_count = maxCount;
  if (expiry) fields.expiry_date = expiry.text;
  if (settings.eventsUrl) Object.assign(fields, { callback_link: `${origin}/callback`, callback_id: callbackId });
  fields.debug_on = message.debugOn ?? settings.debugOn;
  fields.paytr_token = token;
  const form = Object.entries(fields).map(([field, value]) => `${field}=${percentEncode(String(value))}`).join("&");
  const { reply, state } = await post(settings, settings.urls.create, form);
  if (!reply) return { state, reason: null };
  const body = reply.bytes && replyObject(reply.bytes);
  const needles = message.send.map(({ recipient }) => (recipient.includes("@") ? recipient : recipient.slice(1)));
  const httpStatus = reply.status;
  const outcome = { ...stateOf(settings, httpStatus, body, [token, name, ...needles]), httpStatus };
  if (outcome.state !== "success") return outcome;
  const { id, link: url } = body;
  const isLink = typeof id === "string" && LINK_ID.test(id) && typeof url === "string" && LINK_URL.test(url);
  if (!isLink || url.length > MAX_URL_CHARS) return { state: "not-understood", reason: null, httpStatus };
  return { state: "created", link: { id, url }, httpStatus };
}

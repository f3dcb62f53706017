// Who is meant: one form for every way to write the same number or address.
//
// In scope: telling that two are the same, for the page and for the shop's back end, and the slip that a Turkish keyboard
// makes. Not in scope: whether a number or an address is right otherwise: the relay says so. What is no number keeps what
// makes it none, and differs from every number.

/** White space of every kind, and what nobody sees. */
const UNSEEN = "\\p{White_Space}\\p{Cf}\\ufe00-\\ufe0f";
const PHONE_SEPARATORS = new RegExp(`[${UNSEEN}\\p{Pd}\\u2212.()/]`, "gu");
/** The country code, and the trunk zero with it or without. */
const PHONE_PREFIX = /^(?:(?:\+|00)?90)?0?/;
const AROUND = new RegExp(`^[${UNSEEN}]+|[${UNSEEN}]+$`, "gu");

/**
 * The same text for the same recipient: a number without what may stand in front of it and between its digits, an
 * address in lower case, because mailboxes that differ in nothing else are not in use.
 *
 * @param {"sms" | "email"} channel
 * @param {string} recipient as the customer wrote it
 */
export function canonical(channel, recipient) {
  if (channel === "sms") return recipient.replace(PHONE_SEPARATORS, "").replace(PHONE_PREFIX, "");
  return recipient.replace(AROUND, "").toLowerCase();
}

/** Whether an address has a letter that no address has which PayTR takes, such as the ı of `gmaıl.com`. */
export const hasForeignLetter = (channel, recipient) => channel === "email" && /[^ -~]/.test(canonical(channel, recipient));

// Who is meant: one form for every way to write the same number or address.
//
// In scope: telling that two are the same, for the page and for the shop's back end. Not in scope: whether a number or
// an address is right: the relay says so. What is no number keeps what makes it none, and differs from every number.

const PHONE_SEPARATORS = /[ .()-]/g;
/** 0090 stands before 0, which it begins with. */
const PHONE_PREFIX = /^(\+90|0090|90|0)/;

/**
 * The same text for the same recipient: a number without what may stand in front of it and between its digits, an
 * address in lower case, because mailboxes that differ in nothing else are not in use.
 *
 * @param {"sms" | "email"} channel
 * @param {string} recipient as the customer wrote it
 */
export function canonical(channel, recipient) {
  const written = recipient.trim();
  return channel === "sms" ? written.replace(PHONE_SEPARATORS, "").replace(PHONE_PREFIX, "") : written.toLowerCase();
}

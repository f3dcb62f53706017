// The order that a sample is to fit, as the options say it.
import { UsageError } from "../user-error.mjs";

const CALLBACK_ID = /^[0-9a-f]{64}$/;
/** By option: the member of a sample's order, and what may stand there. */
const FIELDS = {
  reference: { member: "reference", rule: /^[A-Za-z0-9_.:/#-]{1,64}$/ },
  "callback-id": { member: "callbackId", rule: CALLBACK_ID },
  "link-id": { member: "linkId", rule: /^[A-Za-z0-9_-]{1,64}$/ },
  price: { member: "price", rule: /^[1-9]\d{0,9}$/, read: Number },
  currency: { member: "currency", rule: /^(?:TL|EUR|USD|GBP|RUB)$/ },
  "merchant-oid": { member: "merchantOid", rule: /^[A-Za-z0-9]{1,64}$/ },
};
/** What may stand in `--id`: a `webhook-id` as the relay takes one. */
const ID = /^[!-+\x2d/-~]{1,256}$/;

/** The options of `npm run trigger`. */
export const eventOptions = [...Object.keys(FIELDS), "id"];

/**
 * Reads them.
 *
 * @param {object} texts
 * @param {string} type the event's
 * @param {Record<string, string>} options
 * @returns {object} an order as `sampleEvent` takes it
 * @throws {UsageError}
 */
export function orderOf(texts, type, { id, ...options }) {
  if (id !== undefined && !ID.test(id)) throw new UsageError(texts.badField("--id", id));
  const given = Object.entries(options);
  if (type === "relay.ping" && given.length > 0) throw new UsageError(texts.noOrder(`--${given[0][0]}`));
  return Object.fromEntries(
    given.map(([option, text]) => {
      const { member, rule, read = String } = FIELDS[option];
      if (!rule.test(text)) throw new UsageError(texts.badField(`--${option}`, text));
      return [member, read(text)];
    }),
  );
}

// Lists that come in pages.
import { UsageError } from "../user-error.mjs";
import { moment } from "./moment.mjs";

const LARGEST_PAGE = 100;
const USUAL_COUNT = 20;

/** The options of every list. */
export const LIST_OPTIONS = { string: ["since", "until", "limit", "cursor"], boolean: ["all"] };

/**
 * What a list was asked for, as its options say it.
 *
 * @param {object} texts
 * @param {Record<string, string | true>} options those of {@link LIST_OPTIONS}
 * @param {Date} now
 * @returns {{filter: object, count: number, cursor?: string}}
 * @throws {UsageError}
 */
export function listAsked(texts, { since, until, limit, cursor, all }, now) {
  if (limit !== undefined && all) throw new UsageError(texts.eitherOr("--limit", "--all"));
  if (limit !== undefined && !/^[1-9]\d{0,6}$/.test(limit)) throw new UsageError(texts.noCount("--limit", limit));
  const filter = {
    ...(since && { created_after: moment(texts, "--since", since, now) }),
    ...(until && { created_before: moment(texts, "--until", until, now) }),
  };
  return { filter, count: all ? Infinity : Number(limit ?? USUAL_COUNT), cursor };
}

/**
 * Asks for as many as are wanted, page by page.
 *
 * @param {(message: object, outcome: string) => Promise<object>} send
 * @param {object} list
 * @param {string} list.type of the message
 * @param {string} list.member of the answer
 * @param {object} list.filter
 * @param {number} list.count
 * @param {string} [list.cursor] that of an earlier answer
 * @returns {Promise<object>} as one answer of the relay's; `cursor` is there if there are more
 */
export async function listed(send, { type, member, filter, count, cursor }) {
  const items = [];
  do {
    const limit = Math.min(LARGEST_PAGE, count - items.length);
    const page = await send({ type, data: { ...filter, limit, ...(cursor && { cursor }) } }, "listed");
    items.push(...page[member]);
    cursor = page.cursor;
  } while (cursor && items.length < count);
  return { outcome: "listed", [member]: items, ...(cursor && { cursor }) };
}

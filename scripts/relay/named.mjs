// Links by what people call them: the order's number, or the relay's callback_id.
import { UserError } from "../user-error.mjs";
import { listed } from "./pages.mjs";

const CALLBACK_ID = /^[0-9a-f]{64}$/;

/**
 * The `callback_id`s of the links that a word names, newest first. One that looks like a `callback_id` is taken as it is.
 *
 * @param {(message: object, outcome: string) => Promise<object>} send
 * @param {object} texts
 * @param {string} word
 * @returns {Promise<string[]>} one at least
 * @throws {UserError} if there is none
 */
export async function callbackIds(send, texts, word) {
  if (CALLBACK_ID.test(word)) return [word];
  const { links } = await listed(send, { type: "link.list", member: "links", filter: { reference: word }, count: Infinity });
  if (links.length === 0) throw new UserError(texts.noLinkOf(word));
  return links.map(({ link }) => link.callback_id);
}

// `links`: the relay's links, newest first.
import { UsageError } from "../user-error.mjs";
import { LIST_OPTIONS, listAsked, listed } from "./pages.mjs";
import { table } from "./table.mjs";
import { localTime, order, price, sends } from "./written.mjs";

const STATES = ["open", "paid", "deleted", "unknown"];

export const links = {
  options: { ...LIST_OPTIONS, string: [...LIST_OPTIONS.string, "state", "reference"] },

  ask({ send, texts, now }, _words, { state, reference, ...options }) {
    if (state !== undefined && !STATES.includes(state)) throw new UsageError(texts.noneOf("--state", state, STATES));
    const { filter, count, cursor } = listAsked(texts, options, now);
    const wanted = { ...filter, ...(state && { state }), ...(reference && { reference }) };
    return listed(send, { type: "link.list", member: "links", filter: wanted, count, cursor });
  },

  async show({ texts, width }, { links: found, cursor }) {
    if (found.length === 0) return [texts.noLinks];
    const columns = [
      { title: texts.created, of: ({ created_at: at }) => localTime(texts, at) },
      { title: texts.reference, of: order, mayBeCut: true },
      { title: texts.state, of: ({ state }) => texts.linkStates[state] ?? state },
      { title: texts.price, of: (link) => price(texts, link.price, link.currency), isNumber: true },
      { title: texts.sends, of: (link) => sends(texts, link.sends), mayBeCut: true },
      { title: "id", of: ({ link }) => link.id ?? "", isSpare: true },
      { title: "callback_id", of: ({ link }) => link.callback_id, isCopied: true },
    ];
    return [...(await table(columns, found, width)), ...(cursor ? ["", texts.moreLinks(found.length)] : [])];
  },
};

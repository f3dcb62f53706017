// `events`: what the shop was told or is to be told, newest first.
import { UsageError } from "../user-error.mjs";
import { LIST_OPTIONS, listAsked, listed } from "./pages.mjs";
import { table } from "./table.mjs";
import { localTime, plain, timeUntil } from "./written.mjs";

const STATES = ["pending", "delivered", "dead"];

export const events = {
  options: { ...LIST_OPTIONS, boolean: [...LIST_OPTIONS.boolean, ...STATES] },

  ask({ send, texts, now }, _words, options) {
    const states = STATES.filter((state) => options[state]);
    if (states.length > 1) throw new UsageError(texts.eitherOr(...states.map((state) => `--${state}`)));
    const { filter, count, cursor } = listAsked(texts, options, now);
    const wanted = { ...filter, ...(states.length > 0 && { state: states[0] }) };
    return listed(send, { type: "event.list", member: "events", filter: wanted, count, cursor });
  },

  async show({ texts, width, now }, { events: found, cursor }) {
    if (found.length === 0) return [texts.noEventsFound];
    const columns = [
      { title: texts.created, of: ({ created_at: at }) => localTime(texts, at) },
      { title: texts.type, of: ({ type }) => type },
      { title: texts.state, of: ({ state }) => texts.eventStates[state] ?? state },
      { title: texts.attempts, of: ({ attempts }) => `${attempts}`, isNumber: true },
      { title: texts.nextAt, of: ({ next_at: at }) => timeUntil(texts, at, now), isNumber: true },
      { title: texts.reference, of: ({ reference }) => plain(reference), mayBeCut: true },
      { title: "merchant_oid", of: ({ merchant_oid: oid }) => plain(oid), isSpare: true },
      { title: "callback_id", of: ({ callback_id: id }) => id, isCopied: true },
    ];
    return [...(await table(columns, found, width)), ...(cursor ? ["", texts.moreEvents(found.length)] : [])];
  },
};

// `replay`: has events sent to the shop again, those of an order or a link, or all that are dead.
import { UsageError } from "../user-error.mjs";
import { moment } from "./moment.mjs";
import { callbackIds } from "./named.mjs";

export const replay = {
  options: { string: ["since"], boolean: ["dead"], words: 1 },

  async ask({ send, texts, now }, [word], { dead, since }) {
    if (word === undefined && !dead) throw new UsageError(texts.replayWhat);
    if (word !== undefined && dead) throw new UsageError(texts.eitherOr(word, "--dead"));
    const after = since && { created_after: moment(texts, "--since", since, now) };
    const subjects = dead ? [{ state: "dead" }] : (await callbackIds(send, texts, word)).map((id) => ({ callback_id: id }));
    let events = 0;
    for (const subject of subjects) {
      events += (await send({ type: "event.replay", data: { ...subject, ...after } }, "replayed")).events;
    }
    return { outcome: "replayed", events };
  },

  show: ({ texts }, { events }) => [texts.replayed(events)],
};

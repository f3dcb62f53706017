// `status`: how the relay is, and whether a person is needed, which the exit code says too.
import { localTime } from "./written.mjs";

/** The exit code when a person is needed. */
const NEEDS_A_PERSON = 3;
/** By then an event was tried four times: what may mend itself has had its time. */
const LONG_MS = 3_600_000;

export const status = {
  options: {},

  ask: ({ send }) => send({ type: "relay.status" }, "status"),

  show({ texts, now }, found) {
    const { last_24_hours: links, events, late_partitions: late, version } = found;
    const lines = [
      texts.lastDay(links.links_created, links.links_paid),
      texts.eventCounts(events.pending, events.dead, localTime(texts, events.oldest_pending_at)),
      texts.latePartitions(late),
      texts.version(version),
    ];
    return [...lines, "", ...whatForAPerson(found, now).map((what) => texts.forAPerson[what]), ...(isWell(found, now) ? [texts.allWell] : [])];
  },

  exitCode: ({ now }, found) => (isWell(found, now) ? 0 : NEEDS_A_PERSON),
};

const isWell = (found, now) => whatForAPerson(found, now).length === 0;

function whatForAPerson({ events: { dead, oldest_pending_at: oldest }, late_partitions: late }, now) {
  const isLong = oldest !== undefined && now.getTime() - Date.parse(oldest) > LONG_MS;
  return [...(dead > 0 ? ["dead"] : []), ...(isLong ? ["waiting"] : []), ...(late > 0 ? ["late"] : [])];
}

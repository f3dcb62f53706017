// The log of the soak, line by line: what is expected, and how often; everything else is wrong.

/** Type, outcome, code and reason of the relay's own lines. A star stands for anything. */
const EXPECTED = [
  ["link.create", "created", "created"],
  ["link.send_sms", "sent", "sent"],
  ["link.send_email", "sent", "sent"],
  // A link that was sold or deleted meanwhile.
  ["*", "rejected", "paytr-rejected"],
  ["link.get", "found", "found"],
  ["event.replay", "replayed", "replayed"],
  ["callback", "stored", "stored"],
  ["callback", "repeated", "repeated"],
  ...["link.paid", "link.payment_review"].flatMap((event) => [
    [event, "delivered", "delivered"],
    [event, "retried-later", "retried-later"],
    [event, "retried-later", "retried-later", "connection-lost"],
  ]),
  ["link.close", "deleted", "deleted"],
  // A deletion whose answer was lost is asked for again, and then there is nothing to delete.
  ["link.close", "rejected", "rejected"],
  ["link.close", "unknown", "unknown", "connection-lost"],
  // What was paid while the create call was under way, or its answer lost.
  ["link.close", "unknown", "unknown", "not-created-yet"],
  ["link.close", "unknown", "unknown", "link-id-unknown"],
  // Answers of PayTR that are lost on purpose, and objects that are thrown out in the middle.
  ["*", "unknown", "outcome-unknown", "connection-lost"],
  ["*", "unknown", "outcome-unknown", "interrupted"],
  // A message that is asked again while the first is still at work.
  ["*", "refused", "in-progress"],
];
/** What workerd says in its own words, always, or of an object that was thrown out and is opened again at once. */
const PLATFORM = [
  { text: "SQLite alarm overdue, running despite AlarmManager mismatch", always: true },
  { text: "jsg.Error: thrown out by the soak" },
  { text: "SQLITE_CANTOPEN" },
  { text: "stack: " },
];
/** How long after an interruption its consequences show. */
const CONSEQUENCES_MS = 3_000;
/** What an object that is thrown out, or a workerd that is killed, leaves in others' hands. */
const INTERRUPTED = [["*", "refused", "ledger-unavailable", "reset"]];

export class Log {
  /** How often by what a line says. */
  counts = new Map();
  /** Lines that must not be. */
  wrong = [];
  /** Time of the last interruption, Unix milliseconds. */
  interruptedAt = 0;

  take(line) {
    const name = this.#classify(line);
    if (name === undefined) this.wrong.push(line);
    else this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  #classify(line) {
    const isInterrupted = Date.now() - this.interruptedAt < CONSEQUENCES_MS;
    const own = PLATFORM.find(({ text, always }) => line.includes(text) && (always || isInterrupted));
    if (own) return `workerd: ${own.text}`;
    if (!line.startsWith("{")) return undefined;
    const { type, outcome, code, reason } = JSON.parse(line);
    const said = [type, outcome, code, reason];
    const expected = isInterrupted ? [...EXPECTED, ...INTERRUPTED] : EXPECTED;
    const fits = (pattern) => said.every((word, place) => pattern[place] === word || (place === 0 && pattern[0] === "*"));
    return expected.some(fits) ? said.filter(Boolean).join(" ") : undefined;
  }
}

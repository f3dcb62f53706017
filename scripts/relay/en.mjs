// What `npm run relay` says beside ../asking/en.mjs, in English.
const COMMANDS = {
  links: `npm run relay -- links [options]            links, newest first
  --state STATE      open, paid, deleted or unknown
  --reference R      those of your order R`,
  events: `npm run relay -- events [options]           events for your shop, newest first
  --pending          those that are still to be delivered
  --delivered        those that your shop took
  --dead             those that were given up`,
  list: `  --since TIME       made at or after it: 90m, 24h or 7d ago, today, yesterday, 2026-11-30, "2026-11-30 14:00"
  --until TIME       made before it
  --limit N          so many; without it 20
  --all              all of them
  --cursor C         go on behind an earlier list: its cursor, as --json shows it`,
  link: `npm run relay -- link NAME [--all]          a link with its sends and its newest 100 payments, or all of them
  NAME               your order's reference, or the link's callback_id`,
  replay: `npm run relay -- replay NAME [--since TIME]  sends the events of a link to your shop again, the newest 100 or all since TIME
npm run relay -- replay --dead [--since TIME]  sends all events again that were given up`,
  status: `npm run relay -- status                     counts of the last 24 hours, and whether a person is needed`,
};
const COMMON = `With each:
  --json             one JSON document for programs
  --relay URL        the relay's address; without it, RELAY_URL counts

The secret is WEBHOOK_SECRET; else, for a relay on this machine, that of .dev.vars; else it is asked for.
Exit codes: 0 all is fine; 1 the relay or the network said no; 2 the command is wrong; 3 status says that a person is needed.`;
const LISTS = ["links", "events"];

const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

export default {
  numberLocale: "en-US",
  /** Writes 2026-11-30 14:00. */
  timeLocale: "sv-SE",

  usage: (names) =>
    [
      ...names.filter((name) => LISTS.includes(name)).map((name) => COMMANDS[name]),
      ...(names.some((name) => LISTS.includes(name)) ? [COMMANDS.list] : []),
      ...names.filter((name) => !LISTS.includes(name)).map((name) => COMMANDS[name]),
      COMMON,
    ].join("\n\n"),
  noCommand: (name, names) =>
    `${name === undefined ? "Which command?" : `There is no command ${name}.`} One of\n` +
    names.map((each) => `  npm run relay -- ${each}\n`).join("") +
    "and --help with each.",
  noTime: (option, text) => `${option} wants a time such as 24h, 7d, today, 2026-11-30 or "2026-11-30 14:00". ${text} is none.`,
  noCount: (option, text) => `${option} wants a number from 1 on. ${text} is none.`,
  noneOf: (option, text, words) => `${option} wants one of ${words.join(", ")}. ${text} is none.`,
  eitherOr: (...options) => `Either ${options.join(" or ")}, not both.`,
  whichLink: "Which link? Name your order's reference, or a callback_id:\n  npm run relay -- link 1001",
  replayWhat:
    "Which events? Those of a link, by your order's reference or its callback_id, or all that were given up:\n" +
    "  npm run relay -- replay 1001\n  npm run relay -- replay --dead",
  noLinkOf: (reference) => `The relay has no link with the reference ${reference}, or its record has run out.`,

  created: "made",
  received: "received",
  reference: "reference",
  state: "state",
  price: "price",
  amount: "amount",
  sends: "sends",
  type: "type",
  attempts: "tries",
  nextAt: "next in",
  units: { minutes: "min", hours: "h" },
  now: "now",
  reasons: "reasons",
  event: "event",
  channels: { "link.send_sms": "SMS", "link.send_email": "e-mail" },
  linkStates: { open: "open", paid: "paid", deleted: "deleted", unknown: "unknown" },
  sendOutcomes: { sent: "sent", rejected: "rejected", unknown: "unknown", limited: "limited", obsolete: "obsolete" },
  eventStates: { pending: "pending", delivered: "delivered", dead: "dead" },

  noLinks: "There are no such links.",
  noEventsFound: "There are no such events.",
  noPayments: "No payment yet.",
  moreLinks: (shown) => `These are the newest ${shown}; there are more. --limit N shows N, --all shows all.`,
  moreEvents: (shown) => `These are the newest ${shown}; there are more. --limit N shows N, --all shows all.`,
  olderPayments: "There are older payments: --all shows them.",
  replayed: (count) => (count === 0 ? "There was no event to send." : `${counted(count, "event goes", "events go")} to your shop again, now.`),

  lastDay: (created, paid) => `In the last 24 hours ${counted(created, "link was", "links were")} made and ${paid} paid.`,
  eventCounts: (pending, dead, oldest) =>
    `Events: ${pending} waiting to be delivered${oldest && ` (the oldest since ${oldest})`}, ${dead} dead.`,
  latePartitions: (count) =>
    count === 0 ? "No work is late." : `Work is late in ${count} of the relay's 32 partitions.`,
  version: (version) => `Version ${version}.`,
  allWell: "No event is dead or has been waiting for more than an hour.",
  forAPerson: {
    dead:
      "Dead events: your shop does not know of payments. See which, mend the cause, have them sent again:\n" +
      "  npm run relay -- events --dead\n  npm run relay -- replay --dead",
    waiting:
      "An event has been waiting for more than an hour: your shop does not take it. See which, and what comes back:\n" +
      "  npm run relay -- events --pending\n  npm run ping -- URL --events",
    late:
      "Late work: ask again in a minute. If it stays late, look for errors in the relay's log:\n" +
      '  npx wrangler tail, with --env="" for production or --env test',
  },
};

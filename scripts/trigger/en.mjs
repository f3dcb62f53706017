// What `npm run trigger` says beside ../asking/en.mjs, in English.
const AGAIN = "The relay would try the event again, ten times in over three days.";

export default {
  usage: (types) => `Posts a signed sample of an event to a receiver of yours. No relay is asked, and nothing is paid.

  npm run trigger -- EVENT URL [options]
  EVENT                one of ${types.join(", ")}
  URL                  where your shop takes events: https, or http on this machine

To fit an order of yours:
  --reference R        its number
  --price N            its total in minor units: 158000 is 1580.00
  --currency C         TL, EUR, USD, GBP or RUB
  --link-id, --callback-id, --merchant-oid   those of a real link and payment
  --id ID              the event's webhook-id: the same one twice must count once

The secret is EVENTS_SECRET; else, for a receiver on this machine, EVENTS_SECRETS of .dev.vars; else it is asked for.
Exit codes: 0 the relay would count the event as delivered; 1 it would not; 2 the command is wrong.`,
  noEvent: (type, types) =>
    `${type === undefined ? "Which event?" : `There is no event ${type}.`} One of\n` +
    types.map((each) => `  npm run trigger -- ${each} http://127.0.0.1:8791/paytr-events\n`).join("") +
    "and --help says more.",
  receiverMissing: "Where to? The receiver's address is missing:\n  npm run trigger -- link.paid http://127.0.0.1:8791/paytr-events",
  noReceiver: (text) => `${text} is not an address such as https://shop.example/paytr-events`,
  badField: (option, text) => `${option} cannot be ${text}. --help says what it takes.`,
  noOrder: (option) => `relay.ping is of no order: it takes no ${option}.`,

  posting: (type, id, url) => `Posting ${type} to ${url} as ${id}`,
  delivered: (status, milliseconds) => `HTTP ${status} after ${milliseconds} ms. The relay would count the event as delivered.`,
  givenUp: (status) => `HTTP ${status}. The relay would give the event up at once: it would be dead.`,
  triedAgain: (status) => `HTTP ${status}. ${AGAIN}`,
  redirected: (location) => `It follows no redirect. Write the address to which this one leads into EVENTS_URL: ${location}`,
  advice: {
    401: "Does the receiver check with the secret that signed this event, over the body as it came?",
    403: "Does the receiver check with the secret that signed this event, or does a firewall stand in front of it?",
    404: "Nothing takes events at this path.",
    405: "What is at this path takes no POST.",
    429: "Retry-After is honoured, up to a day.",
    503: "Retry-After is honoured, up to a day.",
  },
  silent: ({ host }, seconds) => `No answer from ${host} within ${seconds} s. ${AGAIN}`,
  nobody: ({ host }, code) => `Nothing listens at ${host} (${code}). ${AGAIN}`,
  notReached: ({ host }, why) => `The connection to ${host} failed (${why}). ${AGAIN}`,

  badSecret: (from) =>
    `The events' secret (${from}) does not begin with whsec_ and the base64 of at least 24 bytes.\n` +
    "It is the one of the relay's EVENTS_SECRETS, without quotes.",
  typeSecret: "Secret for events (EVENTS_SECRETS, whsec_…), not shown: ",
};

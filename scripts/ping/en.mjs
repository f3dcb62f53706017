// What `npm run ping` says beside ../asking/en.mjs, in English.
const SECRET = "Does your shop check events with the relay's EVENTS_SECRETS? npm run trigger posts it a sample from here.";
const REFUSALS = {
  401: SECRET,
  403: `${SECRET}\nOr a firewall in front of it takes the relay for a bot.`,
  404: "Nothing takes events at this path. Look how EVENTS_URL is spelled.",
  405: "What is at this path takes no POST. Look how EVENTS_URL is spelled.",
  410: "So your shop asks for no events any more: a real one would be given up at once.",
};
const otherRefusal = (status) =>
  status < 400
    ? "The relay follows no redirect. Write the address to which it leads into EVENTS_URL."
    : "A real event would be tried again, ten times in over three days. Your shop's own log has the reason.";

export default {
  usage: `Is a relay there, are its settings good, does it take what this secret signs? Nobody gets a message.

  npm run ping -- URL            URL is the relay's address; without it, RELAY_URL counts
  npm run ping -- URL --events   has the relay post a signed event relay.ping to your EVENTS_URL, and says what came back

The secret is WEBHOOK_SECRET; else, for a relay on this machine, that of .dev.vars; else it is asked for. Ends with 0 if all
is well, else with 1.`,

  healthy: ({ origin }) => `${origin} is a relay, and its settings are good.`,
  eventsOn: "Events are on: payments are reported to EVENTS_URL.",
  eventsOff: "Events are off: EVENTS_URL is empty, so no payment is reported.",
  noEvents: "It is older than events and reports no payments. Deploy this version: npm run deploy",
  pong: (milliseconds) => `pong in ${milliseconds} ms: it takes what this secret signs.`,
  requestId: (id) => `The line in its log has "request_id":"${id}".`,
  eventDelivered: (status) => `EVENTS_URL took a signed event relay.ping: HTTP ${status}. Payments reach your shop.`,
  eventRefused: (status) => `EVENTS_URL refused the signed event relay.ping: HTTP ${status}. ${REFUSALS[status] ?? otherRefusal(status)}`,
  eventNotAnswered: (reason) =>
    `EVENTS_URL did not answer the signed event relay.ping (${reason}). Can it be reached from the internet, and does it answer within 15 s?`,
  eventsCannotBeTried: "It is an older relay that cannot try EVENTS_URL. Deploy this version: npm run deploy",

  storefront: (name, platform, { href }) =>
    `Storefront ${name}: give the webhooks of this shop in ${platform} this address (Delivery URL):\n  ${href}`,
  writesBack: "  It has an api_key: links and payments are written into the shop's orders.",
  doesNotWriteBack: (areEventsOn) =>
    `  It has no api_key: nothing is written into the shop's orders, and ${areEventsOn ? "events alone tell" : "nobody is told"} of payments.`,
  hookAnswers: "  It answers the ping that the shop sends when such a webhook is saved.",
  refusedHook: ({ href }, status, code, detail) => `${href} refused the shop's ping: HTTP ${status}, ${code}. ${detail}`,
  refusedMessage: (status, code, detail) => `It refused the ping: HTTP ${status}, ${code}. ${detail}`,
};

// What every command says that asks a relay, in English.
const LOG = 'The relay\'s log has the reason: npx wrangler tail, with --env="" for production or --env test';
const LOCAL_LOG = "The relay's log has the reason: see the terminal in which it runs.";
const NOT_AMONG =
  "  1. This secret is not among the relay's WEBHOOK_SECRETS: it was rotated away, or is that of the other\n" +
  "     environment (test, production), or there is no blank between two. Set it again:\n" +
  "       npx wrangler secret put WEBHOOK_SECRETS";
const NOT_AMONG_LOCAL =
  "  1. This secret is not among the WEBHOOK_SECRETS of the .dev.vars that this relay was started with, or there\n" +
  "     is no blank between two. Correct the file and start the relay again.";

const changed = (what) =>
  `On the way to the relay ${what}. Something in front of it changes requests: a redirect, a proxy, a firewall's rule.`;

export default {
  unknownOption: (option) => `There is no option ${option} here. --help lists those that there are.`,
  optionTwice: (option) => `${option} is given twice.`,
  optionWithoutValue: (option) => `${option} wants a value behind it.`,
  wordTooMany: (word) => `Nothing here takes ${word}. --help says what there is.`,
  keptByNpm: (options) => `npm has kept ${options} for itself. Put -- in front of what is for the command:\n  npm run … -- … ${options} …`,

  addressMissing: (example) => `Which relay? Its address is missing:\n  ${example}`,
  noAddress: (text) => `${text} is not an address such as https://relay.example`,
  noRelaysAddress: ({ origin, pathname }, example) =>
    `No relay has an address such as ${origin}${pathname}. Try:\n  ${example}`,
  plainHttp: ({ host }) => `Plain http is for this machine only. Use https://${host}`,

  timedOut: ({ host }, seconds) => `No answer from ${host} within ${seconds} s. Is it the relay's address?`,
  noHost: ({ hostname }, code) =>
    `There is no host ${hostname} (${code}). Check the spelling: wrangler deploy prints the address.`,
  refused: ({ host, port }, code) => `Nothing listens at ${host} (${code}).${port ? " Is that its port, and does it run?" : ""}`,
  noTrust: ({ host }, code) =>
    `No trusted connection to ${host} (${code}). A custom domain that is minutes old may have no certificate yet;\n` +
    "otherwise something between here and there opens the connection, such as a company's proxy.",
  disconnected: ({ host }, why) => `The connection to ${host} failed (${why}).`,

  redirects: ({ origin }, location) => `${origin} is no relay: it redirects to ${location}. Use the relay's own address.`,
  botProtection: (status) =>
    `Cloudflare's bot protection stopped it (HTTP ${status}). A rule of the zone must let /webhook, /hooks/ and /health by.`,
  noRelay: ({ origin }, status, type) => `${origin} is no relay: it answered HTTP ${status}, ${type}.`,
  noContentType: "no content type",
  notDeployed: "If the name is right, nothing is deployed there yet: npm run deploy",

  misconfigured: ({ hostname }, isLocal, lines) =>
    `${hostname} is a relay, and sends nothing while settings are wrong (misconfigured):\n${lines}` +
    (isLocal
      ? "Correct them in .dev.vars and start the relay again."
      : "Secrets are set with npx wrangler secret put NAME, all else in wrangler.toml and with npm run deploy."),

  clocksApart: (seconds, limit) => `Its clock and this one are ${seconds} s apart; up to ${limit} s are fine.`,
  invalidSignature: ({ hostname }, isLocal) =>
    `${hostname} does not know this signature (invalid-signature). In the order of how often it is the cause:\n` +
    `${isLocal ? NOT_AMONG_LOCAL : NOT_AMONG}\n` +
    "  2. It was copied with a character missing at its end.\n" +
    "  3. A proxy in front of the relay writes the body or the webhook- headers anew.\n" +
    (isLocal ? LOCAL_LOG : LOG),
  staleTimestamp: (clock) =>
    `The secret is right, and the time is not (stale-timestamp). This machine's clock ${clock}\n` +
    "Set it right, best by NTP (timedatectl set-ntp true).",
  clockOff: (limit, now) => `is more than ${limit} s off. It says ${now}.`,
  clockAhead: (seconds, limit) => `is ${seconds} s ahead of the relay's; ${limit} s are allowed.`,
  clockBehind: (seconds, limit) => `is ${seconds} s behind the relay's; ${limit} s are allowed.`,
  unknownType: ({ hostname }, type) =>
    `The secret is right: ${hostname} took the signature. It is an older relay that has no ${type} (unknown-type).\n` +
    "Deploy this version: npm run deploy",
  contentTypeChanged: changed("the content type application/json did not arrive (unsupported-media-type)"),
  methodChanged: changed("the POST did not arrive as one (method-not-allowed)"),
  linkNotFound: "The relay has no link of this callback_id, or its record has run out (link-not-found).",
  refusedMessage: (status, code, detail) => `The relay refused: HTTP ${status}, ${code}. ${detail}`,

  badSecret: (from) =>
    `The webhook secret (${from}) does not begin with whsec_ and the base64 of at least 24 bytes.\n` +
    'It goes without quotes. Make one with\n  echo "whsec_$(openssl rand -base64 32)"',
  asTyped: "as typed",
  standardInput: "standard input",
  typeSecret: "Webhook secret (whsec_…), not shown: ",
};

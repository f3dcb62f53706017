// What `npm run explain` says beside ../asking/en.mjs, in English.
const GIVE_BODY = "  npm run explain -- request.txt body.json";
const GIVE_FILE = `Give it too, in a file of its own:\n${GIVE_BODY}`;
const FORMS =
  'It can read raw HTTP, what `curl --trace FILE …` writes, HAR, a curl command, "Copy as fetch", "Copy as PowerShell",\n' +
  "Postman's code, and header lines with an empty line and the body behind them.";
const NO_HEADERS = "There are no webhook-… headers in it.";
const BOTH = "It must be a request with its headers and its body.";
const LOG =
  "This is a line of a log, and a log line has no body. Capture the request itself: with `curl --trace FILE …` where it\n" +
  "is sent, or by writing its headers, an empty line and the bytes of its body to a file where it arrives.";
const WEBHOOKS = "WooCommerce > Settings > Advanced > Webhooks";

/** What was done to a body: body-spellings.mjs has it in English. */
const spelled = ([first, ...rest]) => [first, rest.join(", ")].filter(Boolean).join(" ");

/** By how much a clock is off, and against what. */
function away(seconds, hours, against) {
  const zone = hours === undefined ? "" : ` (${hours} h: local time was taken for UTC?)`;
  return `${Math.abs(seconds)} s${zone} ${seconds > 0 ? "ahead of" : "behind"} ${against}`;
}

const ofOrder = (number) => (number ? `order ${number}` : "the order");
const total = (given) => `its total is ${given}`;

export default {
  usage:
    "Which request? Write it to a file:\n  npm run explain -- request.txt\n" +
    `or, with its body in a file of its own:\n${GIVE_BODY}`,
  typeEventsSecret: "Secret for events (EVENTS_SECRETS, whsec_…), not shown: ",
  typeStorefrontSecret: "The storefront's webhook_secret, not shown: ",
  badStorefronts: (from) =>
    `${from} has no webhook_secret. Give the one that the webhook in the shop has, in STOREFRONT_SECRET, or the whole of\n` +
    "the relay's STOREFRONTS in the variable of that name.",
  whyNotRead: {
    ENOENT: (file) => `There is no file ${file}.`,
    EISDIR: (file) => `${file} is a folder. Name the file in it that has the request.`,
    EACCES: (file) => `${file} may not be read by you.`,
  },
  cannotBeRead: (file, why) => `${file} cannot be read: ${why}`,
  secretInFile: (file) =>
    `The secret itself stands in ${file}, and would be shown. Take it out of the file. If it is part of the request,\n` +
    "never send it: sign with it. What was sent is known to others, so make a new one, as docs/rotate.md says.",

  // What a capture is, and what it lacks.
  nameOfRequest: (number, count) => `Request ${number} of ${count} in the file.`,
  nameOfCommand: (number, count, address) => `Command ${number} of ${count}: ${address}`,
  nameOfEntry: (number, count, method, address, status) =>
    `Entry ${number} of ${count} in the HAR: ${method} ${address}${status === undefined ? "" : `, answered with ${status}`}.`,
  unreadableAddress: "an address that cannot be read",
  logHasNoBody: LOG,
  unknownForm: `It speaks of webhook-… headers, but not in a form that can be read here.\n${FORMS}`,
  noRequest: `${NO_HEADERS}\n${BOTH}\n${FORMS}`,
  noRequestInJson: `${NO_HEADERS}\nIt is JSON, but neither HAR nor a request with its headers.\n${BOTH}\n${FORMS}`,
  brokenCode: (language, why) => `This looks like ${language}, and a part of it is missing or wrong: ${why}. Copy all of it.`,
  headerWorkedOut: (name) =>
    `The code works ${name} out when it runs, so its value is not in this file. Capture what is sent: with\n` +
    "`curl --trace FILE …`, or the network panel's HAR.",
  codeSendsNone: "The code sends none, as far as it can be read without running it.",
  codeWorksBodyOut:
    "The code works its body out when it runs. Capture what is sent: with `curl --trace FILE …`, or the network panel's HAR.",
  codeHasNoBody:
    "This is code, and the text of its body is not in it, or cannot be told without running it. Capture what is sent: with\n" +
    `\`curl --trace FILE …\`, or by printing the bytes before they are sent, into a file of their own:\n${GIVE_BODY}`,
  variableInHeader: (variable, header) =>
    `The value of ${variable}, which is in ${header}, is not in this file. Send it once with --trace, and explain that:\n` +
    "  curl --trace request.txt …",
  openQuote: "A quote in the command is not closed: a part of it is missing. Copy all of it.",
  commandSendsForm: "The command sends a form (-F). The relay takes JSON: --data-binary @order.json, or --data-raw '{…}'.",
  commandSendsNone: "The command sends none: there is no --data-raw, or the like, in it.",
  bodyIsVariable: `The body is a variable's value, which is not in this file. ${GIVE_FILE}`,
  bodyFromInput: (shown) => `The body is read from standard input (${shown}), which is not in this file. ${GIVE_FILE}`,
  bodyInFile: (shown, file) => `The body is in another file (${shown}), and that file is needed too:\n  npm run explain -- request.txt ${file}`,
  commandWorksHeaderOut: (name) => `${name} is worked out when the command runs, so its value is not in this file.`,
  commandWorksBodyOut: `The body is worked out when the command runs. Give it in a file of its own:\n${GIVE_BODY}`,
  powershellSendsNone: "The command sends none: there is no -Body in it.",
  headersAlone:
    "Write the bytes that arrived behind the headers, after an empty line, or into a file of their own:\n" +
    `${GIVE_BODY}\n` +
    "$request->getContent() has them in Laravel, file_get_contents('php://input') in PHP, express.raw() in Express,\n" +
    "request.get_data() in Flask, request.body in Django.",
  onlyHeaders: `Only headers are in it. Write the bytes that arrived into a file of their own:\n${GIVE_BODY}`,
  bodyWasParsed:
    "The body is in it as JSON that was read and written anew, and the signature is made over the bytes that arrived.\n" +
    "Write those into a file of their own: npm run explain -- request.txt body.json",
  relaysLine: (reason) => `${LOG}\nThe relay says in it: ${reason}.`,
  harWithoutRequest: (count) =>
    `This is a HAR of ${count} request${count === 1 ? "" : "s"}, and none of them was posted to /webhook or /hooks/, or is signed.\n` +
    "Open the network panel first, send the request again, and save the HAR anew.",
  harWithoutBody:
    "This entry of the HAR has no postData.text. Browsers leave it out of requests that they did not see from the start:\n" +
    "open the network panel first, send the request again, and save the HAR anew.",
  traceAscii: "`curl --trace-ascii` leaves bytes out. Capture the request with `curl --trace FILE …`",
  verboseHasNoBody:
    "curl -v does not print it: take `curl --trace FILE …` in place of -v, or write the body\n" +
    "behind the last line that begins with >, after an empty line.",
  endsBehindHeaders: "Behind the headers of a request come an empty line and the body.",
  declaredBody: (length, why) => `The headers speak of one of ${length} bytes. ${why}`,
  answerDate: "the answer's date",
  harTime: "the time of sending that the HAR has",
  writtenAt: (file) => `the time at which ${file} was written`,

  // What was found.
  right: "The signature is right, and so are the three headers.",
  rightButOld: "The signature is right, and the timestamp is too old to be taken.",
  unexplained: "The signature is wrong, and none of the usual slips makes it right.",
  notSigned: "It is not signed:",
  wrong: (count) => (count === 1 ? "This is what is wrong:" : `These ${count} are wrong together:`),
  noBodyFound: (why) => `No body found, and the signature is made over the body.\n${why}`,
  seenWithoutBody: "What can be seen without it:",
  signedWith: (number, count) => `It was signed with secret ${number} of ${count}.`,
  signedText: (length) => `The signed text, ${length} bytes`,
  differ: (at) => `They differ from byte ${at} on, marked with >.`,
  messageMayBeLate: (_limit, ...offset) =>
    `webhook-timestamp is ${away(...offset)}. Was it sent then, and answered with stale-timestamp? Then its clock is wrong.`,
  eventMayBeLate: (_limit, ...offset) =>
    `webhook-timestamp is ${away(...offset)}. Did it arrive then? Then the receiver's clock is wrong: the relay signs each try anew.`,
  message: {
    signed: (length) => `What the sender has signed, ${length} bytes`,
    expected: (length) => `What the relay signs, ${length} bytes`,
    left:
      "What is left, in the order of how often it is the cause:\n" +
      "  - It was signed with another secret: one that was rotated away, or that of the other relay (test, production).\n" +
      "    npm run ping -- URL says whether the relay knows the one that you gave here.\n" +
      "  - The secret lost a character when it was copied.\n" +
      "  - Another body was signed than the one below. Print the signed text in the sender, and compare it with this one.",
  },
  event: {
    signed: (length) => `What the relay has signed, ${length} bytes`,
    expected: (length) => `What is in this file, ${length} bytes`,
    left:
      "It is an event of the relay's: its id begins with evt_. What is left, in the order of how often it is the cause:\n" +
      "  - The secret that you gave is not that of events, which have their own, in EVENTS_SECRETS:\n" +
      "      EVENTS_SECRET=whsec_… npm run explain -- FILE\n" +
      "    or one that was rotated away, or that of the other relay (test, production).\n" +
      "  - The body below is not the one that arrived. Write the bytes down before anything reads the JSON.",
  },
  slips: {
    missing: (header) => [`There is no ${header}.`, "Send all three: webhook-id, webhook-timestamp, webhook-signature."],
    twice: (header) => [`${header} came twice, or has a comma and a blank in it.`, "Send each header once."],
    swapped: () => [
      "webhook-id and webhook-timestamp have each other's value.",
      "Give the message's id to webhook-id and Unix seconds to webhook-timestamp.",
    ],
    "dot in the id": () => [
      "webhook-id has a dot in it, which separates the signed parts.",
      "Take an id without dots: msg_ and a UUID, for example.",
    ],
    "bad id": () => [
      "webhook-id is not 1 to 256 visible ASCII characters without a comma.",
      "Take another id: msg_ and a UUID, for example.",
    ],
    milliseconds: () => [
      "webhook-timestamp is in milliseconds.",
      "Take whole Unix seconds, in the header and in the signed text: Math.floor(Date.now() / 1000).",
    ],
    fraction: () => [
      "webhook-timestamp is a fraction.",
      "Take whole Unix seconds, in the header and in the signed text: int(time.time()).",
    ],
    "bad timestamp": () => [
      "webhook-timestamp is not Unix seconds in plain digits, such as 1795637400.",
      "Write whole Unix seconds, without quotes, a plus, or zeros in front.",
    ],
    "no version": () => ["The signature does not begin with v1 and a comma.", "Write v1, in front of the base64."],
    hexadecimal: () => [
      "The digest is written in hexadecimal.",
      "Take its base64: mac.digest('base64') in Node, base64.b64encode(mac.digest()) in Python,\n" +
        "base64_encode(hash_hmac('sha256', $text, $key, true)) in PHP, openssl dgst … -binary | openssl base64 -A in a shell.",
    ],
    "hexadecimal in base64": () => [
      "The base64 is that of the digest's hexadecimal text, not of its 32 bytes.",
      "Take the raw digest: hash_hmac('sha256', $text, $key, true), mac.digest(), openssl dgst -binary.",
    ],
    "URL-safe base64": () => [
      "The signature is in URL-safe base64.",
      "Take standard base64, with + and / in place of - and _.",
    ],
    "unpadded base64": () => [
      "The signature's base64 has lost its padding.",
      "Keep the = at the end: 44 characters for 32 bytes.",
    ],
    "irregular base64": () => [
      "The signature's base64 is not written regularly.",
      "Write the 44 characters of standard base64 without anything in between, in front or behind.",
    ],
    quotes: () => ["There are quotes around the signature.", "Write the header's value without quotes."],
    "percent encoding": () => ["The signature is percent-encoded.", "Write it as it is: +, / and = stay."],
    "other hash": (hash) => [`The signature is an HMAC with ${hash}.`, "Take SHA-256."],
    "no signature": () => [
      "webhook-signature has no signature of 32 bytes.",
      "Write v1, and the base64 of HMAC-SHA256(key, webhook-id.webhook-timestamp.body).",
    ],
    "too many signatures": () => [
      "webhook-signature has more than 16 entries.",
      "Sign with the current secret, and the last one.",
    ],
    "other order": () => [
      "The signed text has the timestamp in front of the id.",
      "Sign webhook-id, a dot, webhook-timestamp, a dot, and the body, in this order.",
    ],
    "other text": (text) => [
      `The signed text is ${text}.`,
      "Sign webhook-id, a dot, webhook-timestamp, a dot, and the body.",
    ],
    "other separator": () => [
      "The signed parts are not joined with dots.",
      "Join them with a dot: webhook-id.webhook-timestamp.body.",
    ],
    "time taken twice": (seconds) => [
      `The signed timestamp is ${seconds} s away from that in webhook-timestamp: the clock was read twice.`,
      "Read it once, keep the value, and use it for both.",
    ],
    "milliseconds signed": () => [
      "Milliseconds were signed, and webhook-timestamp has seconds.",
      "Make the seconds first, then sign and send the same text.",
    ],
    "seconds signed": () => [
      "Whole seconds were signed, and webhook-timestamp says something else.",
      "Send the very text that is signed.",
    ],
    "other path": (path) => [
      `It was posted to ${path}.`,
      "Post to /webhook: the relay takes messages there and nowhere else.",
    ],
    "for events": () => [
      "It is signed with the secret for events (EVENTS_SECRETS), and it is a message.",
      "Sign messages with the secret that the relay has in WEBHOOK_SECRETS.",
    ],
    "for messages": () => [
      "It is signed with the secret for messages (WEBHOOK_SECRETS), and it is an event: its id begins with evt_.",
      "Whoever knows the secret for messages could have made it. The relay signs events with EVENTS_SECRETS alone.",
    ],
    key: (key) => [
      `The key is ${key}.`,
      "The key is the part behind whsec_, decoded from base64, as bytes: Buffer.from(part, 'base64') in Node,\n" +
        "base64.b64decode(part) in Python, base64_decode($part) in PHP.",
    ],
    body: (spelling) => [
      `The signed body is another text than the one that arrived: ${spelled(spelling)}.`,
      "Write the body once, keep its text, sign that and send that (body: text in fetch, data=text in requests,\n" +
        "content=text in httpx, --data-binary in curl), not an object that the client writes anew.\n" +
        "If the sender does so, something between it and here has changed the body.",
    ],
    "body of an event": (spelling) => [
      `The relay has signed another text than the one here: ${spelled(spelling)}.`,
      "Check the bytes as they arrived, before anything reads the JSON and writes it anew: file_get_contents('php://input')\n" +
        "or $request->getContent() in PHP, express.raw() in Node, request.get_data() in Flask, request.body in Django.\n" +
        "If the receiver does so, something between the relay and here has changed the body, or this file is no raw capture.",
    ],
    "content type": (type) => [
      `The content type is ${type}.`,
      "Send content-type: application/json. The relay answers anything else with 415 before it looks at the signature.",
    ],
    length: (declared, length) => [
      `content-length says ${declared}, and the body has ${length} bytes here: it was changed on its way, or for this file.`,
      "Look for what rewrites bodies between the sender and here: a proxy, a middleware, a log.",
    ],
    clock: (limit, ...offset) => [
      `webhook-timestamp is ${away(...offset)}; ${limit} s are allowed.`,
      "Set the sender's clock by NTP, take Unix time (which has no time zone), and make a new timestamp for every retry.",
    ],
    "clock of an event": (limit, ...offset) => [
      `webhook-timestamp is ${away(...offset)}; ${limit} s are allowed.`,
      "The relay signs each try anew. Set the receiver's clock by NTP, and compare with Unix seconds, which have no time zone.",
    ],
  },

  // What was found of a shop platform's delivery.
  hooksPing:
    "This is the ping that WooCommerce sends when a webhook is saved. It is not signed, and the relay answers 200:\n" +
    "nothing follows from it. What comes of orders is signed.",
  noStorefront: (name, others) =>
    `No storefront is named ${name}: the relay answers 404. ${others ? `There are: ${others}.` : "There are none."}\n` +
    "Give the webhook in the shop the address that npm run ping says.",
  deliveryRight: (name) => `The signature is right${name ? `, of the storefront ${name}` : ""}.`,
  deliveryLeft: (platform, name) =>
    "What is left, in the order of how often it is the cause:\n" +
    {
      woocommerce:
        `  - The webhook in the shop has another secret than webhook_secret. Under ${WEBHOOKS}, paste it once more into\n` +
        "    each webhook and save: WooCommerce makes one up where the field is left empty.\n",
      shopify:
        "  - webhook_secret is another one than the shop signs with. It stands in Shopify under Settings > Notifications > Webhooks,\n" +
        "    below the list; webhooks of an app are signed with the client secret of the app.\n",
    }[platform] +
    "  - It is a webhook of another shop, or one whose secret was changed after this delivery was made.\n" +
    `  - The body below is not what ${name} sent: something on the way reads it and changes what it says.`,
  bodyBegins: (length, excerpt) => `The body, ${length} bytes, begins with\n  ${excerpt}`,
  bodiesDiffer: (at, signed, arrived) => `They differ from byte ${at} on:\n  signed   ${signed}\n  arrived  ${arrived}`,
  unreadable: (why) => `The relay answers 200, and nothing follows: ${why}`,
  whyUnreadable: {
    "api-version-is-not-v3":
      `The webhook has a legacy API version, whose form the relay does not read. Under ${WEBHOOKS}, choose\n` +
      "API version WP REST API Integration v3 in each webhook.",
    "no-json": "The body is not JSON.",
    "no-object": "The body is JSON, and no object.",
    "no-id": "The order has no id.",
    "no-status": "The order has no status.",
  },
  otherTopic: (platform) => {
    const topics = {
      woocommerce: "order.created, order.updated and order.deleted are",
      shopify: "orders/create, orders/updated, orders/cancelled and orders/paid are",
    };
    return `The relay does nothing, since its topic is none of orders: ${topics[platform]}.`;
  },
  makesLink: (amount, currency, number, method) =>
    `The relay makes a link of ${amount} ${currency} for ${ofOrder(number)}` +
    `${method === undefined ? "" : `, if ${method} is in pay_by_link`}, unless it has such a link already.`,
  makesNone: (number, reason) => `The relay makes no link for ${ofOrder(number)}, and deletes one that is open, since ${reason}.`,
  nothing: "nothing",
  noLinkSince: {
    test: () => "it is a test of Shopify's, or of one of its apps",
    draft: ({ status }) => `its status is ${status}: it is not placed yet`,
    "other-method": ({ method, methods }) => `its payment method is ${method}, and pay_by_link has ${methods}`,
    "nothing-to-pay": ({ total: given }) => total(given),
    paid: ({ status }) => `it is paid, with the status ${status}`,
    cancelled: ({ status }) => `its status is ${status}`,
    deleted: () => "it was deleted in the shop",
    "other-status": ({ status }) => `its status is ${status}, which the relay does not know`,
    amount: ({ total: given }) => `${total(given)}, and PayTR makes no link for that; a note in the order says so`,
    currency: ({ currency }) => `its currency is ${currency}, which PayTR does not have; a note in the order says so`,
  },
  deliverySlips: {
    "no signature": ({ platform, header }) => [
      `There is no ${header}${platform === "WooCommerce" ? ", and it is not WooCommerce's ping" : ""}.`,
      `Either it does not come from a webhook of ${platform}, or something in between takes headers away: a proxy, a firewall.`,
    ],
    "no digest": ({ platform, header }) => [
      `${header} is not the base64 of 32 bytes.`,
      `${platform} writes 44 characters. Look for what changes headers between the shop and the relay.`,
    ],
    "other shop": (name) => [
      `It is signed with the webhook_secret of the storefront ${name}.`,
      "Give the webhook in this shop the secret of its own, or the address of that storefront.",
    ],
    "relay's secret": (setting) => [
      `It is signed with a secret of ${setting}.`,
      "A shop's staff can read what its webhooks are signed with. Make another secret for webhook_secret and for the shop.",
    ],
    entities: () => [
      "The secret has characters that WordPress stores as HTML entities (& < > \" '), and it was signed with the entities.",
      "Take a secret of letters and digits alone, for the shop and for webhook_secret.",
    ],
    "secret with more": (what) => [
      `The shop's secret has ${what}.`,
      "Paste the secret into the shop once more, without anything in front or behind.",
    ],
    body: ({ platform }, spelling) => [
      `${platform} has signed another text than the one that arrived: ${spelled(spelling)}.`,
      "Something between the shop and the relay, or whatever wrote this file, reads the body and writes it anew. The relay needs\n" +
        `the very bytes that ${platform} sends.`,
    ],
    length: (declared, length) => [
      `content-length says ${declared}, and the body has ${length} bytes here: it was changed on its way, or for this file.`,
      "Look for what rewrites bodies between the shop and here.",
    ],
  },
};

// Why is it refused? Tries the usual slips of signing, one by one and two together, until the signature is right.
//
// In scope: the relay's rules for the three headers, and what senders do in place of them. Not in scope: where the
// request, the secret and the time come from; how it looks on a terminal (report.mjs).
//
// A slip can be seen in a header (a signature in hexadecimal) or only be guessed and tried (another text was signed).
// A guess is right when its HMAC is the one that arrived, which cannot happen by chance.
import { createHmac } from "node:crypto";
import { bodySpellings } from "./body-spellings.mjs";

/** How far `webhook-timestamp` may be off, in seconds. */
const TOLERANCE_S = 300;
const MOST_GUESSES = 2;
const HASH_BY_LENGTH = { 20: "sha1", 32: "sha256", 64: "sha512" };

/**
 * @typedef {object} Slip
 * @property {string} name for programs
 * @property {string} what is wrong
 * @property {string} change what to do about it
 */

/**
 * @typedef {object} Findings
 * @property {"right" | "explained" | "unexplained"} outcome
 * @property {Slip[]} slips all that is wrong, as far as it was found
 * @property {string} [remark] what may be wrong, and cannot be told from here
 * @property {number} [secret] which one made the signature, counted from 1
 * @property {Buffer} [signed] the text that the sender has signed
 * @property {Buffer} [expected] the text that the relay signs
 */

const SLIPS = {
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
  body: (body) => [
    `The signed body is another text than the one that arrived: ${body}.`,
    "Write the body once, keep its text, sign that and send that (body: text in fetch, data=text in requests,\n" +
      "content=text in httpx, --data-binary in curl), not an object that the client writes anew.\n" +
      "If the sender does so, something between it and here has changed the body.",
  ],
  "body of an event": (body) => [
    `The relay has signed another text than the one here: ${body}.`,
    "Check the bytes as they arrived, before anything reads the JSON and writes it anew: file_get_contents('php://input')\n" +
      "or $request->getContent() in PHP, express.raw() in Node, request.get_data() in Flask, request.body in Django.\n" +
      "If the receiver does so, something between the relay and here has changed the body, or this file is no raw capture.",
  ],
  "content type": (type) => [
    `The content type is ${type}.`,
    "Send content-type: application/json. The relay answers anything else with 415 before it looks at the signature.",
  ],
  length: ([declared, length]) => [
    `content-length says ${declared}, and the body has ${length} bytes here: it was changed on its way, or for this file.`,
    "Look for what rewrites bodies between the sender and here: a proxy, a middleware, a log.",
  ],
  clock: ([seconds, against]) => [
    `webhook-timestamp is ${offset(seconds)} ${against}; ${TOLERANCE_S} s are allowed.`,
    "Set the sender's clock by NTP, take Unix time (which has no time zone), and make a new timestamp for every retry.",
  ],
  "clock of an event": ([seconds, against]) => [
    `webhook-timestamp is ${offset(seconds)} ${against}; ${TOLERANCE_S} s are allowed.`,
    "The relay signs each try anew. Set the receiver's clock by NTP, and compare with Unix seconds, which have no time zone.",
  ],
};

export const slip = (name, about) => {
  const [what, change] = SLIPS[name](about);
  return { name, what, change };
};

/**
 * @param {object} request
 * @param {string} [request.id] the headers' values
 * @param {string} [request.timestamp]
 * @param {string} [request.signature]
 * @param {Buffer} request.body
 * @param {number} [request.declaredLength] what `content-length` says
 * @param {string} [request.contentType]
 * @param {boolean} [request.isEvent] whether the relay has signed it, and a shop got it
 * @param {string[]} secrets each `whsec_…` and base64
 * @param {{seconds: number, what: string, isLatest: boolean}} received when it came, in Unix seconds, and what says so;
 *   `isLatest`: it may have come earlier
 * @returns {Findings}
 */
export function findSlips(request, secrets, received) {
  const { isWhole, id, timestamp, slips: seen } = read(request);
  if (!isWhole) return { outcome: "explained", slips: seen };
  const expected = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, "latin1"), request.body]);
  const lengthSlips = [...typeOf(request), ...lengthOf(request)];
  const found = search({ ...request, id, timestamp }, secrets);
  if (!found) {
    const noDigest = digests(request.signature).length === 0 ? [slip("no signature")] : [];
    return { outcome: "unexplained", slips: [...seen, ...noDigest, ...lengthSlips], expected };
  }
  const clock = clockOf(timestamp, received, request.isEvent);
  const slips = unique([...seen, ...found.slips, ...lengthSlips, ...clock.slips]);
  const outcome = slips.length === 0 ? "right" : "explained";
  return { outcome, slips, remark: clock.remark, secret: found.secret, signed: found.signed, expected };
}

/**
 * What can be seen in the headers alone.
 *
 * @param {{id?: string, timestamp?: string, signature?: string}} request
 * @returns {Slip[]}
 */
export const seenSlips = (request) => read(request).slips;

/** The values come back as they were meant, exchanged if they had been. */
function read({ id: givenId, timestamp: givenTimestamp, signature }) {
  const absent = Object.entries({ id: givenId, timestamp: givenTimestamp, signature }).filter(([, value]) => !value);
  if (absent.length > 0) return { isWhole: false, slips: absent.map(([name]) => slip("missing", `webhook-${name}`)) };
  const isSwapped = /^\d{9,13}$/.test(givenId) && !/^[\d.]+$/.test(givenTimestamp);
  const [id, timestamp] = isSwapped ? [givenTimestamp, givenId] : [givenId, givenTimestamp];
  const slips = isSwapped ? [slip("swapped")] : [];
  if (id.includes(", ")) slips.push(slip("twice", "webhook-id"));
  else if (id.includes(".")) slips.push(slip("dot in the id"));
  else if (!/^[!-~]{1,256}$/.test(id) || id.includes(",")) slips.push(slip("bad id"));
  if (timestamp.includes(", ")) slips.push(slip("twice", "webhook-timestamp"));
  else if (/^[1-9]\d{12}(?:\.\d+)?$/.test(timestamp)) slips.push(slip("milliseconds"));
  else if (/^[1-9]\d{0,11}\.\d+$/.test(timestamp)) slips.push(slip("fraction"));
  else if (!/^[1-9]\d{0,11}$/.test(timestamp)) slips.push(slip("bad timestamp"));
  if (signature.includes(", ")) slips.push(slip("twice", "webhook-signature"));
  if (signature.split(" ").length > 16) slips.push(slip("too many signatures"));
  return { isWhole: true, id, timestamp, slips };
}

function typeOf({ contentType = "application/json", isEvent }) {
  return isEvent || /^\s*application\/json\s*(?:;|$)/i.test(contentType) ? [] : [slip("content type", contentType)];
}

function lengthOf({ declaredLength, body }) {
  const isRight = declaredLength === undefined || declaredLength === body.length;
  return isRight ? [] : [slip("length", [declaredLength, body.length])];
}

function clockOf(timestamp, { seconds, what, isLatest }, isEvent) {
  if (!/^\d{1,12}$/.test(timestamp)) return { slips: [] };
  const away = Math.round(Number(timestamp) - seconds);
  if (Math.abs(away) <= TOLERANCE_S) return { slips: [] };
  if (away > 0 || !isLatest) return { slips: [slip(isEvent ? "clock of an event" : "clock", [away, what])] };
  const question = isEvent
    ? "Did it arrive then? Then the receiver's clock is wrong: the relay signs each try anew."
    : "Was it sent then, and answered with stale-timestamp? Then its clock is wrong.";
  return { slips: [], remark: `webhook-timestamp is ${offset(away)} ${what}. ${question}` };
}

function offset(seconds) {
  const size = Math.abs(seconds);
  const hours = Math.round(size / 1800) / 2;
  const isZone = hours >= 1 && hours <= 14 && Math.abs(size - hours * 3600) <= TOLERANCE_S;
  const zone = isZone ? ` (${hours} h: local time was taken for UTC?)` : "";
  return `${size} s${zone} ${seconds > 0 ? "ahead of" : "behind"}`;
}

/** With fewest guesses first, what makes one of the digests. */
function search(request, secrets) {
  const wanted = digests(request.signature);
  const hashes = [...new Set(wanted.map(({ hash }) => hash))];
  const choices = [layouts(), timestamps(request.timestamp), bodies(request)];
  for (let guesses = 0; guesses <= MOST_GUESSES; guesses += 1) {
    for (const [at, secret] of secrets.entries()) {
      for (const key of keys(secret)) {
        if (key.guesses > guesses) continue;
        for (const [layout, timestamp, body] of combinations(choices, guesses - key.guesses)) {
          const signed = layout.join(request.id, timestamp.text, body.bytes);
          for (const hash of hashes) {
            const mac = createHmac(hash, key.bytes).update(signed).digest();
            const match = wanted.find((digest) => digest.hash === hash && digest.bytes.equals(mac));
            if (!match) continue;
            const parts = [key, layout, timestamp, body];
            const slips = [
              ...match.slips,
              ...parts.filter(({ slip: [name] }) => name).map((part) => slip(...part.slip)),
            ];
            return { slips, signed, secret: at + 1 };
          }
        }
      }
    }
  }
  return undefined;
}

/** One of each list, with exactly so many guesses together. */
function* combinations([first, ...others], guesses) {
  if (!first) {
    if (guesses === 0) yield [];
    return;
  }
  for (const choice of first) {
    if (choice.guesses > guesses) continue;
    for (const rest of combinations(others, guesses - choice.guesses)) yield [choice, ...rest];
  }
}

const AS_IT_SHOULD_BE = { slip: [], guesses: 0 };
const guess = (...about) => ({ slip: about, guesses: 1 });

function keys(secret) {
  const encoded = secret.slice("whsec_".length);
  const bytes = Buffer.from(encoded, "base64");
  const hex = bytes.toString("hex");
  const others = [
    ["the secret's text, whsec_ and all", Buffer.from(secret)],
    ["the secret's text without whsec_, not decoded", Buffer.from(encoded)],
    // Decoders that are not strict read `_` as a letter, or skip it.
    ["what base64 makes of the whole secret, whsec_ and all", Buffer.from(secret, "base64")],
    ["what base64 makes of the whole secret, whsec_ and all", Buffer.from(secret.replace("_", ""), "base64")],
    ["the secret's text with a line end", Buffer.from(`${secret}\n`)],
    ["the secret's text without whsec_, not decoded, with a line end", Buffer.from(`${encoded}\n`)],
    ["the decoded secret in hexadecimal, as text", Buffer.from(hex)],
    ["the decoded secret in hexadecimal, as text", Buffer.from(hex.toUpperCase())],
    [
      "the decoded secret, made a text of one letter for each byte (atob) and encoded as UTF-8",
      Buffer.from(bytes.toString("latin1")),
    ],
    ["the decoded secret, made a text of UTF-8", Buffer.from(bytes.toString())],
    ["the decoded secret without its zero bytes (a shell variable keeps none)", bytes.filter((byte) => byte !== 0)],
    ["empty", Buffer.alloc(0)],
  ];
  return [
    { ...AS_IT_SHOULD_BE, bytes },
    ...others
      .filter(([, other]) => !other.equals(bytes))
      .map(([what, other]) => ({ ...guess("key", what), bytes: other })),
  ];
}

function layouts() {
  const joined = (...parts) =>
    Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part, "latin1"))));
  const separated = (separator) => ({
    ...guess("other separator"),
    join: (id, timestamp, body) => joined(id, separator, timestamp, separator, body),
  });
  return [
    { ...AS_IT_SHOULD_BE, join: (id, timestamp, body) => joined(id, ".", timestamp, ".", body) },
    { ...guess("other order"), join: (id, timestamp, body) => joined(timestamp, ".", id, ".", body) },
    {
      ...guess("other text", "the timestamp and the body, without the id"),
      join: (_id, timestamp, body) => joined(timestamp, ".", body),
    },
    {
      ...guess("other text", "the id and the body, without the timestamp"),
      join: (id, _timestamp, body) => joined(id, ".", body),
    },
    { ...guess("other text", "the body alone"), join: (_id, _timestamp, body) => body },
    {
      ...guess("other text", "the id and the timestamp, without the body"),
      join: (id, timestamp) => joined(id, ".", timestamp),
    },
    ...["", ":", "\n", "|", ",", "-", "_", ". "].map(separated),
  ];
}

function timestamps(timestamp) {
  const as = (text, ...about) => ({ ...guess(...about), text: String(text) });
  const choices = [{ ...AS_IT_SHOULD_BE, text: timestamp }];
  const number = Number(timestamp);
  if (!/^\d{1,12}$/.test(timestamp)) {
    const milliseconds = number > 1e11 ? number : Date.parse(timestamp);
    const seconds = Number.isNaN(milliseconds) ? number : milliseconds / 1000;
    if (Number.isNaN(seconds)) return choices;
    return [...choices, ...[Math.floor, Math.round].map((whole) => as(whole(seconds), "seconds signed"))];
  }
  for (const away of [1, -1, 2, -2, 3, -3]) choices.push(as(number + away, "time taken twice", Math.abs(away)));
  choices.push(as(`${timestamp}000`, "milliseconds signed"));
  // The three digits that are lost; with no other guess, for they are many.
  for (let lost = 1; lost < 1000; lost += 1) {
    choices.push({ ...as(number * 1000 + lost, "milliseconds signed"), guesses: MOST_GUESSES });
  }
  return choices;
}

function bodies({ body, declaredLength, isEvent }) {
  const what = isEvent ? "body of an event" : "body";
  const others = bodySpellings(body, declaredLength).map(({ name, bytes }) => ({ ...guess(what, name), bytes }));
  return [{ ...AS_IT_SHOULD_BE, bytes: body }, ...others];
}

/** Everything in `webhook-signature` that can be read as a digest, with what is irregular about each; regular ones first. */
function digests(signature) {
  const entries = new Set([...signature.split(" "), ...signature.split(/[\s,]+(?=v\d)/), signature]);
  const read = [...entries].flatMap((entry) => {
    const bare = entry.replace(/^(["'])(.*)\1$/s, "$2");
    const [, version, rest] = /^(v1,|(?:v1|sha1|sha256|sha512)[=: ]|)(.*)$/s.exec(bare);
    const slips = [bare !== entry && slip("quotes"), version !== "v1," && slip("no version")].filter(Boolean);
    return rest ? decode(rest, slips) : [];
  });
  return read.sort((one, other) => one.slips.length - other.slips.length);
}

/**
 * A text that can be read as a digest, with what is irregular about it.
 *
 * @param {string} text without a version
 * @returns {{bytes: Buffer, hash: string, slips: Slip[]}[]}
 */
export const readDigest = (text) => decode(text, []);

function decode(text, slips) {
  if (/%[0-9A-Fa-f]{2}/.test(text)) {
    const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return decode(decoded, [...slips, slip("percent encoding")]);
  }
  const digest = (bytes, ...more) => {
    const hash = HASH_BY_LENGTH[bytes.length];
    const other = hash === "sha256" ? [] : [slip("other hash", hash)];
    return hash ? [{ bytes, hash, slips: [...slips, ...more, ...other] }] : [];
  };
  const fromHex = /^(?:[0-9a-f]{2})+$/i.test(text) ? digest(Buffer.from(text, "hex"), slip("hexadecimal")) : [];
  const bytes = Buffer.from(text, "base64");
  const irregular = [];
  if (bytes.toString("base64") !== text) {
    const digits = text.replace(/=+$/, "");
    const length = Math.ceil(digits.length / 4) * 4;
    const mended = digits.replaceAll("-", "+").replaceAll("_", "/").padEnd(length, "=");
    if (/[-_]/.test(digits)) irregular.push(slip("URL-safe base64"));
    if (text.length < length) irregular.push(slip("unpadded base64"));
    if (text.length > length || bytes.toString("base64") !== mended) irregular.push(slip("irregular base64"));
  }
  const inner = bytes.toString("latin1");
  const hexInside = /^(?:[0-9a-f]{2})+$/i.test(inner)
    ? digest(Buffer.from(inner, "hex"), ...irregular, slip("hexadecimal in base64"))
    : [];
  return [...fromHex, ...hexInside, ...digest(bytes, ...irregular)];
}

const unique = (slips) => slips.filter(({ what }, at) => slips.findIndex((other) => other.what === what) === at);

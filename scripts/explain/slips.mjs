// Why is it refused? Tries the usual slips of signing, one by one and two together, until the signature is right.
//
// In scope: the relay's rules for the three headers, and what senders do in place of them. Not in scope: where the
// request, the secret and the time come from; how it looks on a terminal (report.mjs).
//
// A slip can be seen in a header (a signature in hexadecimal) or only be guessed and tried (another text was signed).
// A guess is right when its HMAC is the one that arrived, which cannot happen by chance.
import { createHmac } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { bodySpellings } from "./body-spellings.mjs";
import { said } from "./said.mjs";

/** How far `webhook-timestamp` may be off, in seconds. */
const TOLERANCE_S = 300;
const MOST_GUESSES = 2;
const HASH_BY_LENGTH = { 20: "sha1", 32: "sha256", 64: "sha512" };

/**
 * @typedef {object} Slip
 * @property {string} name by which the texts (en.mjs, tr.mjs) know what is wrong, and what to do about it
 * @property {unknown[]} about what they are given
 */

/**
 * @typedef {object} Findings
 * @property {"right" | "explained" | "unexplained"} outcome
 * @property {Slip[]} slips all that is wrong, as far as it was found
 * @property {import("./said.mjs").Said} [remark] what may be wrong, and cannot be told from here
 * @property {number} [secret] which one made the signature, counted from 1
 * @property {Buffer} [signed] the text that the sender has signed
 * @property {Buffer} [expected] the text that the relay signs
 */

/** @returns {Slip} */
export const slip = (name, ...about) => ({ name, about });

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
 * @param {{seconds: number, what: import("./said.mjs").Said, isLatest: boolean}} received when it came, in Unix seconds, and what says so;
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
  return isRight ? [] : [slip("length", declaredLength, body.length)];
}

function clockOf(timestamp, { seconds, what, isLatest }, isEvent) {
  if (!/^\d{1,12}$/.test(timestamp)) return { slips: [] };
  const away = Math.round(Number(timestamp) - seconds);
  if (Math.abs(away) <= TOLERANCE_S) return { slips: [] };
  const offset = [TOLERANCE_S, away, zoneOf(away)];
  if (away > 0 || !isLatest) return { slips: [slip(isEvent ? "clock of an event" : "clock", ...offset, what)] };
  return { slips: [], remark: said(isEvent ? "eventMayBeLate" : "messageMayBeLate", ...offset, what) };
}

/** How many hours a clock is off, if it is as many as a time zone can make it. */
function zoneOf(seconds) {
  const size = Math.abs(seconds);
  const hours = Math.round(size / 1800) / 2;
  return hours >= 1 && hours <= 14 && Math.abs(size - hours * 3600) <= TOLERANCE_S ? hours : undefined;
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

const unique = (slips) => slips.filter((slip, at) => slips.findIndex((other) => isDeepStrictEqual(other, slip)) === at);

// JSON from outside, read strictly: one value in UTF-8, no key twice, integers apart from other numbers.
// What the value means is not decided here.

const MAX_MEMBERS = 32;
const MAX_DEPTH = 127;
const MAX_INTEGER = 2n ** 64n - 1n;
const NOT_JSON = "The body is not JSON, or is nested over 127 deep, or has half a surrogate pair.";

export class Malformed extends Error {}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function decode(bytes) {
  let text;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Malformed("The body is not UTF-8.");
  }
  if (text.charCodeAt(0) === 0xfeff) throw new Malformed("The body begins with a byte order mark; leave it out.");
  return text;
}

/** Integers from 0 to 2^64 - 1 come as BigInt, all other numbers as NaN. */
export function parse(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Malformed(NOT_JSON);
  }
  const seen = { members: 0, numbers: false };
  audit(value, 0, seen);
  // JSON.parse keeps the last of two equal keys, so fewer members come out than were written.
  if (seen.members !== membersWritten(text)) throw new Malformed("The body has an object with a key twice.");
  return seen.numbers ? JSON.parse(text, exactNumber) : value;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function audit(value, depth, seen) {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new Malformed(NOT_JSON);
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Malformed(NOT_JSON);
    seen.numbers = true;
  } else if (typeof value === "object" && value !== null) {
    if (depth === MAX_DEPTH) throw new Malformed(NOT_JSON);
    if (Array.isArray(value)) {
      for (const item of value) audit(item, depth + 1, seen);
      return;
    }
    const names = Object.keys(value);
    if (names.length > MAX_MEMBERS) throw new Malformed("The body has an object with over 32 members.");
    seen.members += names.length;
    for (const name of names) {
      if (!name.isWellFormed()) throw new Malformed(NOT_JSON);
      audit(value[name], depth + 1, seen);
    }
  }
}

/** In valid JSON a colon outside a string stands for a member. */
function membersWritten(text) {
  let members = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inString = !inString;
    else if (inString) at += code === 0x5c ? 1 : 0;
    else if (code === 0x3a) members += 1;
  }
  return members;
}

function exactNumber(_, value, { source }) {
  if (typeof value !== "number") return value;
  const integer = /^(?:0|[1-9]\d*)$/.test(source) ? BigInt(source) : -1n;
  return integer >= 0n && integer <= MAX_INTEGER ? integer : NaN;
}

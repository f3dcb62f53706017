// What was found, in words for a terminal, and the signed text byte by byte. A secret is never among its arguments.

const ROW = 16;

/** Of a message, and of an event: what each of the two texts is called, and what is left when no slip makes it right. */
const WORDS = {
  message: {
    signed: "What the sender has signed",
    expected: "What the relay signs",
    left:
      "What is left, in the order of how often it is the cause:\n" +
      "  - It was signed with another secret: one that was rotated away, or that of the other relay (test, production).\n" +
      "    npm run ping -- URL says whether the relay knows the one that you gave here.\n" +
      "  - The secret lost a character when it was copied.\n" +
      "  - Another body was signed than the one below. Print the signed text in the sender, and compare it with this one.",
  },
  event: {
    signed: "What the relay has signed",
    expected: "What is in this file",
    left:
      "It is an event of the relay's: its id begins with evt_. What is left, in the order of how often it is the cause:\n" +
      "  - The secret that you gave is not that of events, which have their own, in EVENTS_SECRETS:\n" +
      "      EVENTS_SECRET=whsec_… npm run explain -- FILE\n" +
      "    or one that was rotated away, or that of the other relay (test, production).\n" +
      "  - The body below is not the one that arrived. Write the bytes down before anything reads the JSON.",
  },
};

/**
 * @param {ReturnType<import("./slips.mjs").findSlips>} found
 * @param {object} about
 * @param {string} about.prefix `webhook-` or `svix-`: whichever headers the request has
 * @param {number} about.secretCount how many secrets were tried
 * @param {boolean} about.isEvent
 * @returns {string}
 */
export function report({ outcome, slips, remark, secret, signed, expected }, { prefix, secretCount, isEvent }) {
  const words = isEvent ? WORDS.event : WORDS.message;
  const parts = [headline(outcome, slips, remark), ...numbered(slips)];
  if (outcome === "unexplained") parts.push(words.left);
  if (remark) parts.push(remark);
  if (secret !== undefined && secretCount > 1) parts.push(`It was signed with secret ${secret} of ${secretCount}.`);
  if (signed && signed.equals(expected)) {
    parts.push(`The signed text, ${signed.length} bytes:\n${hexdump(signed)}`);
  } else if (signed) {
    const at = firstDifference(signed, expected);
    const differ = `They differ from byte ${at.toString(16).padStart(8, "0")} on, marked with >.`;
    parts.push(`${words.signed}, ${signed.length} bytes:\n${hexdump(signed, at)}`);
    parts.push(`${words.expected}, ${expected.length} bytes:\n${hexdump(expected, at)}`, differ);
  } else if (expected) {
    parts.push(`${words.expected}, ${expected.length} bytes:\n${hexdump(expected)}`);
  }
  return named(parts, prefix);
}

/**
 * What can be said without a body.
 *
 * @param {string} noBody why there is none
 * @param {import("./slips.mjs").Slip[]} slips what the headers show
 * @param {string} prefix as above
 */
export function reportWithoutBody(noBody, slips, prefix) {
  const seen = slips.length > 0 ? ["What can be seen without it:", ...numbered(slips)] : [];
  return named([`No body found, and the signature is made over the body.\n${noBody}`, ...seen], prefix);
}

const numbered = (slips) =>
  slips.map(({ what, change }, at) => `${at + 1}. ${what}\n   ${change.replaceAll("\n", "\n   ")}`);

function named(parts, prefix) {
  const text = parts.join("\n\n");
  return prefix === "webhook-" ? text : text.replaceAll(/webhook-(?=id|timestamp|signature)/g, prefix);
}

function headline(outcome, slips, remark) {
  if (outcome === "right" && remark) return "The signature is right, and the timestamp is too old to be taken.";
  if (outcome === "right") return "The signature is right, and so are the three headers.";
  if (outcome === "unexplained") return "The signature is wrong, and none of the usual slips makes it right.";
  if (slips.some(({ name }) => name === "missing")) return "It is not signed:";
  return slips.length === 1 ? "This is what is wrong:" : `These ${slips.length} are wrong together:`;
}

/**
 * Sixteen bytes a row: offset, hexadecimal, text. What is no visible ASCII character is `·`.
 *
 * @param {Buffer} bytes
 * @param {number} [mark] rows from this byte on begin with `>`
 */
export function hexdump(bytes, mark = Infinity) {
  const rows = [];
  for (let at = 0; at < Math.max(bytes.length, 1); at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    const hex = row
      .toString("hex")
      .replace(/../g, "$& ")
      .padEnd(ROW * 3);
    const text = row.toString("latin1").replace(/[^ -~]/g, "·");
    rows.push(`${at + ROW > mark ? ">" : " "} ${at.toString(16).padStart(8, "0")}  ${hex} ${text}`);
  }
  return rows.join("\n");
}

function firstDifference(one, other) {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at === -1 ? one.length : at;
}

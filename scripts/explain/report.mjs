// What was found, in words for a terminal, and the signed text byte by byte. A secret is never among its arguments.
import { say, wordsOf } from "./said.mjs";

const ROW = 16;

/**
 * @param {object} texts
 * @param {ReturnType<import("./slips.mjs").findSlips>} found
 * @param {object} about
 * @param {string} about.prefix `webhook-` or `svix-`: whichever headers the request has
 * @param {number} about.secretCount how many secrets were tried
 * @param {boolean} about.isEvent
 * @returns {string}
 */
export function report(texts, { outcome, slips, remark, secret, signed, expected }, { prefix, secretCount, isEvent }) {
  const words = isEvent ? texts.event : texts.message;
  const parts = [headline(texts, outcome, slips, remark), ...numbered(texts.slips, texts, slips)];
  if (outcome === "unexplained") parts.push(words.left);
  if (remark) parts.push(say(texts, remark));
  if (secret !== undefined && secretCount > 1) parts.push(texts.signedWith(secret, secretCount));
  if (signed && signed.equals(expected)) {
    parts.push(shown(texts.signedText, signed));
  } else if (signed) {
    const at = firstDifference(signed, expected);
    const differ = texts.differ(at.toString(16).padStart(8, "0"));
    parts.push(shown(words.signed, signed, at), shown(words.expected, expected, at), differ);
  } else if (expected) {
    parts.push(shown(words.expected, expected));
  }
  return named(parts, prefix);
}

/**
 * What can be said without a body.
 *
 * @param {object} texts
 * @param {import("./said.mjs").Said} noBody why there is none
 * @param {import("./slips.mjs").Slip[]} slips what the headers show
 * @param {string} prefix as above
 */
export function reportWithoutBody(texts, noBody, slips, prefix) {
  const seen = slips.length > 0 ? [texts.seenWithoutBody, ...numbered(texts.slips, texts, slips)] : [];
  return named([texts.noBodyFound(say(texts, noBody)), ...seen], prefix);
}

/**
 * What is wrong and what to do about it, numbered.
 *
 * @param {Record<string, (...about: unknown[]) => [what: string, change: string]>} words by the names of the slips
 * @param {object} texts
 * @param {import("./slips.mjs").Slip[]} slips
 */
export const numbered = (words, texts, slips) =>
  slips.map(({ name, about }, at) => {
    const [what, change] = words[name](...wordsOf(texts, about));
    return `${at + 1}. ${what}\n   ${change.replaceAll("\n", "\n   ")}`;
  });

const shown = (title, bytes, mark) => `${title(bytes.length)}:\n${hexdump(bytes, mark)}`;

function named(parts, prefix) {
  const text = parts.join("\n\n");
  return prefix === "webhook-" ? text : text.replaceAll(/webhook-(?=id|timestamp|signature)/g, prefix);
}

function headline(texts, outcome, slips, remark) {
  if (outcome === "right") return remark ? texts.rightButOld : texts.right;
  if (outcome === "unexplained") return texts.unexplained;
  return slips.some(({ name }) => name === "missing") ? texts.notSigned : texts.wrong(slips.length);
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

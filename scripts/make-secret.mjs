// Webhook secrets, made up.
import { randomInt } from "node:crypto";

/** A multiple of three, so that the base64 needs no padding, which tools drop. 48 of them are 285 random bits. */
const LENGTH = 48;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Makes a secret whose bytes are a text of letters and digits.
 *
 * @returns {{secret: string, text: string}} `whsec_` and the text in base64, and the text
 */
export function makeSecret() {
  const text = alphanumerics(LENGTH);
  return { secret: `whsec_${Buffer.from(text).toString("base64")}`, text };
}

/** Random letters and digits. */
export const alphanumerics = (length) => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

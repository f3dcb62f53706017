// Asking a relay: its address as people give it, a request, and a message that is signed. What goes wrong comes as an error in
// words.
//
// In scope: what every command that asks needs. Not in scope: where the secret comes from (webhook-secret.mjs), what an answer
// means (answers.mjs).
import { randomUUID } from "node:crypto";
import { isLoopback } from "../loopback.mjs";
import { signedHeaders } from "../signed-headers.mjs";
import { UsageError, UserError } from "../user-error.mjs";
import { whyNoAnswer } from "./answers.mjs";

const PATIENCE_MS = 10_000;

/**
 * Reads a relay's address, with or without /webhook or /health behind it.
 *
 * @param {object} texts
 * @param {string | undefined} text
 * @param {(address: string) => string} example how such an address is given to the command
 * @returns {URL}
 * @throws {UsageError} if it is none that a relay can have
 */
export function relayAddress(texts, text, example) {
  if (!text) throw new UsageError(texts.addressMissing(example("https://relay.example")));
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!/^https?:$/.test(url?.protocol)) throw new UsageError(texts.noAddress(text));
  if (!/^\/(?:webhook\/?|health\/?)?$/.test(url.pathname) || url.search || url.username) {
    throw new UsageError(texts.noRelaysAddress(url, example(url.origin)));
  }
  if (url.protocol === "http:" && !isLoopback(url)) throw new UsageError(texts.plainHttp(url));
  return url;
}

/**
 * Asks, and turns a connection that fails into words.
 *
 * @param {object} texts
 * @param {URL} url
 * @param {RequestInit} request
 * @param {number} [patience] milliseconds
 * @returns {Promise<{milliseconds: number, answer: import("./answers.mjs").Answer}>}
 * @throws {UserError} if there is no answer
 */
export async function ask(texts, url, request, patience = PATIENCE_MS) {
  const start = performance.now();
  try {
    const response = await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(patience) });
    const text = await response.text();
    const milliseconds = Math.round(performance.now() - start);
    return { milliseconds, answer: { status: response.status, headers: response.headers, json: parsed(text) } };
  } catch (error) {
    throw new UserError(whyNoAnswer(texts, url, error, patience));
  }
}

/**
 * Asks a relay by a signed message, under an id of its own; see {@link ask}.
 *
 * @param {object} texts
 * @param {URL} relay
 * @param {Buffer} key
 * @param {{type: string, data?: object}} message
 * @param {number} [patience] milliseconds
 */
export function askSigned(texts, relay, key, message, patience) {
  const body = JSON.stringify(message);
  const headers = signedHeaders([key], `msg_${randomUUID()}`, body);
  return ask(texts, new URL("/webhook", relay), { method: "POST", headers, body }, patience);
}

/** What is no JSON object says nothing of a relay's. */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

// The relay as a good engineer would write it by hand: plain JavaScript on WebCrypto, no package. What it is compared on
// is there, the two sends and with the ledger product links and their payments, and no more.
// `deliver(env, settings, context, verified, message)` gives the answer of a message that passed. `parsers` are those of
// further types of message, by type; `callback` answers `POST /callback`.

import { MAX_BODY_BYTES, isPlainJson, readBytes } from "./body.js";
import { contextOf, log } from "./log.js";
import {
  bodyTooLarge,
  invalidSignature,
  ledgerUnavailable,
  malformedBody,
  misconfigured,
  respond,
  staleTimestamp,
  unsupportedMediaType,
} from "./problem.js";
import { Misconfigured, settings as load } from "./settings.js";
import { parseMessage } from "./message.js";
import { verify } from "./webhook.js";

export function app(deliver, { parsers, callback } = {}) {
  return {
    async fetch(request, env) {
      const { method, url, headers } = request;
      const context = contextOf(headers);
      const start = url.indexOf("/", url.indexOf("//") + 2);
      const query = url.indexOf("?", start);
      const path = query < 0 ? url.slice(start) : url.slice(start, query);
      if (callback && path === "/callback" && method === "POST") return callback(request, env, context);
      if (path !== "/webhook" || method !== "POST") return new Response(null, { status: 404 });
      context.origin = url.slice(0, start);
      return webhook(request, env, context, deliver, parsers);
    },
  };
}

async function webhook(request, env, context, deliver, parsers) {
  const { headers } = request;
  if (!isPlainJson(headers)) return logged(context, unsupportedMediaType());
  let body;
  try {
    body = await readBytes(request, MAX_BODY_BYTES);
  } catch {
    return logged(context, malformedBody("The body ended too early."));
  }
  if (body === null) return logged(context, bodyTooLarge());
  let settings;
  try {
    settings = await load(env);
  } catch (error) {
    if (error instanceof Misconfigured) return logged(context, misconfigured(error.settings));
    throw error;
  }
  const verified = await verify(headers, body, settings.secrets);
  if (verified.error) {
    const problem = verified.stale ? staleTimestamp() : invalidSignature();
    return logged(context, { ...problem, reason: verified.error });
  }
  const { message, problem } = parseMessage(body, parsers);
  if (problem) return logged(context, problem, verified);
  try {
    return respond(await deliver(env, settings, context, verified, message));
  } catch {
    return logged(context, ledgerUnavailable(), verified, message);
  }
}

function logged(context, response, verified, message) {
  log(context, response, verified, message);
  return respond(response);
}

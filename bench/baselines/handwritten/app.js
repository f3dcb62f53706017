// The relay's two sends as a good engineer would write them by hand: plain JavaScript on WebCrypto, no package.
// `deliver(env, settings, context, verified, message)` gives the answer of a message that passed.

import { MAX_BODY_BYTES, isPlainJson, readBytes } from "../common/body.js";
import { contextOf, log } from "../common/log.js";
import {
  bodyTooLarge,
  invalidSignature,
  ledgerUnavailable,
  malformedBody,
  misconfigured,
  respond,
  staleTimestamp,
  unsupportedMediaType,
} from "../common/problem.js";
import { Misconfigured, settings as load } from "../common/settings.js";
import { parseMessage } from "./message.js";
import { verify } from "./webhook.js";

export function app(deliver) {
  return {
    async fetch(request, env) {
      const { method, url, headers } = request;
      const context = contextOf(headers);
      const start = url.indexOf("/", url.indexOf("//") + 2);
      const query = url.indexOf("?", start);
      const path = query < 0 ? url.slice(start) : url.slice(start, query);
      if (path !== "/webhook" || method !== "POST") return new Response(null, { status: 404 });
      return webhook(request, env, context, deliver);
    },
  };
}

async function webhook(request, env, context, deliver) {
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
  const { message, problem } = parseMessage(body);
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

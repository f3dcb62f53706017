// The relay as a good engineer would write it by hand: plain JavaScript on WebCrypto, no package. Routes, and the way
// of a request; `deliver(env, settings, arrival, verified, message)` gives the answer of a message that passed.

import { MAX_BODY_BYTES, isPlainJson, readBytes } from "../common/body.js";
import { arrivalOf, log } from "../common/log.js";
import { withCors } from "../common/origin.js";
import {
  bodyTooLarge,
  healthy,
  invalidSignature,
  ledgerUnavailable,
  malformedBody,
  methodNotAllowed,
  misconfigured,
  notFound,
  pong,
  preflight,
  respond,
  staleTimestamp,
  unsupportedMediaType,
} from "../common/problem.js";
import { Misconfigured, settings as load } from "../common/settings.js";
import { parseMessage } from "./message.js";
import { verify } from "./webhook.js";

export function door(deliver) {
  return {
    async fetch(request, env) {
      const { method, url, headers } = request;
      const arrival = arrivalOf(headers);
      const start = url.indexOf("/", url.indexOf("//") + 2);
      const query = url.indexOf("?", start);
      const path = query < 0 ? url.slice(start) : url.slice(start, query);
      if (path === "/webhook") {
        const response = await webhook(request, method, env, arrival, deliver);
        const origin = headers.get("origin");
        return origin === null ? response : withCors(response, method, origin, await allowedOrigins(env));
      }
      if (path !== "/health") return logged(env, arrival, notFound());
      if (method !== "GET" && method !== "HEAD") return logged(env, arrival, methodNotAllowed("GET, HEAD"));
      const { problem } = await settingsOrProblem(env);
      return problem ? logged(env, arrival, problem) : respond(healthy());
    },
  };
}

async function webhook(request, method, env, arrival, deliver) {
  if (method === "OPTIONS") return respond(preflight());
  if (method !== "POST") return logged(env, arrival, methodNotAllowed("POST, OPTIONS"));
  const { headers } = request;
  if (!isPlainJson(headers)) return logged(env, arrival, unsupportedMediaType());
  let body;
  try {
    body = await readBytes(request, MAX_BODY_BYTES);
  } catch {
    return logged(env, arrival, malformedBody("The body ended too early."));
  }
  if (body === null) return logged(env, arrival, bodyTooLarge());
  const settings = await settingsOrProblem(env);
  if (settings.problem) return logged(env, arrival, settings.problem);

  const verified = await verify(headers, body, settings.secrets);
  if (verified.refusal) {
    const problem = verified.stale ? staleTimestamp() : invalidSignature();
    return logged(env, arrival, { ...problem, reason: verified.refusal });
  }
  const { message, problem } = parseMessage(body);
  if (problem) return logged(env, arrival, problem, verified);
  if (message.type === "relay.ping") return logged(env, arrival, pong(), verified, message);
  try {
    return respond(await deliver(env, settings, arrival, verified, message));
  } catch {
    return logged(env, arrival, ledgerUnavailable(), verified, message);
  }
}

async function settingsOrProblem(env) {
  try {
    return await load(env);
  } catch (error) {
    if (error instanceof Misconfigured) return { problem: misconfigured(error.settings) };
    throw error;
  }
}

async function allowedOrigins(env) {
  return (await settingsOrProblem(env)).allowedOrigins ?? [];
}

function logged(env, arrival, answer, verified, message) {
  log(env, arrival, answer, verified, message);
  return respond(answer);
}

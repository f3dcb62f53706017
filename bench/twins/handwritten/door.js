// The relay as a good engineer would write it by hand: plain JavaScript on WebCrypto, no package. Routes, and the way
// of a request; `deliver(env, settings, verified, message)` gives the answer of a message that passed.

import { MAX_BODY_BYTES, isPlainJson, readBytes } from "../common/body.js";
import { log } from "../common/log.js";
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
      const { method, url } = request;
      const start = url.indexOf("/", url.indexOf("//") + 2);
      const query = url.indexOf("?", start);
      const path = query < 0 ? url.slice(start) : url.slice(start, query);
      if (path === "/webhook") {
        const response = await webhook(request, method, env, deliver);
        const origin = request.headers.get("origin");
        return origin === null ? response : withCors(response, method, origin, await allowedOrigins(env));
      }
      if (path !== "/health") return refuse(notFound());
      if (method !== "GET" && method !== "HEAD") return refuse(methodNotAllowed("GET, HEAD"));
      const { problem } = await settingsOrProblem(env);
      return problem ? refuse(problem) : respond(healthy());
    },
  };
}

async function webhook(request, method, env, deliver) {
  if (method === "OPTIONS") return respond(preflight());
  if (method !== "POST") return refuse(methodNotAllowed("POST, OPTIONS"));
  const { headers } = request;
  if (!isPlainJson(headers)) return refuse(unsupportedMediaType());
  let body;
  try {
    body = await readBytes(request, MAX_BODY_BYTES);
  } catch {
    return refuse(malformedBody("The body ended too early."));
  }
  if (body === null) return refuse(bodyTooLarge());
  const settings = await settingsOrProblem(env);
  if (settings.problem) return refuse(settings.problem);

  const verified = await verify(headers, body, settings.secrets);
  if (verified.refusal) {
    const problem = verified.stale ? staleTimestamp() : invalidSignature();
    return refuse({ ...problem, reason: verified.refusal });
  }
  const { webhookId, secret } = verified;
  const { message, problem } = parseMessage(body);
  if (problem) return refuse(problem, webhookId, secret);
  try {
    return respond(await deliver(env, settings, verified, message));
  } catch {
    return refuse(ledgerUnavailable(), webhookId, secret);
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

function refuse(problem, webhookId, secret) {
  log(problem, webhookId, secret);
  return respond(problem);
}

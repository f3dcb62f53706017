// The relay as most would write it: Hono routes, `standardwebhooks` verifies, zod parses.

import { Hono } from "hono";
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
  staleTimestamp,
  unsupportedMediaType,
} from "../common/problem.js";
import { Misconfigured, settings as load } from "../common/settings.js";
import { parseMessage } from "./message.js";
import { verify } from "./webhook.js";

export function app(deliver) {
  const app = new Hono();

  app.use("/webhook", async (c, next) => {
    await next();
    const origin = c.req.header("origin");
    if (origin === undefined) return;
    c.res = withCors(c.res, c.req.method, origin, await allowedOrigins(c.env));
  });

  app.options("/webhook", (c) => answer(c, preflight()));
  app.post("/webhook", async (c) => {
    if (!isPlainJson(c.req.raw.headers)) return refuse(c, unsupportedMediaType());
    let body;
    try {
      body = await readBytes(c.req.raw, MAX_BODY_BYTES);
    } catch {
      return refuse(c, malformedBody("The body ended too early."));
    }
    if (body === null) return refuse(c, bodyTooLarge());
    const settings = await load(c.env);
    const verified = verify(c.req.raw.headers, body, settings.secretTexts);
    if (verified.refusal) {
      return refuse(c, { ...(verified.stale ? staleTimestamp() : invalidSignature()), reason: verified.refusal });
    }
    const { message, problem } = parseMessage(verified);
    if (problem) return refuse(c, problem, verified);
    try {
      return answer(c, await deliver(c.env, settings, verified, message));
    } catch {
      return refuse(c, ledgerUnavailable(), verified);
    }
  });
  app.all("/webhook", (c) => refuse(c, methodNotAllowed("POST, OPTIONS")));

  app.get("/health", async (c) => {
    await load(c.env);
    return answer(c, healthy());
  });
  app.all("/health", (c) => refuse(c, methodNotAllowed("GET, HEAD")));

  app.notFound((c) => refuse(c, notFound()));
  app.onError((error, c) => {
    if (error instanceof Misconfigured) return refuse(c, misconfigured(error.settings));
    throw error;
  });
  return app;
}

async function allowedOrigins(env) {
  try {
    return (await load(env)).allowedOrigins;
  } catch {
    return [];
  }
}

function answer(c, { status, headers, body }) {
  return c.body(body, status, headers);
}

function refuse(c, problem, verified) {
  log(problem, verified?.webhookId, verified?.secret);
  return answer(c, problem);
}

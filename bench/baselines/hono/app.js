// The relay as most would write it: Hono routes, `standardwebhooks` verifies, zod parses.

import { Hono } from "hono";
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
  staleTimestamp,
  unsupportedMediaType,
} from "../common/problem.js";
import { Misconfigured, settings as load } from "../common/settings.js";
import { parseMessage } from "./message.js";
import { verify } from "./webhook.js";

export function app(deliver) {
  const app = new Hono();

  app.use((c, next) => {
    c.set("arrival", arrivalOf(c.req.raw.headers));
    return next();
  });
  app.use("/webhook", async (c, next) => {
    await next();
    const origin = c.req.header("origin");
    if (origin === undefined) return;
    c.res = withCors(c.res, c.req.method, origin, await allowedOrigins(c.env));
  });

  app.options("/webhook", (c) => answer(c, preflight()));
  app.post("/webhook", async (c) => {
    if (!isPlainJson(c.req.raw.headers)) return logged(c, unsupportedMediaType());
    let body;
    try {
      body = await readBytes(c.req.raw, MAX_BODY_BYTES);
    } catch {
      return logged(c, malformedBody("The body ended too early."));
    }
    if (body === null) return logged(c, bodyTooLarge());
    const settings = await load(c.env);
    const verified = verify(c.req.raw.headers, body, settings.secretTexts);
    if (verified.refusal) {
      return logged(c, { ...(verified.stale ? staleTimestamp() : invalidSignature()), reason: verified.refusal });
    }
    const { message, problem } = parseMessage(verified);
    if (problem) return logged(c, problem, verified);
    if (message.type === "relay.ping") return logged(c, pong(), verified, message);
    try {
      return answer(c, await deliver(c.env, settings, c.get("arrival"), verified, message));
    } catch {
      return logged(c, ledgerUnavailable(), verified, message);
    }
  });
  app.all("/webhook", (c) => logged(c, methodNotAllowed("POST, OPTIONS")));

  app.get("/health", async (c) => {
    await load(c.env);
    return answer(c, healthy());
  });
  app.all("/health", (c) => logged(c, methodNotAllowed("GET, HEAD")));

  app.notFound((c) => logged(c, notFound()));
  app.onError((error, c) => {
    if (error instanceof Misconfigured) return logged(c, misconfigured(error.settings));
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

function logged(c, answered, verified, message) {
  log(c.env, c.get("arrival"), answered, verified, message);
  return answer(c, answered);
}

// The relay's two sends as most would write them: Hono routes, `standardwebhooks` verifies, zod parses.

import { Hono } from "hono";
import { MAX_BODY_BYTES, isPlainJson, readBytes } from "../common/body.js";
import { contextOf, log } from "../common/log.js";
import {
  bodyTooLarge,
  invalidSignature,
  ledgerUnavailable,
  malformedBody,
  misconfigured,
  staleTimestamp,
  unsupportedMediaType,
} from "../common/problem.js";
import { Misconfigured, settings as load } from "../common/settings.js";
import { parseMessage } from "./message.js";
import { verify } from "./webhook.js";

export function app(deliver) {
  const app = new Hono();

  app.use((c, next) => {
    c.set("context", contextOf(c.req.raw.headers));
    return next();
  });

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
    if (verified.error) {
      return logged(c, { ...(verified.stale ? staleTimestamp() : invalidSignature()), reason: verified.error });
    }
    const { message, problem } = parseMessage(verified);
    if (problem) return logged(c, problem, verified);
    try {
      return respond(c, await deliver(c.env, settings, c.get("context"), verified, message));
    } catch {
      return logged(c, ledgerUnavailable(), verified, message);
    }
  });

  app.onError((error, c) => {
    if (error instanceof Misconfigured) return logged(c, misconfigured(error.settings));
    throw error;
  });
  return app;
}

function respond(c, { status, headers, body }) {
  return c.body(body, status, headers);
}

function logged(c, response, verified, message) {
  log(c.get("context"), response, verified, message);
  return respond(c, response);
}

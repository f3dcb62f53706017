// Is it signed, and fresh? The package's `verify`, behind the header grammar that it does not check itself.

import { Webhook, WebhookVerificationError } from "standardwebhooks";
import * as z from "zod";
import { Malformed, decode } from "../common/json.js";

const header = z.string({ error: "header missing" }).min(1, "header missing").max(4096, "header too long");
const Headers = z.object({
  "webhook-id": header.regex(/^[!-+\-/-~]{1,256}$/, "bad webhook-id"),
  "webhook-timestamp": header.regex(/^[1-9]\d{0,11}$/, "bad webhook-timestamp"),
  "webhook-signature": header
    .refine((value) => !value.includes(", "), "webhook-signature given twice")
    .refine((value) => value.split(" ").length <= 16, "too many signatures"),
});

let webhooks;

/** `{webhookId, secret, text}`, `{malformed}`, or `{error}`: the reason, for the log alone. */
export function verify(given, body, secretTexts) {
  // The setting never changes in an isolate.
  webhooks ??= secretTexts.map((secret) => new Webhook(secret));
  const parsed = Headers.safeParse({
    "webhook-id": given.get("webhook-id") ?? undefined,
    "webhook-timestamp": given.get("webhook-timestamp") ?? undefined,
    "webhook-signature": given.get("webhook-signature") ?? undefined,
  });
  if (!parsed.success) return { error: parsed.error.issues[0].message };
  const headers = parsed.data;
  let text;
  try {
    text = decode(body);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    // The package signs text alone, so nobody can have signed this with it.
    return { malformed: error.message };
  }
  let stale = false;
  let secret = 0;
  for (let number = webhooks.length; number > 0; number -= 1) {
    const webhook = webhooks[number - 1];
    try {
      webhook.verify(text, headers, { jsonParse: false });
      secret = number;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      stale ||= error.message.startsWith("Message timestamp") && signs(webhook, text, headers);
    }
  }
  if (secret > 0) return { webhookId: headers["webhook-id"], secret, text };
  return { error: stale ? "timestamp too far off" : "no signature matches a secret", stale };
}

/** The package looks at the age first; only a signed timestamp may be called stale. */
function signs(webhook, text, headers) {
  const expected = webhook.sign(headers["webhook-id"], new Date(Number(headers["webhook-timestamp"]) * 1000), text);
  return headers["webhook-signature"].split(" ").includes(expected);
}

// Every error and every response of the two sends: status, code, headers and JSON body, and what the log alone gets.

const PHRASES = {
  400: "Bad Request",
  401: "Unauthorized",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export const CAUSES = {
  "timed-out": "PayTR did not answer in time.",
  "connection-lost": "The connection to PayTR broke before it had answered.",
  "not-understood": "PayTR did not answer in its own format.",
  interrupted: "The relay was interrupted while PayTR was being asked.",
};

export const JSON_HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
const PROBLEM_HEADERS = { ...JSON_HEADERS, "content-type": "application/problem+json" };

export function problem(status, code, detail, more, headers) {
  const body = JSON.stringify({ status, title: PHRASES[status], code, detail, ...more });
  return { status, code, headers: headers ? { ...PROBLEM_HEADERS, ...headers } : PROBLEM_HEADERS, body };
}

export const malformedBody = (detail) => problem(400, "malformed-body", detail);

export const invalidSignature = () =>
  problem(
    401,
    "invalid-signature",
    "The webhook headers do not sign this body with a secret of this relay. Send webhook-id, webhook-timestamp and " +
      "webhook-signature once each, and sign the exact bytes of the body.",
  );

export const staleTimestamp = () =>
  problem(
    401,
    "stale-timestamp",
    "webhook-timestamp is more than 300 seconds off. Set the clock right, sign each try anew, and keep its webhook-id.",
  );

export const inProgress = (seconds) =>
  problem(
    409,
    "in-progress",
    `This message is being sent right now. Ask again with the same webhook-id after ${seconds} s at the latest to ` +
      "learn how it ended.",
    undefined,
    { "retry-after": String(seconds) },
  );

export const bodyTooLarge = () => problem(413, "body-too-large", "The body is over 16384 bytes.");

export const unsupportedMediaType = () =>
  problem(
    415,
    "unsupported-media-type",
    "Send content-type: application/json in UTF-8, without a content-encoding.",
  );

export const invalidField = (errors) =>
  problem(422, "invalid-field", "Nothing was sent. Change the fields listed under errors.", { errors });

export const unknownType = () =>
  problem(422, "unknown-type", "Nothing was sent. The known types are link.send_sms, link.send_email and relay.ping.");

export const webhookIdReused = () =>
  problem(
    422,
    "webhook-id-reused",
    "Nothing was sent. This webhook-id already stands for another message to this recipient. A new message takes a " +
      "new webhook-id.",
  );

export const recipientLimit = (seconds) =>
  problem(
    429,
    "recipient-limit",
    "Nothing was sent. This recipient has had as many messages as SEND_LIMITS allows; the next one may go out in " +
      `${seconds} s.`,
    undefined,
    { "retry-after": String(seconds) },
  );

export const misconfigured = (settings) => ({
  ...problem(
    500,
    "misconfigured",
    settings.reduce((text, { name, detail }) => `${text} ${name} ${detail}.`, "Nothing was sent."),
    { settings },
  ),
  reason: settings[0].name,
});

export const ledgerUnavailable = () =>
  problem(
    503,
    "ledger-unavailable",
    "The relay's ledger did not answer. Ask again with the same webhook-id: what has gone out is not sent twice.",
  );

/** What the log says of asking PayTR, which began at `askedAt`. */
export const asked = ({ httpStatus }, askedAt) => ({
  paytrHttpStatus: httpStatus,
  paytrMs: Math.max(0, Date.now() - askedAt),
});

/** The response to a send that ended: `{state, reason}` as the ledger keeps it. */
export function ended(webhookId, { state, reason }) {
  if (state === "sent") {
    const body = JSON.stringify({ outcome: "sent", webhook_id: webhookId, paytr: { status: "success" } });
    return { status: 200, code: "sent", headers: JSON_HEADERS, body, paytrStatus: "success" };
  }
  if (state === "error" || state === "failed") {
    const detail =
      "PayTR did not send the link; its words are under paytr. A new try takes a new webhook-id.";
    return { ...problem(422, "paytr-rejected", detail, { paytr: { status: state, reason } }), paytrStatus: state };
  }
  const detail =
    `${CAUSES[state]} The message may or may not have gone out, and the relay does not send it again. Ask the ` +
    "customer before you send it anew, which takes a new webhook-id.";
  const response = problem(state === "timed-out" ? 504 : 502, "outcome-unknown", detail, { resend_safe: false });
  return { ...response, reason: state };
}

export function replayed(response) {
  return { ...response, headers: { ...response.headers, "idempotency-replayed": "true" }, replayed: true };
}

export function respond({ status, headers, body }) {
  return new Response(body, { status, headers });
}

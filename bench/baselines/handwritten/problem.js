// Every error and every response of a send: status, code, JSON body and what the headers say, and what the log alone gets.

const TITLES = {
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

/** Made once: making them anew would cost with every answer. */
const HEADERS = new Headers({
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
});
const PROBLEM_HEADERS = new Headers(HEADERS);
PROBLEM_HEADERS.set("content-type", "application/problem+json");

export function problem(status, code, detail, more) {
  return { status, code, body: JSON.stringify({ status, title: TITLES[status], code, detail, ...more }) };
}

export const malformedBody = (detail) => problem(400, "malformed-body", detail);

export const invalidSignature = () =>
  problem(401, "invalid-signature", "The webhook headers do not sign this body with a secret of this relay. Sign the exact bytes.");

export const staleTimestamp = () =>
  problem(401, "stale-timestamp", "webhook-timestamp is more than 300 seconds off. Set the clock right and sign each try anew.");

export const inProgress = (seconds) =>
  wait(409, "in-progress", seconds, `This message is being sent right now. Ask again with the same webhook-id after ${seconds} s.`);

export const bodyTooLarge = () => problem(413, "body-too-large", "The body is over 16384 bytes.");

export const unsupportedMediaType = () =>
  problem(415, "unsupported-media-type", "Send content-type: application/json in UTF-8, without a content-encoding.");

export const invalidField = (errors) =>
  problem(422, "invalid-field", "Nothing was sent. Change the fields listed under errors.", { errors });

export const unknownType = () => problem(422, "unknown-type", "Nothing was sent. The type is none that is known.");

export const webhookIdReused = () =>
  problem(422, "webhook-id-reused", "Nothing was sent. This webhook-id already stands for another message. Take a new one.");

export const recipientLimit = (seconds) =>
  wait(429, "recipient-limit", seconds, `Nothing was sent. This recipient has had enough; the next message may go out in ${seconds} s.`);

export const misconfigured = (settings) => {
  const details = settings.map(({ name, detail }) => `${name} ${detail}.`);
  return { ...problem(500, "misconfigured", ["Nothing was sent.", ...details].join(" "), { settings }), reason: settings[0].name };
};

export const ledgerUnavailable = () =>
  wait(503, "ledger-unavailable", 1, "The ledger did not answer. Ask again with the same webhook-id: nothing is sent twice.");

function wait(status, code, seconds, detail) {
  return { ...problem(status, code, detail), retryAfter: seconds };
}

/** What the log says of asking PayTR, which began at `askedAt`. */
export const asked = ({ httpStatus }, askedAt) => ({
  paytrHttpStatus: httpStatus,
  paytrMs: Math.max(0, Date.now() - askedAt),
});

/** The response to a send that ended: `{state, reason}` as the ledger keeps it. */
export function ended(webhookId, { state, reason }) {
  if (state === "sent") {
    const body = JSON.stringify({ outcome: "sent", webhook_id: webhookId, paytr: { status: "success" } });
    return { status: 200, code: "sent", body, paytrStatus: "success" };
  }
  if (state === "error" || state === "failed") {
    const detail = "PayTR did not send the link; its words are under paytr. A new try takes a new webhook-id.";
    return { ...problem(422, "paytr-rejected", detail, { paytr: { status: state, reason } }), paytrStatus: state };
  }
  const detail = `${CAUSES[state]} The message may have gone out, and is not sent again. A new try takes a new webhook-id.`;
  const response = problem(state === "timed-out" ? 504 : 502, "outcome-unknown", detail, { resend_safe: false });
  return { ...response, reason: state };
}

export const replayed = (response) => ({ ...response, replayed: true });

/** What an object hands to the Worker that makes the response: no more than that needs. */
export const toHandOver = ({ status, body, retryAfter, replayed }) => ({ status, body, retryAfter, replayed });

export function respond({ status, body, retryAfter, replayed }) {
  const headers = status === 200 ? HEADERS : PROBLEM_HEADERS;
  const response = new Response(body, { status, headers });
  if (retryAfter) response.headers.set("retry-after", String(retryAfter));
  if (replayed) response.headers.set("idempotency-replayed", "true");
  return response;
}

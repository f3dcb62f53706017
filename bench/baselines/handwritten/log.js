// The line of the log that every message and every refusal gets: constant words, numbers and, once the signature
// holds, the message's id and its recipient, masked.

const RAY = /^[0-9a-f]{16}(?:-[A-Z]{3})?$/;
const NUMBER = /5(?:[^A-Za-z\d]*\d){9}/;
/** A time from 2023 to 2033 in which no number begins with 05. */
const MILLISECONDS = /(?<!\d)(?!\d*05)1[789]\d{11}(?!\d)/g;
const OUTCOMES = {
  sent: "sent",
  created: "created",
  stored: "stored",
  repeated: "repeated",
  "paytr-rejected": "rejected",
  "outcome-unknown": "unknown",
  "ledger-unavailable": "unknown",
};

/** What is known of a request before it is read. Its id is Cloudflare's, unless the header cannot be. */
export function contextOf(headers) {
  const ray = headers.get("cf-ray");
  return { requestId: ray !== null && RAY.test(ray) ? ray : crypto.randomUUID(), at: Date.now() };
}

/** `webhookId` and `secret` only once the signature holds, a message only once it is one. */
export function log({ requestId, at }, response, { webhookId, secret } = {}, { type, id, callbackId, recipient } = {}) {
  const { status, code, reason, paytrStatus, paytrHttpStatus, paytrMs, replayed } = response;
  const outcome = OUTCOMES[code] ?? "refused";
  const line = JSON.stringify({
    request_id: requestId,
    webhook_id: webhookId && looksLikePersonalData(webhookId) ? "[redacted]" : webhookId,
    type,
    link_id: id,
    callback_id: callbackId,
    recipient: recipient && masked(recipient),
    outcome,
    status,
    code,
    reason,
    paytr_status: paytrStatus,
    paytr_http_status: paytrHttpStatus,
    paytr_ms: paytrMs,
    total_ms: Math.max(0, Date.now() - at),
    replayed,
    secret,
  });
  if (status >= 500) console.error(line);
  else console.log(line);
}

/** Whether a text looks as if it held an address or a Turkish mobile number, however it is grouped. */
function looksLikePersonalData(text) {
  return text.includes("@") || NUMBER.test(text.replace(MILLISECONDS, "t"));
}

/** `05*******67`, `m***@e***.com` */
function masked(recipient) {
  const at = recipient.indexOf("@");
  if (at < 0) return `05*******${recipient.slice(9)}`;
  return `${recipient[0]}***@${recipient[at + 1]}***${recipient.slice(recipient.lastIndexOf("."))}`;
}

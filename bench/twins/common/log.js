// One line of the log for every request: JSON of constant words, numbers and, once the signature holds, its id.

/** `webhookId` and `secret` only once the signature holds. */
export function log({ status, code, reason, replayed }, webhookId, secret) {
  const line = JSON.stringify({
    status,
    code,
    reason,
    webhook_id: webhookId && mayHoldRecipient(webhookId) ? "[redacted]" : webhookId,
    secret,
    replayed,
  });
  if (status >= 500) console.error(line);
  else console.log(line);
}

/** Whether a text looks as if it held an address or a Turkish mobile number, however it is grouped. */
function mayHoldRecipient(text) {
  return text.includes("@") || /5(?:[-_():/]*\d){9}/.test(text);
}

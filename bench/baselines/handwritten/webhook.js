// Is it signed, and fresh? Standard Webhooks 1.0.0, read strictly, on WebCrypto.

const MAX_HEADER_CHARS = 4096;
const MAX_SIGNATURES = 16;
const TOLERANCE_SECONDS = 300;
const ID = /^[!-+\-/-~]{1,256}$/;
const TIMESTAMP = /^[1-9]\d{0,11}$/;

const encoder = new TextEncoder();

/** `{webhookId, secret}`, or `{error}`: the reason, for the log alone. */
export async function verify(headers, body, secrets) {
  const webhookId = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp");
  const signature = headers.get("webhook-signature");
  for (const header of [webhookId, timestamp, signature]) {
    if (!header) return { error: "header missing" };
    if (header.length > MAX_HEADER_CHARS) return { error: "header too long" };
  }
  if (!ID.test(webhookId)) return { error: "bad webhook-id" };
  if (!TIMESTAMP.test(timestamp)) return { error: "bad webhook-timestamp" };
  if (signature.includes(", ")) return { error: "webhook-signature given twice" };
  const entries = signature.split(" ");
  if (entries.length > MAX_SIGNATURES) return { error: "too many signatures" };
  const tags = entries.map(parseSignature).filter((tag) => tag !== null);
  if (tags.length === 0) return { error: "no well-formed v1 signature" };

  const prefix = encoder.encode(`${webhookId}.${timestamp}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  // Every secret is tried with every entry: stopping early would tell by the clock which one it was.
  let secret = 0;
  for (let number = secrets.length; number > 0; number -= 1) {
    for (const tag of tags) {
      if (await crypto.subtle.verify("HMAC", secrets[number - 1], tag, signed)) secret = number;
    }
  }
  if (secret === 0) return { error: "no signature matches a secret" };
  if (Math.abs(Number(timestamp) - Math.floor(Date.now() / 1000)) > TOLERANCE_SECONDS) {
    return { error: "timestamp too far off", stale: true };
  }
  return { webhookId, secret };
}

function parseSignature(entry) {
  if (!entry.startsWith("v1,") || entry.length !== 47) return null;
  try {
    const tag = Uint8Array.fromBase64(entry.slice(3), { lastChunkHandling: "strict" });
    return tag.length === 32 ? tag : null;
  } catch {
    return null;
  }
}

const BODY = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}';

/**
 * A command for sh, bash and zsh that signs a message as Standard Webhooks says and posts it. It signs when it runs,
 * under a new webhook-id, so it can be run again and never goes stale.
 *
 * @param {string} url the relay's webhook
 * @param {Buffer} key the webhook secret, decoded
 */
export function signedCurl(url, key) {
  return `(
body='${BODY}'
id=msg_$(openssl rand -hex 12)
now=$(date +%s)
key=${key.toString("hex")}
sig=$(printf %s "$id.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | openssl base64)
curl -sS -w '\\n' ${url} -H 'content-type: application/json' -d "$body" \\
  -H "webhook-id: $id" -H "webhook-timestamp: $now" -H "webhook-signature: v1,$sig"
)`;
}

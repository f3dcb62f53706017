// Signing as Standard Webhooks 1.0.0 says.
import { createHmac } from "node:crypto";

/**
 * The headers of a JSON body that is posted now.
 *
 * @param {Buffer[]} keys each signs it, as where secrets are rotated
 * @param {string} id the `webhook-id`
 * @param {string} body
 */
export function signedHeaders(keys, id, body) {
  const timestamp = Math.floor(Date.now() / 1000);
  const signatures = keys.map((key) => createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64"));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": `${timestamp}`,
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  };
}

// Posts a signed message with Node's fetch, with one slip that people make in JavaScript.
import { createHmac } from "node:crypto";

const { RELAY_URL, WEBHOOK_SECRET } = process.env;
const slip = process.argv[2];
const message = { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: "0532 123 45 67" } };
const encoded = WEBHOOK_SECRET.replace("whsec_", "");

const id = slip === "dot in the id" ? "order.1001" : "msg_node";
const timestamp = slip === "milliseconds" ? Date.now() : Math.floor(Date.now() / 1000);
const key =
  {
    "secret as text": WEBHOOK_SECRET,
    "secret without its prefix as text": encoded,
    atob: atob(encoded),
  }[slip] ?? Buffer.from(encoded, "base64");
const signedBody =
  {
    "object in a text": `${message}`,
    "indented JSON": JSON.stringify(message, null, 2),
  }[slip] ?? JSON.stringify(message);
const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${signedBody}`);
const signature = mac.digest(slip === "base64url" ? "base64url" : "base64");

await fetch(`${RELAY_URL}/webhook`, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": `${timestamp}`,
    "webhook-signature": slip === "no version" ? signature : `v1,${signature}`,
  },
  body: JSON.stringify(message),
});

// Posts a signed message with Node's fetch. The argument is code that spoils what was right until then.
import { createHmac } from "node:crypto";

const { RELAY_URL, WEBHOOK_SECRET } = process.env;
const message = { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: "0532 123 45 67" } };
const encoded = WEBHOOK_SECRET.replace("whsec_", "");

let id = "msg_node";
let timestamp = Math.floor(Date.now() / 1000);
let key = Buffer.from(encoded, "base64");
let signedBody = JSON.stringify(message);
let encoding = "base64";
let version = "v1,";
eval(process.argv[2]);
const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${signedBody}`);

await fetch(`${RELAY_URL}/webhook`, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": `${timestamp}`,
    "webhook-signature": version + mac.digest(encoding),
  },
  body: JSON.stringify(message),
});

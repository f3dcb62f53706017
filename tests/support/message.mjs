// Messages to a relay, signed as the published library does it.
import { Webhook } from "standardwebhooks";
import { SECRET } from "./secrets.mjs";

let count = 0;

/** Posts a message under this id, or any new one, and resolves with the answer's status and the members of its JSON. */
export async function post(relay, message, id = `msg_any_${(count += 1)}`, path = "/webhook") {
  const [body, now] = [JSON.stringify(message), new Date()];
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(now / 1000)}`,
    "webhook-signature": new Webhook(SECRET).sign(id, now, body),
  };
  const answer = await fetch(relay + path, { method: "POST", headers, body });
  return { ...(await answer.json()), status: answer.status };
}

/** Posts one that must be answered 200. */
export async function ask(...message) {
  const { status, ...json } = await post(...message);
  if (status !== 200) throw new Error(`HTTP ${status}: ${JSON.stringify(json)}`);
  return json;
}

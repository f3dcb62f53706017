// The message that the page posts, signed: which link, by which channel, to whom, and under which id.
//
// In scope: the exact bytes, and the id that makes one press of the button one message. Not in scope: who may ask for
// it (shop.mjs), and whether number or address are right: the relay says so, and there is one judge, not two.
import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { canonical } from "./page/recipient.js";

const FIELDS = { sms: "cell_phone", email: "email" };

/** The channels there are. */
export const CHANNELS = Object.keys(FIELDS);

/**
 * One press of the button, however often it is asked for, is one id, so the relay sends it once: on a double click, a
 * retry, a reload, another spelling of the same number. Link and recipient are in it, so that the same press can never
 * stand for another message.
 */
export function webhookId({ order, press, channel, recipient }) {
  const named = JSON.stringify([order.number, order.linkId, press, channel, canonical(channel, recipient)]);
  return `msg_${createHash("sha256").update(named).digest("hex").slice(0, 40)}`;
}

/**
 * What the page posts verbatim: `{ url, headers, body }`. Good for five minutes from `now` on; the page asks for a new
 * one after that, which has the same id.
 */
export function sign({ relayUrl, secret, order, press, channel, recipient, now = new Date() }) {
  const id = webhookId({ order, press, channel, recipient });
  const body = JSON.stringify({
    type: `link.send_${channel}`,
    data: { id: order.linkId, [FIELDS[channel]]: recipient },
  });
  return {
    url: new URL("/webhook", relayUrl).href,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(id, now, body),
    },
    body,
  };
}

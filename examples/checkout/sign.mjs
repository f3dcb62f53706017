// The message that sends an order's link once more, signed: which link, by which channel, to whom, and under which id.
//
// In scope: the exact bytes, and the id that makes one press of the button one message. Not in scope: who may ask for
// it (shop.mjs, staff.mjs), and whether number or address are right: the relay says so, and there is one judge, not two.
import { createHash } from "node:crypto";
import { sendMessage, signMessage } from "../send.mjs";
import { canonical } from "./page/recipient.js";

/**
 * One press of the button, however often it is asked for, is one id, so the relay sends it once: on a double click, a
 * retry, a reload, another spelling of the same number. Link and recipient are in it, so that the same press can never
 * stand for another message.
 */
export function webhookId({ order, press, channel, recipient }) {
  const named = JSON.stringify([order.number, order.link.id, press, channel, canonical(channel, recipient)]);
  return `msg_${createHash("sha256").update(named).digest("hex").slice(0, 40)}`;
}

/**
 * What the page posts verbatim: `{ url, headers, body }`. Good for five minutes from `now` on; the page asks for a new
 * one after that, which has the same id.
 */
export function sign({ relay, order, press, channel, recipient, now }) {
  const id = webhookId({ order, press, channel, recipient });
  return signMessage(relay, id, sendMessage(channel, order.link.id, recipient), now);
}

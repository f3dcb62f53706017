// The link of an order, made through the relay: one per order, whatever breaks.
//
// In scope: asking until there is an answer, and what the answer means for the order. Not in scope: one message's signature
// and retries (../send.mjs). The message's id comes from the order's number, so that asking again, in this run of the shop
// or in the next, gives the same link.
import { setTimeout as sleep } from "node:timers/promises";
import { FIELDS, createLink } from "../send.mjs";
import { total } from "./orders.mjs";

const PAUSE_MS = 5000;
/** How long after the order its link can be paid. */
const EXPIRES_AFTER_MS = 7 * 24 * 60 * 60 * 1000;
/** After these, asking again gives the same answer, until a person has mended the cause. */
const FINAL = ["paytr-rejected", "invalid-field", "webhook-id-reused"];

/** Makes the function that has an order's link made, and resolves once it is, or never will be. */
export function linkMaker({ orders, relay }) {
  const underWay = new Set();
  return async (order) => {
    if (order.link || order.refusal || underWay.has(order.number)) return;
    underWay.add(order.number);
    while (!(order.link || order.refusal)) await make(order).catch((error) => putOff(order, error));
    underWay.delete(order.number);
  };

  async function make(order) {
    try {
      const { webhook_id: id, link, sends = [], leftOut } = await createLink(linkData(order), relay);
      for (const { outcome, paytr, retry_after: seconds } of sends) {
        orders.keepMessage(order, { id, by: "order", ...order.send, outcome, reason: paytr?.reason, ...until(seconds) });
      }
      if (leftOut.length > 0) {
        // Whether a number is one, the relay says. The order gets its link all the same.
        orders.keepMessage(order, { id: `invalid-${order.number}`, by: "order", ...order.send, outcome: "invalid" });
      }
      orders.change(order, { link: { id: link.id, url: link.url, callbackId: link.callback_id } });
    } catch (error) {
      const { json } = error.cause ?? {};
      if (!FINAL.includes(json?.code)) throw error;
      orders.change(order, { refusal: json.paytr?.reason ?? json.detail });
    }
  }
}

const until = (seconds) => (seconds ? { waitUntil: Date.now() + seconds * 1000 } : {});

/** The data of `link.create`: the same for the same order, whenever it is asked for. */
function linkData({ number, lang, send, placedAt, ...order }) {
  return {
    name: `${lang === "tr" ? "Sipariş" : "Order"} ${number}`,
    price: total(order),
    lang,
    reference: number,
    expiry_date: new Date(placedAt + EXPIRES_AFTER_MS).toISOString(),
    send: send && { [FIELDS[send.channel]]: send.recipient },
  };
}

/** No answer, or one that another time may be better: the customer waits, and need not do anything. */
async function putOff(order, error) {
  console.error(`The link of order ${order.number} is not made yet: ${error.message}`);
  await sleep(PAUSE_MS, undefined, { ref: false });
}

// What the shop's staff sees and does: orders with what the relay knows of their links, and messages that a person asks for.
//
// In scope: `link.get` to look, `link.send_…`, `link.delete` and `event.replay`, signed here, and to ask again for a link that
// PayTR refused. Not in scope: who is staff. A real shop has a login for that; until then nobody gets in but this machine's
// own browsers.
import { randomUUID } from "node:crypto";
import { ask, sendMessage } from "../send.mjs";
import { openReviews, stateOf, total } from "./orders.mjs";
import { isPress, json, readJson } from "./requests.mjs";
import { webhookId } from "./sign.mjs";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const ASK_AGAIN = [409, 503];
/** A person waits for the answer, and can press again. */
const TRIES = 2;
/** What the relay's answer means for a message. */
const OUTCOMES = {
  "paytr-rejected": "rejected", "recipient-limit": "limited", "invalid-field": "invalid",
  "outcome-unknown": "unknown", "in-progress": "unknown", "no-answer": "unknown",
};

/** The rows of shop.mjs's table of routes that are the staff's. */
export function staffRoutes({ relay, orders, makeLink, mishaps, ofOrder }) {
  /** What the relay says, with `outcome` or `code`: `no-answer` is said here. */
  async function tell(message, id = `msg_${randomUUID()}`) {
    try {
      const { json, retryAfter } = await ask(relay, id, message, ASK_AGAIN, TRIES);
      return { ...json, seconds: retryAfter || undefined };
    } catch {
      return { code: "no-answer" };
    }
  }

  const ACTIONS = {
    /** Once more to whom it went before: a new press, so a new id, on purpose. */
    async send(order, { press, message: earlier }) {
      const { channel, recipient } = order.messages.find(({ id }) => id === earlier) ?? {};
      if (!recipient || !order.link || !isPress(press)) return { code: "malformed" };
      const id = webhookId({ order, press, channel, recipient });
      orders.keepMessage(order, { id, by: "staff", channel, recipient });
      const answer = await tell(sendMessage(channel, order.link.id, recipient), id);
      const outcome = answer.outcome ?? OUTCOMES[answer.code] ?? "failed";
      orders.keepMessage(order, { id, outcome, reason: answer.paytr?.reason });
      return answer;
    },
    /** Once the cause of the refusal is mended. */
    link(order) {
      if (!order.refusal) return { code: "malformed" };
      orders.change(order, { refusal: undefined });
      makeLink(order);
      return { outcome: "asked" };
    },
    async delete(order) {
      const { id, callbackId } = order.link ?? {};
      const answer = await tell({ type: "link.delete", data: callbackId ? { callback_id: callbackId } : { ids: [id] } });
      if (answer.outcome === "deleted") orders.change(order, { isDeleted: true });
      return answer;
    },
    replay: (order) => tell({ type: "event.replay", data: { callback_id: order.link?.callbackId } }),
    /** The money goes back in PayTR's panel; here it is noted. */
    refund: (order, { event }) => (orders.refunded(order, event) ? { outcome: "refunded" } : { code: "malformed" }),
    mishap: (order, { kind }) => mishaps?.bringAbout(kind, order.link, total(order)) ?? { code: "malformed" },
  };

  const summaryOf = (order) => ({
    number: order.number,
    placedAt: order.placedAt,
    total: total(order),
    state: stateOf(order),
    reasons: [...new Set(openReviews(order).flatMap(({ reasons }) => reasons))],
  });

  async function detailOf(order) {
    const { link, refusal, isDeleted, messages, events } = order;
    const callbackId = link?.callbackId;
    const record = callbackId && (await tell({ type: "link.get", data: { callback_id: callbackId } }));
    return { ...summaryOf(order), link, refusal, isDeleted, messages, events, record };
  }

  async function act(order, request, name) {
    const asked = await readJson(request);
    if (!asked) return json(415, { code: "unsupported-media-type" });
    const { outcome, code, paytr, seconds, events } = await ACTIONS[name](order, asked);
    return json(200, { outcome, code, reason: paytr?.reason, seconds, events });
  }

  const routes = [
    ["GET", /^\/api\/staff\/orders$/, () => json(200, {
      orders: orders.all().map(summaryOf),
      unmatched: orders.unmatched,
      isDemo: Boolean(mishaps),
      isShopDown: Boolean(mishaps?.isShopDown),
    })],
    ["GET", /^\/api\/staff\/orders\/(\d+)$/, ofOrder(async (order) => json(200, await detailOf(order)))],
    ["POST", /^\/api\/staff\/orders\/(\d+)\/(send|link|delete|replay|refund|mishap)$/, ofOrder(act)],
    ["POST", /^\/api\/staff\/shop-is-back$/, async (request) => {
      if (!(await readJson(request))) return json(415, { code: "unsupported-media-type" });
      if (mishaps) mishaps.isShopDown = false;
      return json(200, { outcome: "back" });
    }],
  ];
  /** A page elsewhere can point a name of its own at this machine; its requests carry that name. */
  const forThisMachine = (respond) => (request, ...more) =>
    LOOPBACK.test(request.headers.host) ? respond(request, ...more) : json(403, { code: "forbidden" });
  return routes.map(([method, path, respond]) => [method, path, forThisMachine(respond)]);
}

// Payments and their notifications, as PayTR's panel shows them.

import { dayOf, element, list, mark, money, post, timeOf } from "./elements.js";
import { hint, text } from "./texts.js";

const KINDS = { pending: "odd", delivered: "good", stopped: "bad", none: "bad" };

/** The state in the panel's own words, which are Turkish, with a translation where the page is not; `label` before it. */
export function stateOf({ notification, in_panel }, label = "") {
  const meaning = text(`notification.${notification}`);
  const panel = element("span", { lang: "tr" }, in_panel);
  const translated = meaning !== in_panel && ` (${meaning})`;
  return element("span", { className: `mark ${KINDS[notification]}` }, label && `${label} `, panel, translated);
}

/** Newest first. */
export function payments(all) {
  if (all.length === 0) return element("p", { className: "hint" }, text("payments.none"));
  return element("ol", { className: "payments", reversed: true }, ...all.toReversed().map(payment));
}

function payment(one) {
  const { merchant_oid, at, quantity, total_amount, payment_amount, currency, installments, test_mode, attempts } = one;
  const interest = total_amount !== payment_amount && text("payments.of", { amount: money(payment_amount, currency) });
  return element(
    "li", {},
    element(
      "p", { className: "payment-head" },
      element("b", {}, money(total_amount, currency)),
      stateOf(one),
      test_mode && mark("odd", text("payments.test")),
    ),
    list([
      [text("payments.oid"), element("code", {}, merchant_oid)],
      [text("payments.at"), dayOf(at)],
      [text("payments.quantity"), quantity > 1 ? String(quantity) : null],
      [text("payments.installments"), installments > 1 ? `${installments}${interest ? ` · ${interest}` : ""}` : null],
      [text("payments.callback"), one.callback_link ?? text("payments.no_callback")],
    ]),
    one.callback_link && element("p", { className: "subtitle" }, text("payments.attempts")),
    one.callback_link && (attempts.length > 0
      ? element("ol", { className: "attempts" }, ...attempts.map(attempt))
      : element("p", { className: "hint" }, text("payments.first"))),
    one.next_attempt_at && element("p", { className: "hint" }, text("payments.next", { time: timeOf(one.next_attempt_at) })),
    one.callback_link && again(one),
  );
}

function attempt({ at, http_status, text: answer }) {
  // Without an answer the words are the sandbox's own.
  const said = http_status ? element("code", {}, answer === "" ? text("payments.empty") : answer) : hint(answer);
  return element(
    "li", {},
    element("time", { dateTime: new Date(at).toISOString() }, timeOf(at)),
    http_status ? element("span", {}, `HTTP ${http_status}`) : element("span", {}, text("payments.no_answer")),
    said,
  );
}

function again({ merchant_oid, notification }) {
  const label = text(notification === "delivered" ? "payments.once_more" : "payments.again");
  const button = element("button", { type: "button", className: "again" }, label);
  button.dataset.key = merchant_oid;
  button.addEventListener("click", () => post(`/sandbox/payments/${encodeURIComponent(merchant_oid)}/notify`).catch(() => {}));
  return button;
}

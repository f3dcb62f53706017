// The staff's page: the shop's orders, and what the relay knows of those that are open on the screen.
//
// In scope: showing them, and the buttons. Not in scope: what a button does (../staff.mjs), and the words (staff-words.js).
import { $, element, money, putWords, say } from "./elements.js";
import { STAFF_WORDS } from "./staff-words.js";
import { duration, languageOf } from "./words.js";

const POLL_MS = 2000;
const PATIENCE_MS = 60_000;
const SAID_MS = 10_000;
const TONES = { paid: "good", review: "odd", refunded: "odd", deleted: "bad", failed: "bad", open: "calm", preparing: "calm" };
const OUTCOME_TONES = { sent: "good", rejected: "bad", invalid: "bad", failed: "bad", unknown: "odd", limited: "odd" };

let language = sessionStorage.getItem("language") ?? languageOf(navigator.language);
let words = STAFF_WORDS[language];
let list = { orders: [], unmatched: [] };
/** Order number → `{ details, head, body, detail, written, isBusy }`; `written` is what the body was built of. */
const rows = new Map();
let timer;
let telling;

// --- The shop's answers

async function get(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

async function post(path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
  const said = await answer.json();
  return answer.ok ? said : { code: said.code };
}

/** Looks again and again, while somebody may see it. The relay is asked for open orders alone. */
async function look() {
  clearTimeout(timer);
  if (document.visibilityState === "hidden") return;
  try {
    list = await get("/api/staff/orders");
    putRows();
    const open = [...rows].filter(([, { details }]) => details.open);
    await Promise.all(open.map(async ([number, row]) => {
      row.detail = await get(`/api/staff/orders/${number}`);
      renderBody(number, row);
    }));
    $("lost").hidden = true;
  } catch {
    $("lost").hidden = false;
  }
  clearTimeout(timer);
  timer = setTimeout(look, POLL_MS);
}

// --- The list

function putRows() {
  // Newest first, so the newest of those that are new comes last.
  for (const { number } of list.orders.toReversed()) {
    if (rows.has(number)) continue;
    const [head, body] = [element("summary"), element("div", { className: "body" })];
    const details = element("details", { className: "card order" }, head, body);
    details.dataset.order = number;
    rows.set(number, { details, head, body });
    $("orders").prepend(element("li", {}, details));
    details.addEventListener("toggle", () => details.open && look());
  }
  const newest = list.orders[0];
  if (newest && rows.size > 0 && !$("orders").dataset.seen) rows.get(newest.number).details.open = true;
  $("orders").dataset.seen = "true";
  for (const order of list.orders) renderHead(order, rows.get(order.number));
  $("down").hidden = !list.isShopDown;
  $("unmatched").hidden = list.unmatched.length === 0;
  $("unmatched-events").replaceChildren(...list.unmatched.map((event) => payment(ofEvent(event), {})));
}

function renderHead({ number, placedAt, total, state, reasons }, { head }) {
  const also = state === "paid" && reasons.length > 0 && mark("odd", words.alsoOpen[reasons.includes("paid_before") ? "paid_before" : "other"]);
  const parts = [
    element("h2", {}, words.order(number)),
    element("span", { className: "sum" }, money(language, total)),
    element("span", { className: "marks" }, mark(TONES[state], words.states[state]), also),
    time(placedAt),
  ];
  replace(head, parts);
}

// --- One order

function renderBody(number, row) {
  const { detail, body, written } = row;
  if (!detail) return;
  const text = `${language}${JSON.stringify(detail)}`;
  if (text === written) return;
  row.written = text;
  replace(body, [advice(detail), ...linkPart(detail), ...messagesPart(detail), ...paymentsPart(detail), actions(detail), demo(detail)]);
}

/** What to do. The shop goes by the events that it got, also where the relay knows more. */
function advice({ state, reasons, refusal, record }) {
  const isOnItsWay = state === "open" && record?.state === "paid";
  const key = isOnItsWay ? "onItsWay" : state === "paid" && reasons.length > 0 ? "paidAndReview" : state;
  const said = words.advice[key];
  const tone = TONES[key] ?? "odd";
  return element("p", { className: `advice ${tone}` }, typeof said === "function" ? said(refusal) : said);
}

function linkPart({ link, record }) {
  if (!link) return [];
  const state = words.linkStates[record?.state];
  const note = !link.callbackId ? words.elsewhere : record.code && (words.noRecord[record.code] ?? words.noRecord.other);
  return [
    element("h3", {}, words.link),
    element("p", { className: "address" }, link.url ? element("a", { href: link.url }, link.url) : element("code", {}, link.id), state && ` · ${state}`),
    note && element("p", { className: "soft" }, note),
  ];
}

function messagesPart({ state, messages }) {
  if (messages.length === 0) return [element("h3", {}, words.messages), element("p", { className: "soft" }, words.noMessages)];
  return [element("h3", {}, words.messages), element("ul", { className: "rows" }, ...messages.map((message) => {
    const { id, channel, recipient, by, at, outcome, reason } = message;
    return element(
      "li", {},
      element(
        "div", {},
        element("p", {}, element("b", {}, `${words.channels[channel]} · ${recipient}`), " ", outcome && mark(OUTCOME_TONES[outcome], words.outcomes[outcome])),
        element("p", { className: "soft" }, words.by[by], " · ", time(at)),
        reason && element("p", { className: "soft" }, reason),
      ),
      state === "open" && outcome !== "invalid" && button("send", `send ${id}`, words.again, words.againTo(recipient), { message: id, press: crypto.randomUUID() }),
    );
  }))];
}

/** An event that the shop has, in the form in which the relay has its payment. */
const ofEvent = ({ id, amount, currency, merchantOid, reasons }) => ({
  merchant_oid: merchantOid, total_amount: amount, reasons, unsigned: { currency }, event: { webhook_id: id },
});

function paymentsPart({ record, events, total }) {
  const payments = record?.payments ?? events.map(ofEvent);
  if (payments.length === 0) return [element("h3", {}, words.payments), element("p", { className: "soft" }, words.noPayments)];
  const known = new Map(events.map((event) => [event.id, event]));
  return [
    element("h3", {}, words.payments),
    element("ul", { className: "rows" }, ...payments.map((one) => payment(one, { known: known.get(one.event.webhook_id), total }))),
  ];
}

function payment({ merchant_oid, total_amount, reasons = [], unsigned, event }, { known, total }) {
  const currency = ["TL", undefined].includes(unsigned?.currency) ? "TRY" : unsigned.currency;
  const amount = money(language, total_amount, currency);
  const type = reasons.length === 0 ? "paid" : known?.isRefunded ? "refunded" : "review";
  const isLess = reasons.includes("too_little") && total;
  return element(
    "li", {},
    element(
      "div", {},
      element("p", {}, element("b", {}, isLess ? words.of(amount, money(language, total)) : amount), " ", mark(type === "paid" ? "good" : "odd", words.types[type])),
      ...reasons.map((reason) => element("p", {}, words.reasons[reason] ?? reason)),
      type === "review" && known && element("p", { className: "soft" }, words.refundHint),
      event.state && element("p", { className: event.state === "delivered" ? "soft" : "late" }, words.events[event.state](event.attempts)),
      known?.times > 1 && element("p", { className: "soft" }, words.times(known.times)),
      element("p", { className: "soft" }, words.paymentNumber, " ", element("code", {}, merchant_oid)),
    ),
    type === "review" && known && button("refund", `refund ${known.id}`, words.refund, words.refundOf(amount), { event: known.id }),
  );
}

function actions({ state, link, isDeleted }) {
  return element(
    "p", { className: "actions" },
    state === "failed" && button("link", "link", words.askAgain),
    link?.callbackId && button("replay", "replay", words.replay),
    link && !isDeleted && button("delete", "delete", words.delete),
  );
}

function demo({ link }) {
  if (!list.isDemo || !link?.callbackId) return undefined;
  const buttons = Object.entries(words.mishaps).map(([kind, word]) => button("mishap", `mishap ${kind}`, word, undefined, { kind }));
  return element(
    "div", { className: "demo" },
    element("h3", {}, words.demo),
    element("p", { className: "soft" }, words.demoHint),
    element("p", { className: "actions" }, ...buttons),
  );
}

// --- Buttons

function button(action, key, word, label, asked = {}) {
  const made = element("button", { type: "button", className: "act" }, word);
  if (label) made.setAttribute("aria-label", label);
  made.dataset.key = key;
  made.addEventListener("click", () => act(made, action, asked));
  return made;
}

async function act(pressed, action, asked) {
  const { order: number } = pressed.closest("[data-order]").dataset;
  const row = rows.get(number);
  if (row.isBusy || (action === "delete" && !confirm(words.confirmDelete(number)))) return;
  row.isBusy = true;
  tell(words.results.busy);
  const said = await post(`/api/staff/orders/${number}/${action}`, asked).catch(() => ({ code: "no-answer" }));
  row.isBusy = false;
  tell(inWords(action, said));
  await look();
}

/** What came of a press, at the edge of the screen for a while. */
function tell(text) {
  clearTimeout(telling);
  say("said", text);
  telling = setTimeout(() => say("said"), SAID_MS);
}

function inWords(action, { outcome, code, reason, seconds, events }) {
  const said = words.results[outcome ?? code] ?? words.results.other(code);
  if (typeof said === "object") return said[action];
  if (typeof said !== "function") return said;
  return said(seconds ? duration(language, seconds) : reason, events);
}

$("back").addEventListener("click", () => post("/api/staff/shop-is-back", {}).then(look, () => {}));

$("language").addEventListener("click", () => {
  language = language === "tr" ? "en" : "tr";
  sessionStorage.setItem("language", language);
  words = STAFF_WORDS[language];
  putWords(language, words);
  putRows();
  for (const [number, row] of rows) renderBody(number, row);
});

// --- Small parts

const mark = (tone, text) => element("span", { className: `mark ${tone}` }, text);

function time(at) {
  const style = { dateStyle: "short", timeStyle: "short" };
  return element("time", { dateTime: new Date(at).toISOString() }, new Intl.DateTimeFormat(language === "tr" ? "tr" : "en-GB", style).format(at));
}

/** Builds anew; whoever stands on a button stays on it. */
function replace(where, parts) {
  const key = where.contains(document.activeElement) && document.activeElement.dataset.key;
  where.replaceChildren(...parts.filter(Boolean));
  if (key) where.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

document.addEventListener("visibilitychange", look);
putWords(language, words);
look();

// The checkout page, before there is an order and after: what the customer does, and what the customer is told.
//
// In scope: the form, the language, and one press of the button as one message. Not in scope: the order (order.js), the
// conversation with shop and relay (ask.js), and the words (words.js). Whether a number is right, the relay says.
import { ask } from "./ask.js";
import { $, element, money, putWords, say } from "./elements.js";
import { cart, place, watch } from "./order.js";
import { canonical, hasForeignLetter } from "./recipient.js";
import { WORDS, clock, duration, languageOf } from "./words.js";

const TONES = {
  placing: "busy", sending: "busy", "in-progress": "busy", offline: "busy",
  sent: "good", "limit-over": "good",
  rejected: "bad", broken: "bad", "not-placed": "bad",
  limit: "odd", "order-limit": "odd", unknown: "odd", unreachable: "odd",
};
const STATE_TONES = { preparing: "busy", open: "wait", paid: "good", review: "odd", refunded: "odd", deleted: "bad", failed: "bad" };
/** How the first message ended, in the shop's words and in the page's. */
const FIRST_KINDS = { sent: "sent", rejected: "rejected", unknown: "unknown", limited: "limit", invalid: "invalid" };
/** After these the next press is a new message. After all others it is the same one, which the relay sends once. */
const ENDED = ["sent", "invalid", "rejected"];
/** After these the message may have gone out. */
const OPEN = ["unknown", "unreachable"];
/** These are over after some seconds. */
const WAITING = ["limit", "order-limit"];

/** The order's number; none before it is placed. */
const order = location.pathname.match(/^\/orders\/(\d+)$/)?.[1];
const inputs = { sms: $("phone"), email: $("email") };

let language = sessionStorage.getItem("language") ?? languageOf(navigator.language);
let items = [];
/** What the shop says of the order. */
let view;
let busy = false;
/** What the page shows: a result's kind and what it says more, with the channel and recipient that it is about. */
let shown;
let errors = {};
let ticking;

// --- One press, one order

/** Has the link sent as the form says, or goes to the payment page as soon as there is one. */
async function placeOrder({ isPaidHere }) {
  if (busy) return;
  const send = isPaidHere ? undefined : readForm();
  if (!isPaidHere && !send) return;
  busy = true;
  show({ kind: "placing" });
  try {
    const placed = await place({ lang: language, send });
    if (placed.send) sessionStorage.setItem(`first ${placed.number}`, JSON.stringify(placed.send));
    location.assign(`/orders/${placed.number}${isPaidHere ? "?pay" : ""}`);
  } catch {
    busy = false;
    show({ kind: "not-placed" });
  }
}

/** What the shop says of the order, now and later. */
function follow(next) {
  const isFirst = !items.length;
  view = next;
  items = view?.items ?? [];
  if (isFirst) renderOrder();
  // Whom it went to, the shop tells nobody; the window that has placed the order knows.
  const first = JSON.parse(sessionStorage.getItem(`first ${order}`) ?? "null");
  if (first && view?.sent && view.state === "open" && !shown) showFirst({ ...first, ...view.sent });
  render();
  if (view?.payAt && location.search === "?pay") {
    // Or the browser's Back would lead there again.
    history.replaceState(null, "", location.pathname);
    location.assign(view.payAt);
  }
}

/** The message that went out with the order, as if the button had been pressed here. */
function showFirst({ channel, recipient, outcome, reason, seconds }) {
  const kind = FIRST_KINDS[outcome];
  if (!kind || (kind === "limit" && seconds === 0)) return;
  document.querySelector(`input[value="${channel}"]`).checked = true;
  inputs[channel].value = recipient;
  changeChannel();
  conclude({ kind, channel, recipient, reason, seconds });
}

// --- One press, one message

/**
 * The press that is under way to a recipient: its name, and whether the message may have gone out. It outlives a reload
 * and what is sent to others, as the message does.
 */
function pressTo({ channel, recipient }) {
  const key = `press ${order} ${channel} ${canonical(channel, recipient)}`;
  const { name = crypto.randomUUID(), isOpen = false } = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  return {
    name,
    isOpen,
    keep: (isOpen) => sessionStorage.setItem(key, JSON.stringify({ name, isOpen })),
    end: () => sessionStorage.removeItem(key),
  };
}

/** Whom to write to, as the form has it; nobody, and the customer is told, if that cannot be right. */
function readForm() {
  const channel = chosenChannel();
  const recipient = inputs[channel].value.trim();
  const slip = recipient === "" ? "empty" : hasForeignLetter(channel, recipient) ? "invalidField" : undefined;
  errors = {};
  if (!slip) return { channel, recipient };
  errors[channel] = slip;
  show(undefined);
  inputs[channel].focus();
  return undefined;
}

async function send() {
  if (busy || isLocked()) return;
  const about = readForm();
  if (!about) return;
  busy = true;
  const press = pressTo(about);
  const asked = JSON.stringify({ press: press.name, ...about });
  const sign = () =>
    fetch(`/api/orders/${order}/messages`, { method: "POST", headers: { "content-type": "application/json" }, body: asked });
  show({ kind: "sending", ...about });
  const report = (progress) => {
    // From the first post on, and before it: the page may be gone when the answer comes.
    if (progress.kind === "sending") press.keep(true);
    show({ ...progress, ...about });
  };
  const result = await ask(sign, report, press.isOpen);
  busy = false;
  if (ENDED.includes(result.kind)) press.end();
  else press.keep(OPEN.includes(result.kind));
  conclude({ ...result, ...about });
}

function conclude(result) {
  const { kind, channel, seconds } = result;
  if (kind === "invalid") errors[channel] = "invalidField";
  if (WAITING.includes(kind)) countDown(seconds);
  show(result);
  if (kind === "invalid") inputs[channel].focus();
}

/** Whether pressing again would be no use, or worse: the same recipient's outcome is unknown, or has to wait. */
function isLocked() {
  const { kind, channel, recipient } = shown ?? {};
  const isSame =
    channel === chosenChannel() && canonical(channel, recipient) === canonical(channel, inputs[channel].value);
  return kind === "order-limit" || (isSame && (kind === "limit" || kind === "unknown"));
}

/** By the clock, not by ticks: a page in the background ticks seldom. */
function countDown(seconds) {
  clearInterval(ticking);
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    const isWaiting = WAITING.includes(shown?.kind);
    if (!isWaiting || left <= 0) {
      clearInterval(ticking);
      $("countdown").hidden = true;
      if (isWaiting) show({ ...shown, kind: "limit-over" });
      return;
    }
    $("countdown").textContent = clock(left);
  };
  $("countdown").textContent = clock(seconds);
  ticking = setInterval(tick, 250);
}

// --- What is shown

function show(result) {
  shown = result;
  render();
  if (TONES[result?.kind]) $("result").scrollIntoView({ block: "nearest" });
}

function render() {
  const words = WORDS[language];
  const { kind, channel, recipient, seconds, reason } = shown ?? {};
  const tone = TONES[kind];
  const said = words.results[kind];
  const forChannel = said?.[channel] ?? said;
  const [title, text] =
    typeof forChannel === "function" ? forChannel(WAITING.includes(kind) ? duration(language, seconds) : recipient) : forChannel ?? [];
  if (tone) $("result").dataset.tone = tone;
  else delete $("result").dataset.tone;
  if (kind) $("result").dataset.kind = kind;
  else delete $("result").dataset.kind;
  if (tone) $("result-icon").setAttribute("href", `#icon-${tone}`);
  say("result-title", title);
  say("result-text", text);
  say("result-reason", kind === "rejected" && reason ? words.paytrSaid(reason) : "");
  $("countdown").hidden = !WAITING.includes(kind);
  renderState(words);

  for (const [name, input] of Object.entries(inputs)) {
    say(`error-${name}`, errors[name] ? words[errors[name]][name] : "");
    input.setAttribute("aria-invalid", String(Boolean(errors[name])));
  }
  renderButton(words);
}

function renderState(words) {
  const tone = STATE_TONES[view?.state];
  const [title, text] = words.states[view?.state] ?? [];
  if (tone) $("state").dataset.tone = tone;
  if (tone) $("state-icon").setAttribute("href", `#icon-${tone}`);
  if (view) $("state").dataset.state = view.state;
  say("heading", words.heading[!order ? "cart" : ["open", "preparing"].includes(view?.state) ? "link" : "order"]);
  say("state-title", title);
  say("state-text", text);
  $("pay").hidden = !view?.payAt;
  if (view?.payAt) $("pay-at").href = view.payAt;
  $("form").hidden = Boolean(order) && view?.state !== "open";
  $("result").hidden = $("form").hidden;
  $("no-message").hidden = Boolean(order);
}

function renderButton(words) {
  const kind = shown?.kind;
  const idle = !order ? "place" : kind === "sent" ? "again" : kind === "unreachable" || kind === "broken" ? "retry" : "send";
  const word = busy ? (order ? "sending" : "placing") : idle;
  say("send-text", words[word]);
  // Not `disabled`, which would take the focus away from who pressed it.
  $("send").setAttribute("aria-disabled", String(busy || isLocked()));
  $("send").toggleAttribute("data-busy", busy);
  $("send").toggleAttribute("data-quiet", Boolean(view?.payAt));
}

/** All that does not change while the page speaks one language. */
function renderOrder() {
  const words = WORDS[language];
  putWords(language, words);
  const total = money(language, items.reduce((sum, { count, price }) => sum + count * price, 0));
  $("order").textContent = items.length === 0 ? "\u00a0" : order ? words.order(order, total) : words.cart(total);
  $("total").textContent = total;
  $("items").replaceChildren(
    ...items.map(({ name, count, price }) =>
      element("li", {}, element("span", {}, `${count} × ${name[language]}`), element("span", {}, money(language, count * price))),
    ),
  );
  $("demos").replaceChildren(
    ...Object.entries(words.demos).map(([href, word]) => {
      const link = element("a", { href }, word);
      if (href === location.pathname) link.setAttribute("aria-current", "page");
      return element("li", {}, link);
    }),
  );
}

// --- What the customer does

const chosenChannel = () => document.querySelector('input[name="channel"]:checked').value;

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (order) send();
  else placeOrder({ isPaidHere: false });
});
$("no-message").addEventListener("click", () => placeOrder({ isPaidHere: true }));

function changeChannel() {
  const channel = chosenChannel();
  for (const name of Object.keys(inputs)) $(`field-${name}`).hidden = name !== channel;
  renderButton(WORDS[language]);
}
for (const radio of document.querySelectorAll('input[name="channel"]')) radio.addEventListener("change", changeChannel);

for (const [name, input] of Object.entries(inputs)) {
  input.addEventListener("input", () => {
    delete errors[name];
    render();
  });
}

$("language").addEventListener("click", () => {
  language = language === "tr" ? "en" : "tr";
  sessionStorage.setItem("language", language);
  renderOrder();
  render();
});

changeChannel();
renderOrder();
render();
// The browser's Back to the cart: what was under way is over.
addEventListener("pageshow", (event) => event.persisted && !order && location.reload());
if (order) watch(order, follow);
else cart().then(follow, () => {});

// The checkout page: what the customer does, and what the customer is told.
//
// In scope: the form, the language, and one press of the button as one message. Not in scope: the conversation with
// shop and relay (ask.js), and the words (words.js). Whether a number is right, the relay says.
import { ask } from "./ask.js";
import { canonical, hasForeignLetter } from "./recipient.js";
import { WORDS, clock, duration, languageOf } from "./words.js";

const TONES = {
  sending: "busy", "in-progress": "busy", offline: "busy",
  sent: "good", "limit-over": "good",
  rejected: "bad", broken: "bad",
  limit: "odd", "order-limit": "odd", unknown: "odd", unreachable: "odd",
};
/** After these the next press is a new message. After all others it is the same one, which the relay sends once. */
const ENDED = ["sent", "invalid", "rejected"];
/** After these the message may have gone out. */
const OPEN = ["unknown", "unreachable"];
/** These are over after some seconds. */
const WAITING = ["limit", "order-limit"];

const $ = (id) => document.getElementById(id);
const order = location.pathname.split("/").pop();
const inputs = { sms: $("phone"), email: $("email") };

let language = languageOf(navigator.language);
let items = [];
let busy = false;
/** What the page shows: a result's kind and what it says more, with the channel and recipient that it is about. */
let shown;
let errors = {};
let ticking;

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

async function send() {
  if (busy || isLocked()) return;
  const channel = chosenChannel();
  const recipient = inputs[channel].value.trim();
  const slip = recipient === "" ? "empty" : hasForeignLetter(channel, recipient) ? "invalidField" : undefined;
  errors = {};
  if (slip) {
    errors[channel] = slip;
    show(undefined);
    inputs[channel].focus();
    return;
  }
  busy = true;
  const about = { channel, recipient };
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
  if (result.kind === "invalid") errors[channel] = "invalidField";
  if (WAITING.includes(result.kind)) countDown(result.seconds);
  show({ ...result, ...about });
  if (result.kind === "invalid") inputs[channel].focus();
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

  for (const [name, input] of Object.entries(inputs)) {
    say(`error-${name}`, errors[name] ? words[errors[name]][name] : "");
    input.setAttribute("aria-invalid", String(Boolean(errors[name])));
  }
  renderButton(words);
}

function renderButton(words) {
  const kind = shown?.kind;
  const word = busy ? "sending" : kind === "sent" ? "again" : kind === "unreachable" || kind === "broken" ? "retry" : "send";
  say("send-text", words[word]);
  // Not `disabled`, which would take the focus away from who pressed it.
  $("send").setAttribute("aria-disabled", String(busy || isLocked()));
  $("send").toggleAttribute("data-busy", busy);
  $("send").toggleAttribute("data-quiet", kind === "sent");
}

/** All that does not change while the page speaks one language. */
function renderOrder() {
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.title = words.title;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  $("language").lang = language === "tr" ? "en" : "tr";
  const money = new Intl.NumberFormat(language, { style: "currency", currency: "TRY", currencyDisplay: "narrowSymbol" });
  const total = money.format(items.reduce((sum, { count, price }) => sum + count * price, 0) / 100);
  $("order").textContent = items.length > 0 ? words.order(order, total) : "\u00a0";
  $("total").textContent = total;
  $("items").replaceChildren(
    ...items.map(({ name, count, price }) =>
      element("li", {}, element("span", {}, `${count} × ${name[language]}`), element("span", {}, money.format((count * price) / 100))),
    ),
  );
  $("demos").replaceChildren(
    ...Object.entries(words.demos).map(([number, word]) => {
      const link = element("a", { href: `/orders/${number}` }, word);
      if (number === order) link.setAttribute("aria-current", "page");
      return element("li", {}, link);
    }),
  );
}

/** Only what changes: a screen reader reads a live region that is written to, even if it says the same. */
function say(id, text = "") {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// --- What the customer does

const chosenChannel = () => document.querySelector('input[name="channel"]:checked').value;

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

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
  renderOrder();
  render();
});

changeChannel();
renderOrder();
render();
items = await fetch(`/api/orders/${order}`).then((answer) => answer.json()).then((answer) => answer.items, () => []);
renderOrder();

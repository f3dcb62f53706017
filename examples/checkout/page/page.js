// The checkout page: what the customer does, and what the customer is told.
//
// In scope: the form, the language, and one press of the button as one message. Not in scope: the conversation with
// shop and relay (ask.js), and the words (words.js). Whether a number is right, the relay says.
import { ask } from "./ask.js";
import { WORDS, clock, duration, languageOf } from "./words.js";

const TONES = {
  sending: "busy", "in-progress": "busy", offline: "busy",
  sent: "good", "limit-over": "good",
  invalid: "bad", rejected: "bad", "order-limit": "bad", broken: "bad",
  limit: "odd", unknown: "odd", unreachable: "odd",
};
/** After these the next press is a new message. After all others it is the same one, which the relay sends once. */
const ENDED = ["sent", "invalid", "rejected"];

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

/** The name of the press that is under way. It outlives a reload, as the message does. */
const press = {
  key: `press-${order}`,
  get name() {
    const name = sessionStorage.getItem(this.key) ?? crypto.randomUUID();
    sessionStorage.setItem(this.key, name);
    return name;
  },
  end() {
    sessionStorage.removeItem(this.key);
  },
};

async function send() {
  if (busy || isLocked()) return;
  const channel = chosenChannel();
  const recipient = inputs[channel].value.trim();
  errors = {};
  if (recipient === "") {
    errors[channel] = "empty";
    show(undefined);
    inputs[channel].focus();
    return;
  }
  busy = true;
  const about = { channel, recipient };
  const asked = JSON.stringify({ press: press.name, ...about });
  const sign = () =>
    fetch(`/api/orders/${order}/messages`, { method: "POST", headers: { "content-type": "application/json" }, body: asked });
  show({ kind: "sending", ...about });
  const result = await ask(sign, (progress) => show({ ...progress, ...about }));
  busy = false;
  if (ENDED.includes(result.kind)) press.end();
  if (result.kind === "invalid") errors[channel] = "invalidField";
  if (result.kind === "limit") countDown(result.seconds);
  show({ ...result, ...about });
  if (result.kind === "invalid") inputs[channel].focus();
}

/** Whether pressing again would be no use, or worse: the same recipient's outcome is unknown, or has to wait. */
function isLocked() {
  const { kind, channel, recipient } = shown ?? {};
  const isSame = channel === chosenChannel() && recipient === inputs[channel].value.trim();
  return kind === "order-limit" || (isSame && (kind === "limit" || kind === "unknown"));
}

/** By the clock, not by ticks: a page in the background ticks seldom. */
function countDown(seconds) {
  clearInterval(ticking);
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (shown?.kind !== "limit" || left <= 0) {
      clearInterval(ticking);
      $("countdown").hidden = true;
      if (shown?.kind === "limit") show({ ...shown, kind: "limit-over" });
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
  if (result) $("result").scrollIntoView({ block: "nearest" });
}

function render() {
  const words = WORDS[language];
  const { kind, channel, recipient, seconds, reason } = shown ?? {};
  const tone = TONES[kind];
  const said = words.results[kind];
  const forChannel = said?.[channel] ?? said;
  const [title, text] =
    typeof forChannel === "function" ? forChannel(kind === "limit" ? duration(language, seconds) : recipient) : forChannel ?? [];
  if (tone) $("result").dataset.tone = tone;
  else delete $("result").dataset.tone;
  if (kind) $("result").dataset.kind = kind;
  else delete $("result").dataset.kind;
  if (tone) $("result-icon").setAttribute("href", `#icon-${tone}`);
  say("result-title", title);
  say("result-text", text);
  say("result-reason", kind === "rejected" && reason ? words.paytrSaid(reason) : "");
  $("countdown").hidden = kind !== "limit";

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

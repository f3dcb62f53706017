// The outbox: the list of messages, kept up to date by server-sent events. One message in full: detail.js.
//
// Everything in a message was written by whoever called the sandbox, so it reaches the page as text only.

import { detail, linkOf, marksOf, nameOf, recipientOf } from "./detail.js";

const SHOWN = 500;
const RETRY_MS = 2000;

const $ = (id) => document.getElementById(id);
const rows = new Map(); // number → { message, item }
let total = 0;
let loads = 0;
let waiting = null; // messages that came while the list was being read

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

// --- The list

async function load() {
  const mine = ++loads;
  waiting = [];
  const answer = await fetch("/outbox/messages", { cache: "no-store" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const list = await answer.json();
  if (mine !== loads) return; // a newer load is on its way
  const late = waiting;
  waiting = null;
  rows.clear();
  $("messages").replaceChildren();
  total = list.total;
  for (const message of list.messages.reverse()) add(message);
  for (const message of late) arrive(message);
  refresh();
  choose();
}

function add(message) {
  const item = row(message);
  rows.set(message.number, { message, item });
  $("messages").prepend(item);
  if (rows.size > SHOWN) {
    const [oldest, { item: last }] = rows.entries().next().value;
    rows.delete(oldest);
    last.remove();
  }
}

function arrive(message) {
  if (waiting) {
    waiting.push(message);
    return;
  }
  if (rows.has(message.number)) return;
  total += 1;
  add(message);
  refresh();
  view(!$("chosen").hidden);
  $("news").textContent = `${nameOf(message)} to ${recipientOf(message)}: ${marksOf(message).map(([, text]) => text).join(", ")}`;
}

function row(message) {
  const item = $("row").content.firstElementChild.cloneNode(true);
  const slot = (name) => item.querySelector(`[data-slot="${name}"]`);
  const link = item.querySelector("a");
  link.href = `#${message.number}`;
  link.classList.toggle("refused", !message.delivered);
  item.querySelector("use").setAttribute("href", `#icon-${message.channel}`);
  slot("channel").textContent = `${nameOf(message)} to`;
  slot("recipient").textContent = recipientOf(message);
  slot("time").textContent = clock.format(message.at);
  slot("time").dateTime = new Date(message.at).toISOString();
  slot("link").textContent = linkOf(message);
  slot("reason").textContent = message.answer.reason ?? "";
  for (const [kind, text] of marksOf(message)) {
    const mark = document.createElement("span");
    mark.className = `mark ${kind}`;
    mark.textContent = text;
    slot("marks").append(mark);
  }
  return item;
}

// --- Filter and count

const kind = () => document.querySelector('input[name="kind"]:checked').value;

function matches(message, text, only) {
  if (only === "refused" ? message.delivered : only !== "all" && message.channel !== only) return false;
  const { recipient, link_id, hint, misbehaviour, answer } = message;
  return [recipient, link_id, hint, misbehaviour, answer.status, answer.reason]
    .some((value) => value?.toLowerCase().includes(text));
}

function refresh() {
  const text = $("filter").value.trim().toLowerCase();
  const only = kind();
  let shown = 0;
  for (const { message, item } of rows.values()) {
    item.hidden = !matches(message, text, only);
    if (!item.hidden) shown += 1;
  }
  $("empty").hidden = total > 0;
  $("no-match").hidden = total === 0 || shown > 0;
  $("clear").disabled = total === 0;
  $("tally").textContent = tally(shown);
  document.title = `${total ? `(${total}) ` : ""}Outbox · PayTR sandbox`;
}

function tally(shown) {
  if (total === 0) return "";
  const all = `${total} ${total === 1 ? "message" : "messages"}`;
  if (shown < rows.size) return `${shown} of ${all}`;
  return total > rows.size ? `The newest ${rows.size} of ${all}` : all;
}

// --- The chosen message: the fragment of the address, so that Back works on a phone

function choose() {
  const chosen = rows.get(Number(location.hash.slice(1)));
  document.querySelector('.row[aria-current="true"]')?.removeAttribute("aria-current");
  chosen?.item.querySelector("a").setAttribute("aria-current", "true");
  $("choose").hidden = Boolean(chosen);
  $("chosen").hidden = !chosen;
  $("chosen").replaceChildren(...(chosen ? detail(chosen.message) : []));
  view(chosen);
  return chosen;
}

function view(chosen) {
  $("main").dataset.view = total === 0 ? "empty" : chosen ? "detail" : "list";
}

const onPhone = matchMedia("(max-width: 52rem)");

let left = null; // the row to come back to
addEventListener("hashchange", () => {
  const chosen = choose();
  if (!onPhone.matches) return;
  if (chosen) {
    left = chosen.item;
    scrollTo(0, 0);
    $("detail").focus({ preventScroll: true });
  } else {
    left?.querySelector("a").focus();
  }
});

$("messages").addEventListener("keydown", (event) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!step) return;
  let item = event.target.closest("li")?.[step];
  while (item?.hidden) item = item[step];
  if (!item) return;
  event.preventDefault();
  const link = item.querySelector("a");
  link.focus();
  if (!onPhone.matches) {
    history.replaceState(null, "", link.hash);
    choose();
  }
});

// --- Controls

$("filter").addEventListener("input", refresh);
for (const radio of document.querySelectorAll('input[name="kind"]')) radio.addEventListener("change", refresh);

$("show-all").addEventListener("click", () => {
  $("filter").value = "";
  document.querySelector('input[value="all"]').checked = true;
  refresh();
  $("filter").focus();
});

$("clear").addEventListener("click", async () => {
  try {
    await fetch("/outbox/messages", { method: "DELETE" });
    $("news").textContent = "All messages cleared";
    $("filter").focus();
  } catch {
    connection("lost");
  }
});

// --- The connection

function connection(state) {
  const words = { connecting: "Connecting…", live: "Live", lost: "Connection lost" };
  $("connection").dataset.state = state;
  $("connection").textContent = words[state];
  $("lost").hidden = state !== "lost";
}

function listen() {
  const events = new EventSource("/outbox/events");
  const again = () => {
    events.close();
    connection("lost");
    setTimeout(listen, RETRY_MS);
  };
  const reload = () => load().then(() => connection("live"), again);
  events.addEventListener("open", reload);
  events.addEventListener("cleared", reload);
  events.addEventListener("reload", reload);
  events.addEventListener("message", (event) => arrive(JSON.parse(event.data)));
  events.addEventListener("error", again, { once: true });
}

// --- The misbehaving link ids

async function known() {
  const list = await (await fetch("/outbox/misbehaviours")).json();
  $("known-count").textContent = list.length;
  $("known-rows").replaceChildren(...list.map(({ link_id, does, delivers }) => {
    const line = document.createElement("tr");
    const id = document.createElement("th");
    id.scope = "row";
    id.append(Object.assign(document.createElement("code"), { textContent: link_id }));
    line.append(id);
    for (const text of [does, delivers ? "yes" : "no"]) line.insertCell().textContent = text;
    return line;
  }));
}

$("base-url").textContent = `PAYTR_BASE_URL=${location.origin}`;
known().catch(() => {}); // the table is a help only; the list says when the sandbox is gone
listen();

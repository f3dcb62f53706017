// The outbox: the lists of links, of what the shop was told and of messages, kept up to date by server-sent events. One of them in full: detail.js.

import { $, element, mark, money, timeOf } from "/sandbox/elements.js";
import { does, fillIn, text } from "/sandbox/texts.js";
import {
  amountOf, eventDetail, eventMarks, events, linkDetail, linkMarks, linkOf, links, marksOf, messageDetail, nameOf, orderOf, recipientOf,
  titleOf,
} from "./detail.js";

const SHOWN = 500;
const RETRY_MS = 2000;

const rows = new Map(); // number → { message, item }
const linkRows = new Map(); // id → item
const eventRows = new Map(); // webhook-id → item
let total = 0;
let loads = 0;
let waiting = null; // what came while the lists were being read

// --- The lists

async function load() {
  const mine = ++loads;
  waiting = [];
  const [messages, made, told] = await Promise.all(["/outbox/messages", "/sandbox/links", "/sandbox/events"].map(async (path) => {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  }));
  if (mine !== loads) return; // a newer load is on its way
  const late = waiting;
  waiting = null;
  rows.clear();
  $("messages").replaceChildren();
  for (const [name, things, items] of [["links", links, linkRows], ["events", events, eventRows]]) {
    things.clear();
    items.clear();
    $(name).replaceChildren();
  }
  total = messages.total;
  for (const link of made.links.reverse()) putLink(link);
  for (const event of told.events.reverse()) putEvent(event);
  for (const message of messages.messages.reverse()) add(message);
  for (const event of late) event();
  refresh();
  choose();
}

/** Does it now, or once the lists have been read. */
const whenRead = (event) => (waiting ? waiting.push(event) : event());

function add(message) {
  const item = messageRow(message);
  rows.set(message.number, { message, item });
  $("messages").prepend(item);
  if (rows.size > SHOWN) {
    const [oldest, { item: last }] = rows.entries().next().value;
    rows.delete(oldest);
    last.remove();
  }
}

function arrive(message) {
  if (rows.has(message.number)) return;
  total += 1;
  add(message);
  refresh();
  view(!$("chosen").hidden);
  $("news").textContent = `${titleOf(message)}: ${marksOf(message).map(([, words]) => words).join(", ")}`;
}

const putLink = (link) => put($("links"), links, linkRows, link.id, link, linkRow(link));
const putEvent = (event) => put($("events"), events, eventRows, event.webhook_id, event, eventRow(event));

/** What is new goes on top, what has changed stays where it is. */
function put(where, things, items, key, thing, item) {
  const earlier = items.get(key);
  if (earlier) {
    const wasFocused = earlier.contains(document.activeElement);
    earlier.replaceWith(item);
    if (wasFocused) item.querySelector("a").focus();
  } else {
    where.prepend(item);
  }
  things.set(key, thing);
  items.set(key, item);
  if (things.size > SHOWN) {
    const oldest = things.keys().next().value;
    things.delete(oldest);
    items.get(oldest).remove();
    items.delete(oldest);
  }
}

/** Shows a link or an event that came, or that changed. */
function change(putIt, thing) {
  putIt(thing);
  refresh();
  if (chosenLink() === thing || chosenEvent() === thing) choose();
  else view(!$("chosen").hidden);
}

function row({ href, icon, what, to, at, link, marks, reason, refused }) {
  const item = $("row").content.firstElementChild.cloneNode(true);
  const slot = (name) => item.querySelector(`[data-slot="${name}"]`);
  const anchor = item.querySelector("a");
  anchor.href = href;
  anchor.classList.toggle("refused", refused);
  item.querySelector("use").setAttribute("href", `#icon-${icon}`);
  slot("what").textContent = `${what} `;
  slot("to").textContent = to;
  slot("time").textContent = timeOf(at);
  slot("time").dateTime = new Date(at).toISOString();
  slot("link").textContent = link;
  slot("reason").textContent = reason;
  slot("marks").append(...marks);
  return item;
}

function messageRow(message) {
  const isSend = message.channel === "sms" || message.channel === "email";
  return row({
    href: `#${message.number}`,
    icon: message.channel,
    what: text(`row.${message.channel}`),
    to: recipientOf(message),
    at: message.at,
    link: isSend ? linkOf(message) : nameOf(message),
    marks: marksOf(message).map(([kind, words]) => mark(kind, words)),
    reason: message.answer.reason ?? "",
    refused: !message.delivered,
  });
}

function linkRow(link) {
  return row({
    href: `#link-${link.id}`,
    icon: "create",
    what: text("row.link"),
    to: link.name,
    at: link.created_at,
    link: `${money(link.price, link.currency)} · ${link.id}`,
    marks: linkMarks(link),
    reason: "",
    refused: false,
  });
}

function eventRow(event) {
  return row({
    href: `#event-${event.webhook_id}`,
    icon: "told",
    what: text("row.event"),
    to: orderOf(event),
    at: event.at,
    link: [amountOf(event), event.reference && event.merchant_oid].filter(Boolean).join(" · "),
    marks: eventMarks(event),
    reason: "",
    refused: false,
  });
}

// --- Filter and count

const kind = () => document.querySelector('input[name="kind"]:checked').value;

function matches(message, wanted, only) {
  if (only === "refused" ? message.delivered : only !== "all" && message.channel !== only) return false;
  const { link_id, hint, misbehaviour, answer } = message;
  return [recipientOf(message), link_id, hint, misbehaviour, answer.status, answer.reason]
    .some((value) => value?.toLowerCase().includes(wanted));
}

function refresh() {
  const wanted = $("filter").value.trim().toLowerCase();
  const only = kind();
  let shown = 0;
  for (const { message, item } of rows.values()) {
    item.hidden = !matches(message, wanted, only);
    if (!item.hidden) shown += 1;
  }
  for (const [id, item] of linkRows) {
    item.hidden = ![id, links.get(id).name].some((value) => value.toLowerCase().includes(wanted));
  }
  for (const [id, item] of eventRows) {
    const { type, reference, merchant_oid, reasons } = events.get(id);
    item.hidden = ![type, reference, merchant_oid, ...(reasons ?? [])].some((value) => value?.toLowerCase().includes(wanted));
  }
  $("events-section").hidden = events.size === 0;
  $("events-count").textContent = events.size;
  $("links-section").hidden = links.size === 0;
  $("links-count").textContent = links.size;
  $("empty").hidden = total > 0;
  $("no-match").hidden = total === 0 || shown > 0;
  $("clear").disabled = total === 0;
  $("tally").textContent = tally(shown);
  document.title = `${total ? `(${total}) ` : ""}${text("outbox.title")} · PayTR sandbox`;
}

function tally(shown) {
  if (total === 0) return "";
  const all = text(total === 1 ? "tally.one" : "tally.all", { total });
  if (shown < rows.size) return text("tally.some", { shown, all });
  return total > rows.size ? text("tally.newest", { shown: rows.size, all }) : all;
}

// --- The chosen message, link or event: the fragment of the address, so that Back works on a phone

const chosenLink = () => links.get(location.hash.replace(/^#link-/, ""));
const chosenEvent = () => events.get(location.hash.replace(/^#event-/, ""));

function choose() {
  const link = chosenLink();
  const event = chosenEvent();
  const message = rows.get(Number(location.hash.slice(1)));
  const item = (link && linkRows.get(link.id)) ?? (event && eventRows.get(event.webhook_id)) ?? message?.item;
  document.querySelector('.row[aria-current="true"]')?.removeAttribute("aria-current");
  item?.querySelector("a").setAttribute("aria-current", "true");
  $("choose").hidden = Boolean(item);
  $("chosen").hidden = !item;
  if (link) fill(linkDetail(link));
  else if (event) fill(eventDetail(event));
  else fill(message ? messageDetail(message.message) : []);
  view(item);
  return item;
}

/** Whoever stands on a button stays on it. */
function fill(parts) {
  const oid = document.activeElement?.dataset.oid;
  $("chosen").replaceChildren(...parts);
  if (oid) $("chosen").querySelector(`[data-oid="${CSS.escape(oid)}"]`)?.focus();
}

function view(chosen) {
  $("main").dataset.view = total === 0 && links.size === 0 && events.size === 0 ? "empty" : chosen ? "detail" : "list";
}

const onPhone = matchMedia("(max-width: 52rem)");

let left = null; // the fragment of the row to come back to
addEventListener("hashchange", () => {
  const chosen = choose();
  if (!onPhone.matches) return;
  if (chosen) {
    left = location.hash;
    scrollTo(0, 0);
    $("detail").focus({ preventScroll: true });
  } else {
    if (left) document.querySelector(`.row[href="${CSS.escape(left)}"]`)?.focus();
  }
});

for (const list of ["links", "events", "messages"]) $(list).addEventListener("keydown", (event) => {
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
    $("news").textContent = text("cleared");
    $("filter").focus();
  } catch {
    connection("lost");
  }
});

// --- The connection

function connection(state) {
  $("connection").dataset.state = state;
  $("connection").textContent = text(`connection.${state}`);
  $("lost").hidden = state !== "lost";
}

function listen() {
  const source = new EventSource("/outbox/events");
  const again = () => {
    source.close();
    connection("lost");
    setTimeout(listen, RETRY_MS);
  };
  const reload = () => load().then(() => connection("live"), again);
  source.addEventListener("open", reload);
  source.addEventListener("cleared", reload);
  source.addEventListener("reload", reload);
  source.addEventListener("message", (event) => whenRead(() => arrive(JSON.parse(event.data))));
  source.addEventListener("link", (event) => whenRead(() => change(putLink, JSON.parse(event.data))));
  source.addEventListener("told", (event) => whenRead(() => change(putEvent, JSON.parse(event.data))));
  source.addEventListener("error", again, { once: true });
}

// --- The misbehaving link ids

async function known() {
  const list = await (await fetch("/outbox/misbehaviours")).json();
  $("known-count").textContent = list.length;
  $("known-rows").replaceChildren(...list.map(({ link_id, does: english, delivers, only }) => {
    const line = document.createElement("tr");
    const id = element("th", { scope: "row" }, element("code", {}, link_id));
    line.append(id);
    line.insertCell().textContent = `${does(link_id, english)}${only ? ` ${text("known.only_create")}` : ""}`;
    line.insertCell().textContent = text(delivers ? "yes" : "no");
    return line;
  }));
}

fillIn();
$("base-url").textContent = `PAYTR_BASE_URL=${location.origin}`;
known().catch(() => {}); // the table is a help only; the list says when the sandbox is gone
listen();

// The outbox: links, what the shop was told, messages, and requests that belong to no link, kept up to date by server-sent
// events. One of the lists: list.js. One thing of them in full: detail.js.

import { $, element, mark, money, timeOf } from "/sandbox/elements.js";
import { does, fillIn, text } from "/sandbox/texts.js";
import {
  amountOf, eventDetail, eventMarks, events, isSend, linkDetail, linkMarks, linkOf, links, linksOf, marksOf, messageDetail, nameOf,
  orderOf, recipientOf, requests, titleOf,
} from "./detail.js";
import { List, SHOWN } from "./list.js";

const RETRY_MS = 2000;

const lists = {
  links: new List("links", links, linkRow),
  events: new List("events", events, eventRow),
  messages: new List("messages", new Map(), requestRow),
  // What came of a create or a delete stands with the link; here is what has none.
  requests: new List("requests", new Map(), requestRow),
};
let older = false; // whether the sandbox has more than is shown
let loads = 0;
let waiting = null; // what came while the lists were being read

const isEmpty = () => Object.values(lists).every((list) => list.size === 0);

// --- The lists

async function load() {
  const mine = ++loads;
  waiting = [];
  const [came, made, told] = await Promise.all(["/outbox/messages", "/sandbox/links", "/sandbox/events"].map(async (path) => {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  }));
  if (mine !== loads) return; // a newer load is on its way
  const late = waiting;
  waiting = null;
  for (const list of Object.values(lists)) list.clear();
  requests.clear();
  older = [came, made, told].some(({ total }) => total > SHOWN);
  const oldestFirst = came.messages.reverse();
  for (const request of oldestFirst) requests.set(request.number, request);
  for (const link of made.links.reverse()) putLink(link);
  for (const event of told.events.reverse()) putEvent(event);
  for (const request of oldestFirst) putRequest(request);
  for (const event of late) event();
  refresh();
  choose();
}

/** Does it now, or once the lists have been read. */
const whenRead = (event) => (waiting ? waiting.push(event) : event());

const putLink = (link) => lists.links.put(link.id, link);
const putEvent = (event) => lists.events.put(event.webhook_id, event);

function putRequest(request) {
  if (isSend(request)) lists.messages.put(request.number, request);
  else if (linksOf(request).length === 0) lists.requests.put(request.number, request);
}

function arrive(request) {
  if (requests.has(request.number)) return;
  requests.set(request.number, request);
  if (requests.size > SHOWN) requests.delete(requests.keys().next().value);
  putRequest(request);
  for (const link of linksOf(request)) putLink(link);
  refresh();
  if (linksOf(request).includes(chosenLink())) choose();
  else view(!$("chosen").hidden);
  $("news").textContent = `${titleOf(request)}: ${marksOf(request).map(([, words]) => words).join(", ")}`;
}

/** Shows a link or an event that came, or that changed. */
function change(putIt, thing) {
  putIt(thing);
  refresh();
  if (chosenLink() === thing || chosenEvent() === thing) choose();
  else view(!$("chosen").hidden);
}

function row({ href, icon, what, to, at, link, marks, reason = "", refused = false }) {
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

function requestRow(request) {
  return row({
    href: `#${request.number}`,
    icon: request.channel,
    what: text(`row.${request.channel}`),
    to: recipientOf(request),
    at: request.at,
    link: isSend(request) ? linkOf(request) : nameOf(request),
    marks: marksOf(request).map(([kind, words]) => mark(kind, words)),
    reason: request.answer.reason ?? "",
    refused: !request.delivered,
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
  });
}

// --- Filter and count

const kind = () => document.querySelector('input[name="kind"]:checked').value;

function refresh() {
  const wanted = $("filter").value.trim().toLowerCase();
  const only = kind();
  const has = (...values) => values.some((value) => value?.toLowerCase().includes(wanted));
  const isOf = { all: () => true, refused: ({ delivered }) => !delivered }[only] ?? (({ channel }) => channel === only);
  const isWanted = (request) => {
    const { link_id, hint, misbehaviour, answer } = request;
    return isOf(request) && has(recipientOf(request), link_id, hint, misbehaviour, answer.status, answer.reason);
  };
  const shown = [
    lists.links.filter(({ id, name }) => only === "all" && has(id, name)),
    lists.events.filter(({ type, reference, merchant_oid, reasons }) => only === "all" && has(type, reference, merchant_oid, ...(reasons ?? []))),
    lists.messages.filter(isWanted),
    lists.requests.filter(isWanted),
  ];
  $("empty").hidden = !isEmpty();
  $("no-match").hidden = isEmpty() || shown.some(Boolean);
  $("newest").hidden = !older;
  $("clear").disabled = isEmpty();
  const count = lists.messages.size;
  document.title = `${count ? `(${count}) ` : ""}${text("outbox.title")} · PayTR sandbox`;
}

// --- The chosen message, link or event: the fragment of the address, so that Back works on a phone

const chosenLink = () => links.get(location.hash.replace(/^#link-/, ""));
const chosenEvent = () => events.get(location.hash.replace(/^#event-/, ""));

function choose() {
  const link = chosenLink();
  const event = chosenEvent();
  const request = requests.get(Number(location.hash.slice(1)));
  document.querySelector('.row[aria-current="true"]')?.removeAttribute("aria-current");
  itemOf({ link, event, request })?.querySelector("a").setAttribute("aria-current", "true");
  const parts = link ? linkDetail(link) : event ? eventDetail(event) : request ? messageDetail(request) : [];
  $("choose").hidden = parts.length > 0;
  $("chosen").hidden = parts.length === 0;
  fill(parts);
  view(parts.length > 0);
  return parts.length > 0;
}

/** The row of what is chosen: of a create or a delete, that of the link. */
function itemOf({ link, event, request }) {
  if (link) return lists.links.item(link.id);
  if (event) return lists.events.item(event.webhook_id);
  if (!request) return undefined;
  const own = lists.messages.item(request.number) ?? lists.requests.item(request.number);
  return own ?? lists.links.item(linksOf(request)[0]?.id);
}

/** Whoever stands on a button stays on it. */
function fill(parts) {
  const key = document.activeElement?.dataset.key;
  $("chosen").replaceChildren(...parts);
  if (key) $("chosen").querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function view(isChosen) {
  $("main").dataset.view = isEmpty() ? "empty" : isChosen ? "detail" : "list";
}

const onPhone = matchMedia("(max-width: 52rem)");

let left = null; // the fragment of the row to come back to
addEventListener("hashchange", () => {
  const isChosen = choose();
  if (!onPhone.matches) return;
  if (isChosen) {
    left = location.hash;
    scrollTo(0, 0);
    $("detail").focus({ preventScroll: true });
  } else {
    if (left) document.querySelector(`.row[href="${CSS.escape(left)}"]`)?.focus();
  }
});

for (const name of Object.keys(lists)) $(name).addEventListener("keydown", (event) => {
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
  if (!confirm(text("clear.sure"))) return;
  try {
    await fetch("/outbox", { method: "DELETE" });
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
$("newest").textContent = text("newest", { shown: SHOWN });
known().catch(() => {}); // the table is a help only; the list says when the sandbox is gone
listen();

// One message, link or event in full.

import { $, dayOf, element, list, mark, money, timeOf } from "/sandbox/elements.js";
import { payments, stateOf } from "/sandbox/payments.js";
import { hint, text } from "/sandbox/texts.js";

export const links = new Map(); // id → a link that the sandbox made
export const events = new Map(); // webhook-id → an event that the shop was told of
export const requests = new Map(); // number → a request that PayTR got: a send, which is a message, a create or a delete

export const isSend = ({ channel }) => channel === "sms" || channel === "email";
export const recipientOf = (message) => {
  if (isSend(message)) return message.recipient || text("no_recipient");
  const named = message.channel === "create" && message.fields.find(([name]) => name === "name")?.[1];
  return named || message.link_id || text("no_link");
};
export const nameOf = ({ channel }) => text(`channel.${channel}`);
export const titleOf = (message) => text(`title.${message.channel}`, { to: recipientOf(message) });
export const linkOf = ({ link_id }) => {
  if (!link_id) return text("no_link");
  return links.get(link_id)?.link ?? `https://www.paytr.com/link/${link_id}`;
};

const idsOf = ({ link_id }) => link_id?.split(",") ?? [];
/** The sandbox's own links that a request is about. */
export const linksOf = (request) => idsOf(request).map((id) => links.get(id)).filter(Boolean);
const requestsOf = ({ id }) => [...requests.values()].filter((request) => idsOf(request).includes(id));

/** What the list says of a message in a word or two: pairs of kind and text. */
export function marksOf({ channel, delivered, misbehaviour }) {
  const marks = [delivered ? ["good", text(`done.${channel}`)] : ["bad", text("refused")]];
  if (misbehaviour) marks.push(["odd", misbehaviour]);
  return marks;
}

const STATES = { open: "plain", sold_out: "plain", expired: "bad", deleted: "bad" };

/** The same of a link: whether it is paid, its state, how the last notification fares, and whether anybody was sent it. */
export function linkMarks(link) {
  const { state, max_count, payments: all } = link;
  const isPaid = all.length > 0;
  // Of a link that sells one piece, "sold out" says no more than "paid".
  const saysMore = state !== "paid" && !(state === "sold_out" && max_count === 1);
  const asked = requestsOf(link);
  return [
    isPaid && mark("good", text("state.paid")),
    (!isPaid || saysMore) && mark(isPaid ? "plain" : STATES[state], text(`state.${state}`)),
    isPaid && stateOf(all.at(-1), text("notification.label")),
    ...sendMarks(asked),
    ...asked.filter(({ channel, misbehaviour }) => channel === "create" && misbehaviour).map(({ misbehaviour }) => mark("odd", misbehaviour)),
  ].filter(Boolean);
}

/** Whether PayTR was asked for nothing but the link. Of a link whose messages were cleared nobody can say. */
const isUnsent = (asked) => asked.some(({ channel }) => channel === "create") && !asked.some(isSend);

/** By which channels a link went out, and by which it did not. */
function sendMarks(asked) {
  if (isUnsent(asked)) return [mark("plain", text("link.unsent"))];
  return ["sms", "email"].flatMap((channel) => {
    const sends = asked.filter((request) => request.channel === channel);
    if (sends.length === 0) return [];
    const name = nameOf({ channel });
    return [sends.some(({ delivered }) => delivered) ? mark("plain", name) : mark("bad", text("link.refused", { channel: name }))];
  });
}

export function messageDetail(message) {
  return [
    back(),
    element("h2", {}, titleOf(message)),
    element("p", { className: "when" }, dayOf(message.at)),
    message.delivered ? isSend(message) && preview(message) : refusal(message),
    paymentPage(links.get(message.link_id)),
    message.delivered && isSend(message) && linksOf(message).length === 0 && element("p", { className: "hint" }, text("elsewhere")),
    element("h3", {}, text("happened")),
    facts(message),
    element("h3", {}, text("form")),
    form(message),
  ].filter(Boolean);
}

export function linkDetail(link) {
  const { currency, link_type } = link;
  const price = money(link.price, currency);
  return [
    back(),
    element("h2", {}, link.name),
    element("p", { className: "when" }, dayOf(link.created_at)),
    element("p", { className: "marks" }, ...linkMarks(link)),
    paymentPage(link),
    element("h3", {}, text("payments.title")),
    payments(link.payments),
    element("h3", {}, text("link.requests")),
    ...asked(link),
    element("h3", {}, text("link.title")),
    list([
      [text("link.address"), link.link],
      [text("link.type"), link_type],
      [text("link.price"), link_type === "flex" ? `${price} – ${money(link.flex_max_price, currency)}` : price],
      [text("link.installments"), String(link.max_installment)],
      [text("link.count"), link_type === "product" ? `${link.sold} / ${link.max_count ?? "∞"}` : null],
      [text("link.email"), link.email],
      [text("link.expiry"), link.expiry_date],
      [text("link.callback"), link.callback_link ?? text("payments.no_callback")],
      ["callback_id", link.callback_id],
    ]),
  ];
}

/** What PayTR was asked about a link, oldest first. */
function asked(link) {
  const all = requestsOf(link);
  const lines = all.map((request) => element(
    "li", {},
    element("time", { dateTime: new Date(request.at).toISOString() }, timeOf(request.at)),
    element("a", { href: `#${request.number}` }, isSend(request) ? titleOf(request) : nameOf(request)),
    ...marksOf(request).map(([kind, words]) => mark(kind, words)),
  ));
  return [
    lines.length > 0 && element("ul", { className: "asked" }, ...lines),
    lines.length === 0 && element("p", { className: "hint" }, text("none")),
    isUnsent(all) && element("p", { className: "hint" }, text("link.unsent_hint")),
  ].filter(Boolean);
}

/** The shop's own number of the order where it gave one. */
export const orderOf = ({ reference, merchant_oid, webhook_id }) => reference ?? merchant_oid ?? webhook_id;
const isPaid = ({ type }) => type === "link.paid";
export const amountOf = ({ total_amount, currency }) => (Number.isInteger(total_amount) ? money(total_amount, currency ?? "") : "");

export function eventMarks(event) {
  const { type, deliveries, reasons } = event;
  return [
    mark(isPaid(event) ? "good" : "odd", type),
    ...(reasons ?? []).map((reason) => mark("bad", reason)),
    ...(deliveries > 1 ? [mark("plain", text("events.times", { count: deliveries }))] : []),
  ];
}

export function eventDetail(event) {
  const { webhook_id, at, type, reference, merchant_oid, reasons, link_id } = event;
  const request = element("pre", { className: "body" }, httpOf(event));
  const meaning = { "link.paid": text("events.paid"), "link.payment_review": text("events.review") }[type];
  const link = links.get(link_id);
  return [
    back(),
    element("h2", {}, text("title.event", { order: orderOf(event) })),
    element("p", { className: "when" }, dayOf(at)),
    element("p", { className: "marks" }, ...eventMarks(event)),
    meaning && element("p", {}, meaning),
    element("h3", {}, text("happened")),
    list([
      ["type", type],
      ["reference", reference],
      ["merchant_oid", merchant_oid],
      ["total_amount", amountOf(event) || null],
      ["reasons", reasons?.join(", ")],
      [text("payments.link"), link && element("a", { href: `#link-${link.id}` }, link.name)],
      ["webhook-id", element("code", {}, webhook_id)],
      [text("events.deliveries"), String(event.deliveries)],
    ]),
    element("div", { className: "titled" }, element("h3", {}, text("events.request")), copyButton(request)),
    element("p", { className: "hint" }, text("events.explain")),
    request,
    element(
      "details", {},
      element("summary", {}, text("events.indented")),
      element("pre", { className: "body" }, JSON.stringify(JSON.parse(event.text), null, 2)),
    ),
  ].filter(Boolean);
}

/** A delivery as it came last, the body byte for byte. */
const httpOf = ({ headers, text: body }) =>
  ["POST /shop/events HTTP/1.1", ...headers.map(([name, value]) => `${name}: ${value}`), "", body].join("\n");

/** Copies what an element holds. Where a browser does not let it, the text is selected, to be copied by hand. */
function copyButton(source) {
  const button = element("button", { type: "button" }, text("copy"));
  button.dataset.key = "copy";
  button.addEventListener("click", async () => {
    let said = "copy.done";
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      said = "copy.selected";
    }
    button.textContent = text(said);
    $("news").textContent = text(said);
  });
  return button;
}

const back = () => element("nav", { className: "back" }, element("a", { href: "#" }, text("back")));

function paymentPage(link) {
  return link && element("p", { className: "go" }, element("a", { className: "button", href: `/link/${link.id}` }, text("payment_page")));
}

function preview(message) {
  return element(
    "figure", { className: "preview" },
    message.channel === "sms" ? sms(message) : email(message),
    element("figcaption", {}, text("illustration")),
  );
}

/** The address as the customer sees it; of a link of the sandbox's own, one that can be followed. */
function address(message) {
  const link = links.get(message.link_id);
  if (link) return element("a", { className: "url", href: `/link/${link.id}` }, link.link);
  return element("span", { className: "url" }, linkOf(message));
}

function sms(message) {
  return element(
    "div", { className: "phone", lang: "tr" },
    element("p", { className: "sender" }, "PAYTR"),
    element("p", { className: "bubble" }, "Ödemenizi güvenle tamamlamak için: ", address(message)),
    element("p", { className: "sent" }, recipientOf(message)),
  );
}

function email(message) {
  return element(
    "div", { className: "mail", lang: "tr" },
    element("p", { className: "line" }, element("b", {}, "Kime"), recipientOf(message)),
    element("p", { className: "line" }, element("b", {}, "Konu"), "Ödeme linkiniz"),
    element("p", {}, "Merhaba,"),
    element("p", {}, "Ödemenizi aşağıdaki link ile güvenle tamamlayabilirsiniz:"),
    element("p", {}, address(message)),
  );
}

function refusal(message) {
  return element(
    "div", { className: "refusal" },
    element("p", {}, element("b", {}, text(`nothing.${message.channel}`))),
    message.hint && element("p", {}, hint(message.hint)),
  );
}

function facts(message) {
  const { answer, misbehaviour } = message;
  return list([
    [text("fact.link"), linkFact(message)],
    [text("fact.verdict"), answer.status],
    [text("fact.reason"), answer.reason],
    [text("fact.misbehaviour"), misbehaviour && `${misbehaviour} ${text("fact.met")}`],
    [text("fact.customer"), isSend(message) ? text(message.delivered ? "fact.received" : "fact.not_received") : null],
    [text("fact.number"), String(message.number)],
  ]);
}

/** The links that it is about: a way to those of the sandbox's own. */
function linkFact(message) {
  const own = linksOf(message);
  if (own.length === 0) return message.channel === "delete" ? message.link_id : linkOf(message);
  return element("span", {}, ...own.flatMap((link, place) => [place > 0 && ", ", element("a", { href: `#link-${link.id}` }, link.link)]));
}

function form({ fields, content_type }) {
  return element(
    "div", {},
    list([["content-type", content_type || text("none")], ...fields.map(([name, value]) => [name, shown(value)])], "code", text("empty")),
    fields.length === 0 && element("p", { className: "hint" }, text("no_fields")),
  );
}

/** A secret comes as its length alone. */
const shown = (value) => (typeof value === "string" ? value : text("hidden", value));

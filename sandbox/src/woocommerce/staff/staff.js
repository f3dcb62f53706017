// The shop's page: what its staff does with an order, and what it is told of the payment.

import { $, element, mark, post } from "/sandbox/elements.js";
import { fillIn, text } from "/sandbox/texts.js";

const EVERY_MS = 1000;
const MARKS = { "on-hold": "odd", pending: "odd", processing: "good", completed: "good", cancelled: "bad", trash: "bad" };
/** What is shown of each order, to leave alone what did not change: somebody may be typing there. */
const shown = new Map();

async function load() {
  try {
    const answer = await fetch("/shop/orders", { cache: "no-store" });
    show(await answer.json());
    $("lost").hidden = true;
  } catch {
    $("lost").hidden = false;
  }
  setTimeout(load, EVERY_MS);
}

function show({ orders }) {
  $("none").hidden = orders.length > 0;
  for (const order of [...orders].reverse()) {
    const state = JSON.stringify(order);
    const before = shown.get(order.id);
    if (before?.state === state) continue;
    const card = cardOf(order);
    if (before) before.card.replaceWith(card);
    else $("orders").prepend(card);
    shown.set(order.id, { state, card });
  }
}

function cardOf(order) {
  const { id, number, status, total, currency, transaction_id: transaction, notes } = order;
  const amount = element("input", { value: total, inputMode: "decimal", ariaLabel: text("shop.total") });
  const save = element("form", {}, element("div", { className: "field" }, amount), button("shop.save"));
  save.addEventListener("submit", (event) => {
    event.preventDefault();
    edit(id, { total: amount.value.trim() });
  });
  for (const [key, change] of [["shop.cancel", { status: "cancelled" }], ["shop.on_hold", { status: "on-hold" }], ["shop.bin", { bin: true }]]) {
    const press = button(key, "button");
    press.addEventListener("click", () => edit(id, change));
    save.append(press);
  }
  return element("article", { className: "card", id: `order-${id}` },
    element("h3", {}, `#${number}`, mark(MARKS[status] ?? "plain", status), `${total} ${currency}`),
    transaction && element("p", { className: "hint" }, text("shop.transaction", { transaction })),
    save,
    element("ul", { className: "notes" }, ...notes.map(({ note }) => element("li", {}, ...linked(note)))));
}

const button = (key, type = "submit") => element("button", { type }, text(key));

/** A note, in which an address leads there. */
const linked = (note) =>
  note.split(/(https?:\/\/\S+)/).map((part, place) => (place % 2 ? element("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));

async function edit(id, change) {
  await attempt(() => fetch(`/shop/orders/${id}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  }).then(async (answer) => {
    if (!answer.ok) throw new Error((await answer.json()).error);
  }));
}

async function attempt(act) {
  $("refused").textContent = "";
  try {
    await act();
  } catch (error) {
    $("refused").textContent = error.message;
  }
}

$("place").addEventListener("submit", (event) => {
  event.preventDefault();
  const [phone, email, total] = ["phone", "email", "total"].map((id) => $(id).value.trim());
  attempt(() => post("/shop/orders", { phone, email, total }));
});
fillIn();
document.title = text("shop.title");
load();

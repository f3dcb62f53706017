// The payment page: what the payer of a link sees, and below it what only a sandbox has.

import { $, element, minorUnits, money, post, typed } from "./elements.js";
import { payments } from "./payments.js";
import { fillIn, hint, text } from "./texts.js";

const RETRY_MS = 2000;
const id = decodeURIComponent(location.pathname.split("/").pop());

let link = null;

// --- The link

async function load() {
  const answer = await fetch(`/sandbox/links/${encodeURIComponent(id)}`, { cache: "no-store" });
  if (answer.status === 404) return missing();
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  show(await answer.json());
}

function missing() {
  $("missing").hidden = false;
  $("main").hidden = true;
  document.title = `${text("page.missing")} · PayTR sandbox`;
}

function show(next) {
  const isFirst = link === null;
  link = next;
  const isOpen = link.state === "open" || link.state === "paid";
  $("missing").hidden = true;
  $("main").hidden = false;
  $("name").textContent = link.name;
  $("price").textContent = money(link.price, link.currency);
  $("about").textContent = about();
  $("form").hidden = !isOpen;
  $("closed").hidden = isOpen;
  $("closed").textContent = isOpen ? "" : text(`closed.${link.state}`);
  $("payments").replaceChildren(payments(link.payments));
  if (isFirst) {
    document.title = `${link.name} · PayTR sandbox`;
    $("amount-field").hidden = isByPiece();
    // Nothing can be chosen of a link that sells one piece.
    $("quantity-field").hidden = !isByPiece() || link.max_count === 1;
    $("quantity").value = link.min_count;
    $("amount").value = typed(link.price);
    $("amount-hint").textContent = link.link_type === "flex"
      ? text("page.flex", { least: money(link.price, link.currency), most: money(link.flex_max_price, link.currency) })
      : text("page.free");
    $("installments-field").hidden = link.max_installment === 1;
    $("other-amount").value = typed(Math.max(1, Math.floor(link.price / 2)));
  }
  $("quantity-hint").textContent = quantityHint();
  offer();
}

function about() {
  const parts = [];
  if (link.max_count > 1) {
    parts.push(text("page.left", { left: link.left, all: link.max_count }));
  }
  if (link.expiry_date) parts.push(text("page.until", { date: link.expiry_date }));
  return parts.join(" · ");
}

function quantityHint() {
  const limits = { least: link.min_count, most: link.left };
  if (link.left === null) return text("page.quantity_least", limits);
  return text(link.left === link.min_count ? "page.quantity_only" : "page.quantity_range", limits);
}

// --- Quantity, amount and instalments

const isByPiece = () => link.link_type === "product";

/** What is typed: the quantity of a product link, the amount of another; null if it is none. */
const quantity = () => (/^[1-9]\d{0,8}$/.test($("quantity").value.trim()) ? Number($("quantity").value) : null);
const amount = () => minorUnits($("amount").value);

/** What is paid without interest; what the link offers first, while nothing readable is typed. */
const price = () => (isByPiece() ? link.price * (quantity() ?? link.min_count) : amount() ?? link.price);

const total = (paid, { interest_permille }) => paid + Math.ceil((paid * interest_permille) / 1000);

function offer() {
  const paid = price();
  const chosen = $("installments").value || "1";
  $("installments").replaceChildren(...link.installments.map((installment) => {
    const all = total(paid, installment);
    const label = installment.count === 1
      ? text("page.one_payment", { total: money(all, link.currency) })
      : text("page.in_installments", {
        count: installment.count,
        each: money(all / installment.count, link.currency),
        total: money(all, link.currency),
      });
    return element("option", { value: installment.count }, label);
  }));
  $("installments").value = chosen;
  sum();
}

function sum() {
  const installment = link.installments[Number($("installments").value) - 1];
  $("pay").textContent = text("page.pay", { amount: money(total(price(), installment), link.currency) });
}

function check() {
  if (isByPiece()) {
    const pieces = quantity();
    const isForSale = pieces !== null && pieces >= link.min_count && (link.left === null || pieces <= link.left);
    complain("quantity", !isForSale && text("page.no_quantity"));
    return isForSale;
  }
  const paid = amount();
  const isWrong = paid === null || (link.link_type === "flex" && (paid < link.price || paid > link.flex_max_price));
  complain("amount", isWrong && text(paid === null ? "page.no_amount" : "page.out_of_range"));
  return !isWrong;
}

function complain(field, words) {
  $(field).setAttribute("aria-invalid", String(Boolean(words)));
  $(field === "other-amount" ? "other-error" : `${field}-error`).textContent = words || "";
}

// --- Paying

async function pay(...payments) {
  const buttons = document.querySelectorAll("#form button, #trials button");
  for (const button of buttons) button.disabled = true;
  $("refused").textContent = "";
  $("thanks").textContent = "";
  try {
    for (const payment of payments) await post(`/sandbox/links/${encodeURIComponent(id)}/pay`, payment);
    $("thanks").textContent = text(payments.length > 1 ? "page.thanks_twice" : "page.thanks");
  } catch (error) {
    $("refused").textContent = text("page.refused", { reason: hint(error.message) });
  }
  for (const button of buttons) button.disabled = false;
}

const choice = () => ({
  ...(isByPiece() ? { quantity: quantity() ?? link.min_count } : { amount: price() }),
  installments: Number($("installments").value),
});

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (check()) pay(choice());
  else $(isByPiece() ? "quantity" : "amount").focus();
});
// Two payers at once both get through, however many pieces are left.
$("pay-twice").addEventListener("click", () => pay({ ...choice(), even_if_inactive: true }, { ...choice(), even_if_inactive: true }));
$("test-payment").addEventListener("click", () => pay({ ...choice(), test_mode: true, even_if_inactive: true }));
$("other").addEventListener("submit", (event) => {
  event.preventDefault();
  const other = minorUnits($("other-amount").value);
  complain("other-amount", other === null && text("page.no_amount"));
  if (other === null) $("other-amount").focus();
  else pay({ amount: other, even_if_inactive: true });
});
for (const field of ["quantity", "amount"]) {
  $(field).addEventListener("input", offer);
  $(field).addEventListener("change", check);
}
$("installments").addEventListener("change", sum);

// --- The connection

function listen() {
  const events = new EventSource("/outbox/events");
  const again = () => {
    events.close();
    $("lost").hidden = false;
    setTimeout(listen, RETRY_MS);
  };
  const reload = () => load().then(() => { $("lost").hidden = true; }, again);
  events.addEventListener("open", reload);
  events.addEventListener("reload", reload);
  events.addEventListener("link", (event) => {
    const changed = JSON.parse(event.data);
    if (changed.id === id) show(changed);
  });
  events.addEventListener("error", again, { once: true });
}

fillIn();
listen();

// The order, as the shop has it: placing it, and watching what becomes of it.
//
// In scope: asking the shop. Not in scope: messages (ask.js), and what the customer is told (page.js).

const POLL_MS = 1000;
const PATIENCE_MS = 10_000;

const json = (answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`HTTP ${answer.status}`)));

/** What is in the cart. */
export const cart = () => fetch("/api/cart").then(json);

/**
 * Places the order of the cart, once, however often it is asked: the press that does it is kept until the shop has
 * answered. Resolves with `{ number, send }`, `send` being whom the shop sends the link to.
 */
export async function place({ lang, send }) {
  const press = sessionStorage.getItem("placing") ?? crypto.randomUUID();
  sessionStorage.setItem("placing", press);
  const placed = await fetch("/api/orders", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ press, lang, send }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).then(json);
  sessionStorage.removeItem("placing");
  return placed;
}

/**
 * Calls back with the order, now and whenever it has changed, until it is paid. A page that nobody sees does not ask, and
 * asks at once when it is seen again, also by way of the browser's Back.
 */
export function watch(number, onChange) {
  let last;
  let timer;
  const look = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") return;
    // Without an answer the page stays as it is, and asks again.
    const order = await fetch(`/api/orders/${number}`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(json).catch(() => last);
    if (JSON.stringify(order) !== JSON.stringify(last)) onChange(order);
    last = order;
    clearTimeout(timer);
    if (order?.state !== "paid") timer = setTimeout(look, POLL_MS);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && look());
  return look();
}

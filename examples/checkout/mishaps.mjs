// Mishaps, in the demo alone: the sandbox's own controls pay as no customer should, and the shop takes no events for a while.
//
// In scope: bringing them about. Not in scope: what the shop makes of them, which is what there is to see.

/** What is paid, one payment after the other, as the sandbox's `POST /sandbox/links/ID/pay` takes it. */
const PAYMENTS = {
  too_little: (total) => [{ amount: Math.floor(total / 2), even_if_inactive: true }],
  twice: () => [{ even_if_inactive: true }, { even_if_inactive: true }],
  shop_down: () => [{ even_if_inactive: true }],
};

export class Mishaps {
  #sandboxUrl;
  /** Whether the shop answers the relay's events with 503. */
  isShopDown = false;

  constructor(sandboxUrl) {
    this.#sandboxUrl = sandboxUrl;
  }

  /** Pays an order's link so: `too_little`, `twice`, or `shop_down` at that time. */
  async bringAbout(kind, link, total) {
    if (!link || !Object.hasOwn(PAYMENTS, kind)) return { code: "malformed" };
    if (kind === "shop_down") this.isShopDown = true;
    for (const payment of PAYMENTS[kind](total)) {
      const answer = await fetch(new URL(`/sandbox/links/${link.id}/pay`, this.#sandboxUrl), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(payment),
      });
      if (!answer.ok) return { code: "not-paid" };
    }
    return { outcome: "happened" };
  }
}

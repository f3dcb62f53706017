// `npm run demo -- --woocommerce`: a WooCommerce as far as the relay meets one, played by the sandbox, in place of the shop of
// examples/checkout. Nobody writes code for such a shop: its webhooks make the links.
import { randomBytes } from "node:crypto";
import { HOST, listenAddress } from "./ports.mjs";

/** A new one at each start: this shop's orders begin at 1 again, and the relay remembers those of the last one. */
const NAME = `shop-${Date.now().toString(36)}`;

/**
 * Makes the settings of relay and sandbox, all secrets new.
 *
 * @param {number} port of the shop
 * @returns {{settings: Record<string, string>, connect: (relayUrl: string) => Promise<void>}} `connect` saves the shop's
 *   webhooks, once both run
 */
export function woocommerce(port) {
  const random = () => randomBytes(20).toString("hex");
  const url = `http://${HOST}:${port}`;
  const [secret, apiKey] = [random(), `ck_${random()}:cs_${random()}`];
  const storefront = { name: NAME, platform: "woocommerce", url, webhook_secret: secret, api_key: apiKey, pay_by_link: ["bacs"] };
  return {
    settings: {
      STOREFRONTS: JSON.stringify([storefront]),
      SANDBOX_WOOCOMMERCE_ADDRESS: `${listenAddress()}:${port}`,
      SANDBOX_WOOCOMMERCE_API_KEY: apiKey,
      // Changing the amount sends the customer a new link, again and again.
      SEND_LIMITS: "[]",
    },
    async connect(relayUrl) {
      const answer = await fetch(`${url}/shop/webhooks`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ delivery_url: `${relayUrl}/hooks/${NAME}`, secret }),
      });
      const { pings } = await answer.json();
      if (!pings.every((status) => status === 200)) throw new Error(`The relay does not take the shop's webhooks: ${pings.join(", ")}`);
    },
  };
}

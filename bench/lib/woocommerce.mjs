// A WooCommerce shop whose orders are to be paid by link.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { inRoot } from "../../scripts/paths.mjs";

const SECRET = "bench0123456789abcdefghijklmnop";
const DELIVERY = inRoot("tests/vectors/woocommerce/order.created.on-hold.http");

/** The setting `STOREFRONTS` for a shop at this address. */
export function storefronts(url) {
  const keys = { webhook_secret: SECRET, api_key: "ck_0:cs_0" };
  return JSON.stringify([{ name: "shop", platform: "woocommerce", url, pay_by_link: ["bacs"], ...keys }]);
}

/** An order as text. */
export const order = () => readFileSync(DELIVERY, "utf8").split(/\r?\n\r?\n/)[1].trimEnd();

/** The request with which the shop tells of an order. */
export function delivery(body) {
  const signature = createHmac("sha256", SECRET).update(body).digest("base64");
  const signed = { "x-wc-webhook-topic": "order.created", "x-wc-webhook-signature": signature };
  return { method: "POST", path: "/hooks/shop", headers: { "content-type": "application/json", ...signed }, body };
}

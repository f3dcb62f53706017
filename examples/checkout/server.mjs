// The shop as a program. `npm run demo` starts it together with a relay and a sandbox; by itself:
//
//   export RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… EVENTS_SECRET=whsec_…
//   ORDERS_FILE=orders.json SHOP_PORT=8790 node examples/checkout/server.mjs
import { createServer } from "node:http";
import { needsNode } from "../send.mjs";
import { Orders } from "./orders.mjs";
import { shop } from "./shop.mjs";

needsNode(20, 12);
const { RELAY_URL, WEBHOOK_SECRET, EVENTS_SECRET, ORDERS_FILE, SHOP_PORT = "8790" } = process.env;
if (!RELAY_URL || !WEBHOOK_SECRET || !EVENTS_SECRET || !ORDERS_FILE) {
  console.error("RELAY_URL, WEBHOOK_SECRET, EVENTS_SECRET and ORDERS_FILE must be set.");
  process.exit(2);
}
const relay = { url: RELAY_URL, secret: WEBHOOK_SECRET };
const server = createServer(shop({ relay, eventsSecrets: EVENTS_SECRET, orders: new Orders(ORDERS_FILE) }));
server.listen(Number(SHOP_PORT), "127.0.0.1", () => {
  console.log(`The shop is at http://127.0.0.1:${server.address().port}/`);
});

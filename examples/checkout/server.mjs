// The shop as a program. `npm run demo` starts it together with a relay and a sandbox; by itself:
//
//   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… node examples/checkout/server.mjs
import { createServer } from "node:http";
import { shop } from "./shop.mjs";

const { RELAY_URL, WEBHOOK_SECRET, SHOP_PORT = "8790" } = process.env;
if (!RELAY_URL || !WEBHOOK_SECRET) {
  console.error("RELAY_URL and WEBHOOK_SECRET must be set.");
  process.exit(2);
}
const server = createServer(shop({ relayUrl: RELAY_URL, secret: WEBHOOK_SECRET }));
server.listen(Number(SHOP_PORT), "127.0.0.1", () => {
  console.log(`The shop is at http://127.0.0.1:${server.address().port}/`);
});

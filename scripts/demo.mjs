// `npm run demo`: the shop of examples/checkout, with the relay and a PayTR sandbox, on this machine. With `-- --woocommerce` it
// is a WooCommerce that the sandbox plays.
//
// SHOP_PORT, RELAY_PORT and SANDBOX_PORT choose other ports; LISTEN_ADDRESS and DEV_DIR are as in start.mjs. The shop's orders lie beside what
// the relay stores, which knows their links for as long.
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { textsFor } from "./demo/texts.mjs";
import { machineTexts } from "./machine-texts.mjs";
import { ROOT } from "./paths.mjs";
import { readFlags } from "./read-flags.mjs";
import { BUILD_WORKER, buildEnv, setUp, steps } from "./setup.mjs";
import { runMain } from "./user-error.mjs";

const DEV_DIR = path.resolve(process.env.DEV_DIR ?? ROOT);
const DEV_VARS = path.join(DEV_DIR, ".dev.vars");
const SHOP_DIR = path.join(DEV_DIR, ".wrangler", "state", "shop");
const texts = textsFor(process.env);

await runMain(async () => {
  const isWoocommerce = readFlags("npm run demo", ["--woocommerce"], "RELAY_PORT, SANDBOX_PORT, SHOP_PORT").includes("--woocommerce");
  const env = await setUp();
  const { Mishaps } = await import("../examples/checkout/mishaps.mjs");
  const { Orders } = await import("../examples/checkout/orders.mjs");
  const { EVENTS_PATH, shop } = await import("../examples/checkout/shop.mjs");
  const { loadDevVars } = await import("./dev-vars.mjs");
  const { HOST, exposure, freePorts, listenAddress } = await import("./ports.mjs");
  const { endAll, endAllOnSignals, run } = await import("./processes.mjs");
  const { shownPath } = await import("./local-relay.mjs");
  const { buildSandbox, startBoth } = await import("./services.mjs");

  const command = isWoocommerce ? "npm run demo -- --woocommerce" : "npm run demo";
  const ports = await freePorts(command, ["relay", "sandbox", "shop"]);
  const shopUrl = `http://${HOST}:${ports.shop}`;
  const shopsOwn = { ALLOWED_ORIGINS: JSON.stringify([shopUrl]), EVENTS_URL: `${shopUrl}${EVENTS_PATH}` };
  const { woocommerce } = await import("./demo-woocommerce.mjs");
  const played = isWoocommerce ? woocommerce(ports.shop) : undefined;
  const settings = { ...loadDevVars(DEV_VARS), ...(played?.settings ?? shopsOwn) };
  // Before the steps: what is built in them may take minutes.
  const server = createServer();
  if (!played) await once(server.listen(ports.shop, listenAddress()), "listening");
  endAllOnSignals();
  try {
    const step = steps(3);
    await step(machineTexts().buildingWorker, () => run(...BUILD_WORKER, buildEnv(env)));
    await step(machineTexts().buildingSandbox, () => buildSandbox(env));
    const { services, relayUrl, sandboxUrl } = await step(texts.starting, () =>
      startBoth({ ports, directory: DEV_DIR }, settings, env),
    );
    if (played) {
      await played.connect(relayUrl);
      console.log(texts.woocommerceScreen({ shopUrl, sandboxUrl, relayUrl }));
      if (exposure(ports)) console.log(exposure(ports));
      for (const service of services) service.show();
      await Promise.race(services.map((service) => service.ended));
    }
    const [secret] = settings.WEBHOOK_SECRETS.trim().split(/\s+/);
    mkdirSync(SHOP_DIR, { recursive: true });
    const orders = new Orders(path.join(SHOP_DIR, "orders.json"));
    const relay = { url: relayUrl, secret };
    server.on("request", shop({ relay, eventsSecrets: settings.EVENTS_SECRETS, orders, mishaps: new Mishaps(sandboxUrl) }));
    console.log(texts.screen({ shopUrl, sandboxUrl, relayUrl, devVars: shownPath(DEV_VARS) }));
    if (exposure(ports)) console.log(exposure(ports));
    for (const service of services) service.show();
    await Promise.race(services.map((service) => service.ended));
  } finally {
    server.close();
    server.closeAllConnections();
    await endAll();
  }
});

// `npm run demo`: the shop of examples/checkout, with the relay and a PayTR sandbox, on this machine.
//
// SHOP_PORT, RELAY_PORT and SANDBOX_PORT choose other ports; DEV_DIR is as in start.mjs.
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { setUp, steps } from "./setup.mjs";
import { runMain } from "./user-error.mjs";

const DEV_DIR = path.resolve(process.env.DEV_DIR ?? ROOT);
const DEV_VARS = path.join(DEV_DIR, ".dev.vars");

await runMain(async () => {
  const env = await setUp();
  const { shop } = await import("../examples/checkout/shop.mjs");
  const { loadDevVars } = await import("./dev-vars.mjs");
  const { HOST, freePorts } = await import("./ports.mjs");
  const { endAll, endAllOnSignals } = await import("./processes.mjs");
  const { buildBoth, shownPath, startBoth } = await import("./services.mjs");

  const ports = await freePorts("npm run demo", ["relay", "sandbox", "shop"]);
  const shopUrl = `http://${HOST}:${ports.shop}`;
  const settings = { ...loadDevVars(DEV_VARS), ALLOWED_ORIGINS: JSON.stringify([shopUrl]) };
  // Before the steps: what is built in them may take minutes.
  const server = createServer().listen(ports.shop, HOST);
  await once(server, "listening");
  endAllOnSignals();
  try {
    const step = steps(2);
    await step("Building Worker and sandbox (the first time: a few minutes)", () => buildBoth(env));
    const { services, relayUrl, sandboxUrl } = await step("Starting shop, relay and sandbox", () =>
      startBoth({ ports, directory: DEV_DIR }, settings, env),
    );
    const [secret] = settings.WEBHOOK_SECRETS.trim().split(/\s+/);
    server.on("request", shop({ relayUrl, secret }));
    console.log(screen({ shopUrl, sandboxUrl, relayUrl, devVars: shownPath(DEV_VARS) }));
    for (const service of services) service.show();
    await Promise.race(services.map((service) => service.ended));
  } finally {
    server.close();
    server.closeAllConnections();
    await endAll();
  }
});

function screen({ shopUrl, sandboxUrl, relayUrl, devVars }) {
  return `
Ready.

  Shop    ${shopUrl}/
          a checkout page: send yourself a payment link, by SMS or e-mail
  Outbox  ${sandboxUrl}/
          what the customer would have received
  Relay   ${relayUrl}
          the examples' RELAY_URL; their WEBHOOK_SECRET is WEBHOOK_SECRETS in ${devVars}

Nothing leaves this machine. Ctrl-C ends everything. From here on: the log.
`;
}

// `npm run demo`: the shop of examples/checkout, with the relay and a PayTR sandbox, on this machine.
//
// SHOP_PORT, RELAY_PORT and SANDBOX_PORT choose other ports; DEV_DIR is as in start.mjs.
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { loadDevVars } from "./dev-vars.mjs";
import { ROOT } from "./paths.mjs";
import { HOST, freePorts } from "./ports.mjs";
import { endAll, endAllOnSignals } from "./processes.mjs";
import { buildSandbox, shownPath, startBoth } from "./services.mjs";
import { SETUP_STEPS, setUp } from "./setup.mjs";
import { steps } from "./steps.mjs";
import { checkNode } from "./tools.mjs";
import { runMain } from "./trouble.mjs";

const DEV_DIR = path.resolve(process.env.DEV_DIR ?? ROOT);
const DEV_VARS = path.join(DEV_DIR, ".dev.vars");

await runMain(async () => {
  checkNode();
  const ports = await freePorts("npm run demo", ["relay", "sandbox", "shop"]);
  const shopUrl = `http://${HOST}:${ports.shop}`;
  const settings = { ...loadDevVars(DEV_VARS), ALLOWED_ORIGINS: JSON.stringify([shopUrl]) };
  // Before the steps: what is built in them may take minutes.
  const server = createServer().listen(ports.shop, HOST);
  await once(server, "listening");
  endAllOnSignals();
  try {
    const step = steps(SETUP_STEPS + 2);
    const env = await setUp(step);
    await step("Building the sandbox (the first time: 1 minute)", () => buildSandbox(env));
    const { services, relayUrl, sandboxUrl } = await step("Starting shop, relay and sandbox", async () => {
      const started = await startBoth({ ports, directory: DEV_DIR }, settings, env);
      // Only now: its library is one of the packages that the steps before have installed.
      const { shop } = await import("../examples/checkout/shop.mjs");
      const [secret] = settings.WEBHOOK_SECRETS.trim().split(/\s+/);
      server.on("request", shop({ relayUrl: started.relayUrl, secret }));
      return started;
    });
    console.log(screen({ shopUrl, sandboxUrl, relayUrl }));
    for (const service of services) service.show();
    await Promise.race(services.map((service) => service.ended));
  } finally {
    server.close();
    server.closeAllConnections();
    await endAll();
  }
});

function screen({ shopUrl, sandboxUrl, relayUrl }) {
  return `
Ready.

  Shop    ${shopUrl}/
          a checkout page: send yourself a payment link, by SMS or e-mail
  Outbox  ${sandboxUrl}/
          what the customer would have received
  Relay   ${relayUrl}
          the examples' RELAY_URL; their WEBHOOK_SECRET is WEBHOOK_SECRETS in ${shownPath(DEV_VARS)}

Nothing leaves this machine. Ctrl-C ends everything. From here on: the log.
`;
}

// `npm start`: the relay and a PayTR sandbox on this machine, and a command that sends a first SMS.
//
// RELAY_PORT and SANDBOX_PORT choose other ports. DEV_DIR is the folder of .dev.vars and of what the relay stores, if it
// is not to be the checkout: the tests use one of their own.
import path from "node:path";
import { loadDevVars, webhookKey } from "./dev-vars.mjs";
import { ROOT } from "./paths.mjs";
import { freePorts } from "./ports.mjs";
import { endAll, endAllOnSignals } from "./processes.mjs";
import { buildSandbox, shownPath, startBoth } from "./services.mjs";
import { SETUP_STEPS, setUp } from "./setup.mjs";
import { signedCurl } from "./signed-curl.mjs";
import { steps } from "./steps.mjs";
import { checkNode } from "./tools.mjs";
import { runMain } from "./trouble.mjs";

const DEV_DIR = path.resolve(process.env.DEV_DIR ?? ROOT);
const DEV_VARS = path.join(DEV_DIR, ".dev.vars");

await runMain(async () => {
  checkNode();
  const ports = await freePorts("npm start", ["relay", "sandbox"]);
  const settings = loadDevVars(DEV_VARS);
  endAllOnSignals();
  try {
    const step = steps(SETUP_STEPS + 2);
    const env = await setUp(step);
    await step("Building the sandbox (the first time: 1 minute)", () => buildSandbox(env));
    const { services, relayUrl, sandboxUrl } = await step("Starting both", () =>
      startBoth({ ports, directory: DEV_DIR }, settings, env),
    );
    console.log(screen(relayUrl, sandboxUrl, webhookKey(settings)));
    for (const service of services) service.show();
    await Promise.race(services.map((service) => service.ended));
  } finally {
    await endAll();
  }
});

function screen(relayUrl, sandboxUrl, key) {
  return `
Ready.

  Outbox  ${sandboxUrl}/
          what customers would have received: open it in a browser
  Relay   ${relayUrl}
          the examples' RELAY_URL; their WEBHOOK_SECRET is WEBHOOK_SECRETS in ${shownPath(DEV_VARS)}

Send a first SMS: paste this into another terminal.

${signedCurl(`${relayUrl}/webhook`, key)}

It answers {"outcome":"sent", …}, and the SMS is in the outbox. Every run is a new message, but one number gets only
1 SMS a minute and 5 a day: wait, or change the number, or add a line SEND_LIMITS=[] to ${shownPath(DEV_VARS)} and start again.

What you change in src/ is built and loaded by itself. Ctrl-C ends everything. From here on: the log.
`;
}

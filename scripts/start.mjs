// `npm start`: the relay and a PayTR sandbox on this machine, and commands that send a first SMS and create a first link.
//
// With `-- --debug` it is the debug build that runs, with workerd's inspector open: see docs/debugging.md.
//
// RELAY_PORT, SANDBOX_PORT and INSPECTOR_PORT choose other ports, LISTEN_ADDRESS another address: see docs/debugging.md. DEV_DIR
// is the folder of .dev.vars and of what relay and sandbox store, if it is not to be the checkout: the tests use one of
// their own.
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { BUILD_DEBUG, BUILD_WORKER, buildEnv, setUp, steps } from "./setup.mjs";
import { runMain } from "./user-error.mjs";

const DEV_DIR = path.resolve(process.env.DEV_DIR ?? ROOT);
const DEV_VARS = path.join(DEV_DIR, ".dev.vars");
const DEBUG = process.argv.includes("--debug");
const SEND = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"05321234567"}}';
const CREATE =
  '{"type":"link.create","data":{"name":"Order 1001","price":158000,"reference":"1001",' +
  '"send":{"cell_phone":"05331234567","email":"musteri@example.com"}}}';

await runMain(async () => {
  const env = await setUp();
  const { loadDevVars, secretKey } = await import("./dev-vars.mjs");
  const { exposure, freePorts } = await import("./ports.mjs");
  const { endAll, endAllOnSignals, run } = await import("./processes.mjs");
  const { shownPath } = await import("./local-relay.mjs");
  const { buildSandbox, startBoth } = await import("./services.mjs");

  const ports = await freePorts(DEBUG ? "npm start -- --debug" : "npm start", ["relay", "sandbox", ...(DEBUG ? ["inspector"] : [])]);
  const settings = loadDevVars(DEV_VARS);
  endAllOnSignals();
  try {
    const step = steps(3);
    await step("Building the Worker (the first time: a few minutes)", () =>
      run(...(DEBUG ? BUILD_DEBUG : BUILD_WORKER), buildEnv(env, DEBUG)),
    );
    await step("Building the sandbox (the first time: 1 minute)", () => buildSandbox(env));
    const { services, relayUrl, sandboxUrl } = await step("Starting both", () =>
      startBoth({ ports, directory: DEV_DIR }, settings, env),
    );
    console.log(screen({ relayUrl, sandboxUrl, settings, key: secretKey(settings.WEBHOOK_SECRETS), devVars: shownPath(DEV_VARS) }));
    if (exposure(ports)) console.log(exposure(ports));
    for (const service of services) service.show();
    await Promise.race(services.map((service) => service.ended));
  } finally {
    await endAll();
  }
});

function screen({ relayUrl, sandboxUrl, settings, key, devVars }) {
  return `
Ready.

  Outbox  ${sandboxUrl}/
          what customers would have received: open it in a browser
  Relay   ${relayUrl}
          for the examples and for npm run ping, relay and trigger, paste into another terminal:

export RELAY_URL=${relayUrl}
export WEBHOOK_SECRET=${firstOf(settings.WEBHOOK_SECRETS)}
export EVENTS_SECRET=${firstOf(settings.EVENTS_SECRETS)}

Send a first SMS: paste this, too.

${signedCurl(`${relayUrl}/webhook`, key, SEND)}

It answers {"outcome":"sent", …}, and the SMS is in the outbox. Then the whole way: create a link and send it at once.

${signedCurl(`${relayUrl}/webhook`, key, CREATE)}

It answers {"outcome":"created", …}. Open the link in the outbox and pay: the outbox shows what your shop was told.

Every run is a new message, but one number gets only 1 SMS a minute and 5 a day: wait, or change the number, or add a
line SEND_LIMITS=[] to ${devVars} and start again.

${receiverAdvice(settings.EVENTS_URL, devVars)}

What you change in src/ is built and loaded by itself. Ctrl-C ends everything. From here on: the log.
`;
}

function firstOf(secrets) {
  return secrets.trim().split(/\s+/)[0];
}

function receiverAdvice(eventsUrl, devVars) {
  if (eventsUrl) return `Events go to ${eventsUrl}, which is EVENTS_URL in ${devVars}.`;
  return `Events go to the outbox. For a receiver of your own add a line such as EVENTS_URL=http://127.0.0.1:8791/paytr-events to
${devVars} and start again; npm run trigger -- link.paid URL posts a signed sample to it at once.`;
}

/**
 * A command for sh, bash and zsh that signs a message as Standard Webhooks says and posts it. It signs when it runs,
 * under a new webhook-id, so it can be run again and never goes stale.
 *
 * @param {string} url the relay's webhook
 * @param {Buffer} key the webhook secret, decoded
 * @param {string} body the message
 */
function signedCurl(url, key, body) {
  return `(
body='${body}'
id=msg_$(openssl rand -hex 12)
now=$(date +%s)
key=${key.toString("hex")}
sig=$(printf %s "$id.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | openssl base64)
curl -sS -w '\\n' ${url} -H 'content-type: application/json' -d "$body" \\
  -H "webhook-id: $id" -H "webhook-timestamp: $now" -H "webhook-signature: v1,$sig"
)`;
}

// `npm start`: the relay and a PayTR sandbox on this machine, and a command that creates a first link and sends it.
//
// With `-- --debug` it is the debug build that runs, with workerd's inspector open: see docs/debugging.md.
//
// RELAY_PORT, SANDBOX_PORT and INSPECTOR_PORT choose other ports, LISTEN_ADDRESS another address: see docs/debugging.md. DEV_DIR
// is the folder of .dev.vars and of what relay and sandbox store, if it is not to be the checkout: the tests use one of
// their own.
import path from "node:path";
import { machineTexts } from "./machine-texts.mjs";
import { ROOT } from "./paths.mjs";
import { readFlags } from "./read-flags.mjs";
import { BUILD_DEBUG, BUILD_WORKER, buildEnv, setUp, steps } from "./setup.mjs";
import { textsFor } from "./start/texts.mjs";
import { runMain } from "./user-error.mjs";

const DEV_DIR = path.resolve(process.env.DEV_DIR ?? ROOT);
const DEV_VARS = path.join(DEV_DIR, ".dev.vars");
const texts = textsFor(process.env);
const CREATE =
  `{"type":"link.create","data":{"name":"${texts.orderName}","price":158000,"reference":"1001",` +
  '"send":{"cell_phone":"05331234567","email":"musteri@example.com"}}}';

await runMain(async () => {
  const isDebug = readFlags("npm start", ["--debug"], "RELAY_PORT, SANDBOX_PORT").includes("--debug");
  const env = await setUp();
  const { loadDevVars, secretKey } = await import("./dev-vars.mjs");
  const { exposure, freePorts } = await import("./ports.mjs");
  const { endAll, endAllOnSignals, run } = await import("./processes.mjs");
  const { shownPath } = await import("./local-relay.mjs");
  const { buildSandbox, startBoth } = await import("./services.mjs");

  const ports = await freePorts(isDebug ? "npm start -- --debug" : "npm start", ["relay", "sandbox", ...(isDebug ? ["inspector"] : [])]);
  const settings = loadDevVars(DEV_VARS);
  endAllOnSignals();
  try {
    const step = steps(3);
    await step(machineTexts().buildingWorker, () =>
      run(...(isDebug ? BUILD_DEBUG : BUILD_WORKER), buildEnv(env, isDebug)),
    );
    await step(machineTexts().buildingSandbox, () => buildSandbox(env));
    const { services, relayUrl, sandboxUrl } = await step(texts.starting, () =>
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
  const { WEBHOOK_SECRETS, EVENTS_SECRETS, EVENTS_URL } = settings;
  const variables = { RELAY_URL: relayUrl, WEBHOOK_SECRET: firstOf(WEBHOOK_SECRETS), EVENTS_SECRET: firstOf(EVENTS_SECRETS) };
  const create = signedCurl(`${relayUrl}/webhook`, key, CREATE);
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`).join("\n");
  const events = EVENTS_URL ? texts.eventsGoTo(EVENTS_URL, devVars) : texts.eventsGoToOutbox(devVars);
  return texts.screen({ relayUrl, sandboxUrl, exports, create, devVars, events });
}

function firstOf(secrets) {
  return secrets.trim().split(/\s+/)[0];
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

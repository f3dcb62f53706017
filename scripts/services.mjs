// The two that run on this machine for whoever has the checkout: the relay, and the sandbox in PayTR's place.
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { answer, checkHealth, startRelay } from "./local-relay.mjs";
import { HOST, listenAddress } from "./ports.mjs";
import { Service, run } from "./processes.mjs";
import { DEBUG_MODULE } from "./setup.mjs";

const SANDBOX = ["--locked", "-p", "paytr-sandbox"];

/**
 * Builds the sandbox.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export const buildSandbox = (env) => run("cargo", ["build", ...SANDBOX], env);

/**
 * Starts both and waits until both answer.
 *
 * @param {object} where
 * @param {{relay: number, sandbox: number, inspector?: number}} where.ports with one for workerd's inspector, it is the
 *   debug build that runs
 * @param {string} where.directory the folder of .dev.vars and of what the relay stores
 * @param {Record<string, string>} settings
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{services: Service[], relayUrl: string, sandboxUrl: string}>}
 */
export async function startBoth({ ports, directory }, settings, env) {
  const relayUrl = `http://${HOST}:${ports.relay}`;
  const sandboxUrl = `http://${HOST}:${ports.sandbox}`;
  const sandbox = startSandbox({ port: ports.sandbox, directory }, settings, env);
  // Whatever the file says: what is tried out here must never reach PayTR. Events go to the sandbox, which shows them, but
  // for a shop of one's own.
  const EVENTS_URL = settings.EVENTS_URL || `${sandboxUrl}/shop/events`;
  const main = ports.inspector ? DEBUG_MODULE : undefined;
  const where = { ports, directory, configuration: inRoot("wrangler.toml"), main };
  // wrangler builds, too: at the start, and when something in src/ changes.
  const built = main ? { ...env, DEBUG_BUILD: "true" } : env;
  const relay = startRelay(where, { ...settings, EVENTS_URL, PAYTR_BASE_URL: sandboxUrl }, built);
  await answer(`${sandboxUrl}/outbox/messages`, sandbox);
  await checkHealth(await answer(`${relayUrl}/health`, relay), directory);
  return { services: [sandbox, relay], relayUrl, sandboxUrl };
}

/** It keeps its links beside what the relay stores, which knows them for as long. */
function startSandbox({ port, directory }, settings, env) {
  const SANDBOX_STATE = path.join(directory, ".wrangler", "state", "sandbox.jsonl");
  const where = { SANDBOX_ADDRESS: `${listenAddress()}:${port}`, SANDBOX_EXPOSED: listenAddress() === HOST ? "no" : "yes" };
  return new Service("sandbox", "cargo", ["run", "--quiet", ...SANDBOX], { env: { ...env, ...settings, ...where, SANDBOX_STATE } });
}

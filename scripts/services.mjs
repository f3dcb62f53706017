// The two that run on this machine, the relay and the sandbox: started, waited for, and asked whether they are well.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OPTIONAL_SECRETS, SETTINGS } from "./dev-vars.mjs";
import { inRoot } from "./paths.mjs";
import { HOST } from "./ports.mjs";
import { Service, run } from "./processes.mjs";
import { DEBUG_MODULE } from "./setup.mjs";
import { UserError } from "./user-error.mjs";
import { wranglerCommand } from "./wrangler.mjs";

const READY_WITHIN_MS = 120_000;
const POLL_MS = 200;
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
  const sandbox = startSandbox(ports.sandbox, settings, env);
  // Whatever the file says: what is tried out here must never reach PayTR. Events go to the sandbox, which shows them, but
  // for a shop of one's own.
  const EVENTS_URL = settings.EVENTS_URL || `${sandboxUrl}/shop/events`;
  const relay = startRelay(ports, directory, { ...settings, EVENTS_URL, PAYTR_BASE_URL: sandboxUrl }, env);
  await answer(`${sandboxUrl}/outbox/messages`, sandbox);
  await checkHealth(await answer(`${relayUrl}/health`, relay), directory);
  return { services: [sandbox, relay], relayUrl, sandboxUrl };
}

function startSandbox(port, settings, env) {
  return new Service("sandbox", "cargo", ["run", "--quiet", ...SANDBOX], {
    env: { ...env, ...settings, SANDBOX_ADDRESS: `${HOST}:${port}` },
  });
}

/** Wrangler takes the settings from the environment, so that relay and sandbox have the very same. */
function startRelay({ relay, inspector }, directory, settings, env) {
  const shellsOwn = Object.fromEntries(SETTINGS.map((name) => [name, undefined]));
  const where = ["--local", "--ip", HOST, "--port", `${relay}`, "--inspector-ip", HOST, "--inspector-port", `${inspector ?? 0}`];
  const config = ["--config", writeConfiguration(directory, settings)];
  const state = ["--persist-to", path.join(directory, ".wrangler", "state"), "--env-file", "/dev/null"];
  const [node, wrangler] = wranglerCommand(env);
  const args = [wrangler, "dev", ...(inspector ? [DEBUG_MODULE] : []), ...config, ...where, ...state, "--show-interactive-dev-session=false"];
  return new Service("relay", node, args, {
    env: {
      ...env,
      ...shellsOwn,
      ...settings,
      // wrangler builds, too: at the start, and when something in src/ changes.
      ...(inspector && { DEBUG_BUILD: "true" }),
      // Nothing is to leave this machine: no usage figures, no look for updates, no fetch of Request.cf.
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_WRITE_LOGS: "false",
    },
    // The relay logs every request itself, and says more.
    isNoise: (line) => /^\[wrangler:info\] [A-Z]+ \//.test(line),
  });
}

/**
 * wrangler.toml for this machine, in a folder of its own. wrangler hands on no setting that the file does not name, and there it
 * names no secret that a deploy can do without.
 */
function writeConfiguration(directory, settings) {
  const folder = path.join(directory, ".wrangler", "local");
  const given = OPTIONAL_SECRETS.filter((name) => settings[name]).map((name) => `, "${name}"`);
  const text = readFileSync(inRoot("wrangler.toml"), "utf8")
    .replace(/^(main|watch_dir) = "(.+)"$/gm, (_, name, file) => `${name} = ${JSON.stringify(path.relative(folder, inRoot(file)))}`)
    .replace(/^(required = \[.*)\]$/m, (_, names) => `${names}${given.join("")}]`);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "wrangler.toml");
  writeFileSync(file, text);
  return file;
}

/** Waits for an answer, whatever it is. */
async function answer(url, service) {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; ) {
    const response = await Promise.race([service.ended, fetch(url).catch(() => sleep(POLL_MS))]);
    if (response) return response;
  }
  throw new UserError(`The ${service.name} did not answer within ${READY_WITHIN_MS / 1000} s at ${url}`);
}

async function checkHealth(response, directory) {
  if (response.ok) return;
  const { settings } = await response.json();
  const lines = settings.map(({ name, detail }) => `  ${name} ${detail}.`);
  throw new UserError(`The relay does not take its settings. Correct them in ${shownPath(path.join(directory, ".dev.vars"))}:\n${lines.join("\n")}`);
}

/** As short as it can be said from where the reader is. */
export function shownPath(file) {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}

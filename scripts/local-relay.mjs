// The relay on this machine: wrangler.toml for it, and workerd by `wrangler dev`, waited for until it answers.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OPTIONAL_SECRETS, SETTINGS } from "./dev-vars.mjs";
import { machineTexts } from "./machine-texts.mjs";
import { HOST, listenAddress } from "./ports.mjs";
import { Service } from "./processes.mjs";
import { UserError } from "./user-error.mjs";
import { wranglerCommand } from "./wrangler.mjs";

const READY_WITHIN_MS = 120_000;
const POLL_MS = 200;

/**
 * Starts it. Wrangler takes the settings from the environment, so that whatever runs beside it has the very same.
 *
 * @param {object} where
 * @param {{relay: number, inspector?: number}} where.ports
 * @param {string} where.directory the folder of .dev.vars and of what the relay stores
 * @param {string} where.configuration the path of wrangler.toml
 * @param {string} [where.main] another module than wrangler.toml has
 * @param {Record<string, string>} settings
 * @param {NodeJS.ProcessEnv} env
 */
export function startRelay({ ports, directory, configuration, main }, settings, env) {
  const shellsOwn = Object.fromEntries(SETTINGS.map((name) => [name, undefined]));
  const { relay, inspector = 0 } = ports;
  const where = ["--local", "--ip", listenAddress(), "--port", `${relay}`, "--inspector-ip", HOST, "--inspector-port", `${inspector}`];
  const config = ["--config", writeConfiguration(configuration, directory, settings)];
  const state = ["--persist-to", path.join(directory, ".wrangler", "state"), "--env-file", devNull];
  const [node, wrangler] = wranglerCommand(env);
  const args = [wrangler, "dev", ...(main ? [main] : []), ...config, ...where, ...state, "--show-interactive-dev-session=false"];
  return new Service("relay", node, args, {
    env: {
      ...env,
      ...shellsOwn,
      ...settings,
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
function writeConfiguration(configuration, directory, settings) {
  const folder = path.join(directory, ".wrangler", "local");
  const given = OPTIONAL_SECRETS.filter((name) => settings[name]).map((name) => `, "${name}"`);
  const fromFolder = (file) => path.relative(folder, path.resolve(path.dirname(configuration), file));
  const text = readFileSync(configuration, "utf8")
    .replace(/^(main|watch_dir) = "(.+)"$/gm, (_, name, file) => `${name} = ${JSON.stringify(fromFolder(file))}`)
    .replace(/^(required = \[.*)\]$/m, (_, names) => `${names}${given.join("")}]`);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "wrangler.toml");
  writeFileSync(file, text);
  return file;
}

/** Waits for an answer of a service, whatever it is. */
export async function answer(url, service) {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; ) {
    const response = await Promise.race([service.ended, fetch(url).catch(() => sleep(POLL_MS))]);
    if (response) return response;
  }
  throw new UserError(machineTexts().noAnswer(service.name, READY_WITHIN_MS / 1000, url));
}

/**
 * Looks at the relay's answer to `GET /health`.
 *
 * @param {Response} response
 * @param {string} directory the folder of .dev.vars
 */
export async function checkHealth(response, directory) {
  if (response.ok) return;
  const { settings } = await response.json();
  const lines = settings.map(({ name, detail }) => `  ${name} ${detail}.`);
  throw new UserError(machineTexts().settingsRefused(shownPath(path.join(directory, ".dev.vars")), lines.join("\n")));
}

/** As short as it can be said from where the reader is. */
export function shownPath(file) {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}

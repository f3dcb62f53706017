// The addresses at which a relay answers, and those that it had when it was last deployed from this folder.
//
// PayTR notifies of a payment at the address under which its link was made, so a relay that loses an address loses payments.
// In scope: `workers_dev` and the routes of wrangler.toml, of each Worker. Not in scope: options of one deploy, and what
// somebody changes in the dashboard.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfiguration } from "./configuration.mjs";

/** Beside the configuration, where wrangler keeps what is its own. */
const FILE = ".wrangler/addresses.json";

/**
 * @param {{env?: string, config?: string, name?: string}} options of a deploy
 * @returns {{lost: string[], keep: () => void}} the addresses that this deploy takes away, and what notes those that it has
 */
export function readAddresses(options) {
  const config = readConfiguration(options);
  const file = join(dirname(config.configPath), FILE);
  const worker = options.name ?? config.name;
  const all = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const now = addressesOf(config, worker);
  return {
    lost: (all[worker] ?? []).filter((address) => !now.includes(address)),
    keep() {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify({ ...all, [worker]: now }, null, 2)}\n`);
    },
  };
}

/** wrangler's own rule: without a route there is the address on workers.dev, unless it is switched off. */
function addressesOf({ routes, route, workers_dev: isOnWorkersDev }, worker) {
  const patterns = [...(routes ?? []), ...(route ? [route] : [])].map((one) => one.pattern ?? one);
  return [...((isOnWorkersDev ?? patterns.length === 0) ? [`${worker} on workers.dev`] : []), ...patterns];
}

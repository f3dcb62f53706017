// The built Worker in workerd: one process, a deployment per name.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVENTS_SECRET, MERCHANT, SECRET } from "./secrets.mjs";
import { RELAY, startWorkerd } from "./workerd.mjs";

/**
 * Starts the Worker of `build/` once for every entry of `deployments`: a name, and the settings that differ from a
 * relay without limits. A setting `LEDGER` stands in the place of the ledger; `trusted` is a certificate that vouches for
 * PayTR's. Resolves with `{ urls, log, stop, kill, restart }`, the URLs by name; `log` is what they have logged so far, line
 * by line; `restart` kills the process, if that is not done yet, and starts it on the same storage under the same URLs.
 */
export async function startRelays(paytr, deployments, trusted) {
  const directory = await mkdtemp(join(tmpdir(), "relay-"));
  const storage = join(directory, "storage");
  await mkdir(storage);
  const defaults = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET, PAYTR_BASE_URL: paytr, SEND_LIMITS: "[]" };
  const services = Object.entries(deployments).map(([name, settings]) => ({
    name,
    bindings: texts({ ...defaults, ...settings }),
    hasLedger: !settings.LEDGER,
  }));
  const start = () => startWorkerd(directory, { modules: RELAY, storage, services, trusted });
  let { workerd, urls } = await start();
  for (const service of services) service.port = Number(new URL(urls[service.name]).port);
  const kill = () => workerd.stop("SIGKILL");
  return {
    urls,
    log: () => workerd.output().split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)),
    kill,
    async stop() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
    async restart() {
      await kill();
      ({ workerd, urls } = await start());
    },
  };
}

/** Settings as bindings of text. */
export const texts = (settings) => Object.fromEntries(Object.entries(settings).map(([name, text]) => [name, { text }]));

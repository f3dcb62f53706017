// workerd as a process.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { workerdConfig } from "./workerd-config.mjs";

const PATIENCE_MS = 60_000;

/** The relay's modules, as they lie in `build/`. */
export const RELAY = { "index.js": inRoot("build/index.js"), "relay_bg.wasm": inRoot("build/relay_bg.wasm") };

/**
 * Starts workerd, and resolves with `{ workerd, urls }` once all services listen: the process, and each service's URL by
 * its name.
 *
 * @param {string} directory where the configuration is written
 * @param {Parameters<typeof workerdConfig>[0]} configured
 * @param {"pipe" | "ignore"} [output] whether anybody listens to what it logs
 */
export async function startWorkerd(directory, configured, output) {
  const file = join(directory, "config.capnp");
  await writeFile(file, workerdConfig(configured));
  // -I/ lets absolute paths be embedded, the ports come on descriptor 3, and Analytics Engine counts as experimental.
  const args = ["serve", "-I/", "--control-fd=3", "--experimental", file];
  const workerd = new Service("workerd", inRoot("node_modules/.bin/workerd"), args, { output, control: true });
  const urls = {};
  try {
    await workerd.first((line) => {
      const { event, socket, port } = line.startsWith("{") ? JSON.parse(line) : {};
      if (event === "listen") urls[socket] = `http://127.0.0.1:${port}`;
      return configured.services.every(({ name }) => urls[name]) || undefined;
    }, PATIENCE_MS);
  } catch (error) {
    await workerd.stop("SIGKILL");
    throw error;
  }
  return { workerd, urls };
}

// workerd as a process.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { workerdConfig } from "./workerd-config.mjs";

const PATIENCE_MS = 60_000;
const WORKERD = inRoot("node_modules/.bin/workerd");

/** The relay's modules, as they lie in `build/`. */
export const RELAY = { "index.js": inRoot("build/index.js"), "relay_bg.wasm": inRoot("build/relay_bg.wasm") };

/**
 * Starts workerd, and resolves with `{ workerd, urls, began }` once all services listen: the process, each service's URL by
 * its name, and the milliseconds at which the process was started, as `performance.now()` has them.
 *
 * @param {string} directory where the configuration is written
 * @param {Parameters<typeof workerdConfig>[0]} configured
 * @param {"pipe" | "ignore"} [output] whether anybody listens to what it logs
 */
export async function startWorkerd(directory, configured, output) {
  const config = await compiled(directory, workerdConfig(configured));
  const began = performance.now();
  // The ports come on descriptor 3, and Analytics Engine counts as experimental.
  const args = ["serve", "--binary", "--control-fd=3", "--experimental", config];
  const workerd = new Service("workerd", WORKERD, args, { output, control: true });
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
  return { workerd, urls, began };
}

/** A configuration with its modules, compiled beforehand: a start that compiles it makes nine copies of each module. */
async function compiled(directory, text) {
  const [source, config] = ["config.capnp", "config.bin"].map((name) => join(directory, name));
  await writeFile(source, text);
  // -I/ lets absolute paths be embedded.
  const args = ["compile", "-I/", "--config-only", source];
  const { stdout } = await promisify(execFile)(WORKERD, args, { encoding: "buffer", maxBuffer: Infinity });
  await writeFile(config, stdout);
  return config;
}

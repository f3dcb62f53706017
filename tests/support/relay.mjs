// The built Worker in workerd: one process, a deployment per name.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "./child.mjs";
import { inRoot } from "./paths.mjs";
import { MERCHANT, SECRET } from "./secrets.mjs";

/**
 * Starts the Worker of `build/` once for every entry of `deployments`: a name, and the settings that differ from a
 * relay without limits. A setting `LEDGER` stands in the place of the ledger. Resolves with `{ urls, stop, restart }`,
 * the URLs by name; `restart` kills the process and starts it on the same storage, under other URLs.
 */
export async function startRelays(paytr, deployments) {
  const directory = await mkdtemp(join(tmpdir(), "relay-"));
  const config = join(directory, "config.capnp");
  const names = Object.keys(deployments);
  const defaults = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, PAYTR_BASE_URL: paytr, SEND_LIMITS: "[]" };
  const workers = names.map((name) => worker(name, { ...defaults, ...deployments[name] }));
  await writeFile(config, capnp(names, workers, directory));
  let process = await serve(config, names);
  const stop = async () => {
    await process.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const restart = async () => {
    await process.stop();
    process = await serve(config, names);
    return process.ready;
  };
  return { urls: process.ready, output: () => process.output(), stop, restart };
}

/** Resolves once every one of `names` listens. */
function serve(config, names) {
  const urls = {};
  const listening = (line) => {
    const { event, socket, port } = line.startsWith("{") ? JSON.parse(line) : {};
    if (event !== "listen" || !names.includes(socket)) return undefined;
    urls[socket] = `http://127.0.0.1:${port}`;
    return Object.keys(urls).length === names.length ? urls : undefined;
  };
  // -I/ lets absolute paths be embedded; the ports come on standard output.
  const args = ["serve", "-I/", "--control-fd=1", config];
  return start(inRoot("node_modules/.bin/workerd"), args, { isReady: listening });
}

// JSON's literals of such plain texts are Cap'n Proto's.
const text = JSON.stringify;

function capnp(names, workers, directory) {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${names.map((name) => `(name = ${text(name)}, worker = .${name}),`).join("\n    ")}
    (name = "internet", network = (allow = ["public", "private", "local"])),
    (name = "disk", disk = (path = ${text(directory)}, writable = true)),
  ],
  sockets = [
    ${names.map((name) => `(name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${text(name)}),`).join("\n    ")}
  ],
);
const modules :List(Workerd.Worker.Module) = [
  (name = "index.js", esModule = embed ${text(inRoot("build/index.js"))}),
  (name = "relay_bg.wasm", wasm = embed ${text(inRoot("build/relay_bg.wasm"))}),
];
${workers.join("")}`;
}

function worker(name, settings) {
  const bindings = Object.entries(settings).map(([key, value]) => `(name = ${text(key)}, text = ${text(value)}),`);
  if (!settings.LEDGER) bindings.push('(name = "LEDGER", durableObjectNamespace = "Ledger"),');
  return `const ${name} :Workerd.Worker = (
  modules = .modules,
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  bindings = [
    ${bindings.join("\n    ")}
  ],
  durableObjectNamespaces = [(className = "Ledger", uniqueKey = ${text(`ledger-${name}`)}, enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);
`;
}

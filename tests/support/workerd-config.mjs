// workerd's configuration, for everything that runs a Worker in workerd: tests in Node, tests in Rust, benchmarks.
//
// As a program it reads what to configure from standard input, as JSON, and writes the configuration.
import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { inRoot } from "../../scripts/paths.mjs";

/** The service that Analytics Engine's data points go to. */
const ANALYTICS = "analytics";

/**
 * The text of a configuration: one Worker under the settings of every service, each service on a loopback port.
 *
 * @param {object} configured
 * @param {Record<string, string>} configured.modules path by name, the main module first
 * @param {string} configured.storage the directory of the ledgers
 * @param {string} [configured.trusted] a certificate, as PEM, that vouches for https
 * @param {Service[]} configured.services
 * @typedef {object} Service
 * @property {string} name also that of its socket
 * @property {number} [port] a free one by default
 * @property {Record<string, {text: string} | {json: string} | {analytics: true}>} bindings
 * @property {boolean} hasLedger
 */
export function workerdConfig({ modules, storage, services, trusted }) {
  const { compatibilityDate, compatibilityFlags } = compatibility();
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${lines(services, ({ name }, number) => `(name = ${text(name)}, worker = .worker${number})`)}
    (name = "${ANALYTICS}", worker = .analytics),
    (name = "internet", network = (allow = ["public", "private", "local"]${trusted ? `, tlsOptions = (trustedCertificates = [${text(trusted)}])` : ""})),
    (name = "disk", disk = (path = ${text(storage)}, writable = true)),
  ],
  sockets = [
    ${lines(services, ({ name, port = 0 }) => `(name = ${text(name)}, address = "127.0.0.1:${port}", http = (), service = ${text(name)})`)}
  ],
);
const modules :List(Workerd.Worker.Module) = [
  ${lines(Object.entries(modules), ([name, path]) => `(name = ${text(name)}, ${kind(name)} = embed ${text(path)})`)}
];
const compatibilityDate :Text = ${compatibilityDate};
const compatibilityFlags :List(Text) = ${compatibilityFlags};
const analytics :Workerd.Worker = (
  modules = [(name = "analytics.mjs", esModule = embed ${text(inRoot("tests/support/analytics.mjs"))})],
  compatibilityDate = .compatibilityDate,
);
${services.map(worker).join("")}`;
}

function worker({ name, bindings, hasLedger }, number) {
  const bound = Object.entries(bindings).map(([name, value]) => `(name = ${text(name)}, ${binding(value)})`);
  if (hasLedger) bound.push('(name = "LEDGER", durableObjectNamespace = "Ledger")');
  return `const worker${number} :Workerd.Worker = (
  modules = .modules,
  compatibilityDate = .compatibilityDate,
  compatibilityFlags = .compatibilityFlags,
  bindings = [
    ${lines(bound, (line) => line)}
  ],
${hasLedger ? ledger(name) : ""});
`;
}

function ledger(name) {
  return `  durableObjectNamespaces = [(className = "Ledger", uniqueKey = ${text(`ledger-${name}`)}, enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
`;
}

function binding(value) {
  if (value.analytics) return `analyticsEngine = ${text(ANALYTICS)}`;
  return value.json === undefined ? `text = ${text(value.text)}` : `json = ${text(value.json)}`;
}

/** As what is deployed has them. */
function compatibility() {
  const wrangler = readFileSync(inRoot("wrangler.toml"), "utf8");
  const setting = (name) => new RegExp(`^${name} = (.*)$`, "m").exec(wrangler)[1];
  return {
    compatibilityDate: setting("compatibility_date"),
    compatibilityFlags: setting("compatibility_flags"),
  };
}

const kind = (name) => (name.endsWith(".wasm") ? "wasm" : "esModule");
const lines = (items, line) => items.map((item, number) => `${line(item, number)},`).join("\n    ");
/** A literal of Cap'n Proto's language, which writes control characters otherwise than JSON. */
const text = (value) => JSON.stringify(value).replace(/\\u00(?=[0-9a-f]{2})/g, "\\x");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(workerdConfig(await json(process.stdin)));
}

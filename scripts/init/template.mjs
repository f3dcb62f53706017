// The files of a relay's own folder. All of them come from the package's own: wrangler.toml, .dev.vars.example and what
// package.json says of the settings.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { COMMANDS } from "../commands.mjs";
import { inRoot } from "../paths.mjs";

const PACKAGE = "paytr-link-relay";
const IN_FOLDER = `node_modules/${PACKAGE}`;
const GITIGNORE = "node_modules/\n.wrangler/\n.dev.vars\n";

/**
 * Writes nothing.
 *
 * @param {object} relay
 * @param {string} relay.name of the Worker
 * @param {string} relay.merchantId Mağaza No; empty if it is to be written later
 * @param {string} relay.version what package.json depends on: a version, or where this package was installed from
 * @returns {Record<string, string>} the files' texts, by name
 */
export function filesOf({ name, merchantId, version }) {
  return {
    "package.json": `${JSON.stringify(manifest(name, version), undefined, 2)}\n`,
    "wrangler.toml": configuration(name, merchantId),
    ".dev.vars.example": text(".dev.vars.example").replace("docs/woocommerce.md", `${IN_FOLDER}/docs/woocommerce.md`),
    ".gitignore": GITIGNORE,
  };
}

const text = (file) => readFileSync(inRoot(file), "utf8");
const own = () => JSON.parse(text("package.json"));

function manifest(name, version) {
  const { cloudflare } = own();
  const commands = Object.keys(COMMANDS).filter((command) => command !== "init");
  const scripts = Object.fromEntries(commands.map((command) => [command, `${PACKAGE} ${command}`]));
  return { name, private: true, scripts, dependencies: { [PACKAGE]: version }, cloudflare };
}

/** The checkout's, but for the module, which is built, and for what this relay is called. */
function configuration(name, merchantId) {
  return text("wrangler.toml")
    .replace(/^(# .*)docs\/deploy\.md/, `$1${IN_FOLDER}/docs/deploy.md`)
    .replace(/^name = .*$/m, `name = ${JSON.stringify(name)}`)
    .replace(/^main = "(.*)"$/m, `main = "./${IN_FOLDER}/$1"`)
    .replace(/^\[build\]\n(?:.+\n)*\n/m, "")
    .replace(/^(# A Worker of its own, )[\w-]+(-test)/m, `$1${name}$2`)
    .replace(/^PAYTR_MERCHANT_ID = ""$/gm, `PAYTR_MERCHANT_ID = ${JSON.stringify(merchantId)}`);
}

/**
 * What a folder that this package makes should depend on: this version and what `npm update` may take in its place; or the file
 * that this package was installed from, if it came from one.
 */
export function ownVersion() {
  const { version } = own();
  // npm notes what was asked for beside node_modules, in npx's own folder too.
  const folder = path.resolve(inRoot("."), "..", "..");
  const beside = path.join(folder, "package.json");
  const asked = existsSync(beside) ? JSON.parse(readFileSync(beside, "utf8")).dependencies?.[PACKAGE] : undefined;
  return asked?.startsWith("file:") ? `file:${path.resolve(folder, asked.slice("file:".length))}` : `^${version}`;
}

// `npx paytr-link-relay init FOLDER`: makes the folder of a relay that is deployed from the package, without Rust. At a terminal it
// asks for Mağaza No and the Worker's name; elsewhere --merchant-id and --name say them. It overwrites nothing. Secrets are
// shown at a terminal alone, so that none ends in a log.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import yargs from "yargs-parser";
import { loadDevVars } from "./dev-vars.mjs";
import { filesOf, ownVersion } from "./init/template.mjs";
import { textsFor } from "./init/texts.mjs";
import { makeSecret } from "./make-secret.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { wranglerCommand } from "./wrangler.mjs";

const MERCHANT_ID = /^[A-Za-z0-9]{0,32}$/;
/** A label of a host's name, which `-test` still fits behind. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,56}[a-z0-9])?$/;
const OPTIONS = {
  string: ["merchant-id", "name", "_"],
  boolean: ["install"],
  default: { install: true },
  configuration: { "camel-case-expansion": false },
};
const KNOWN = ["_", "merchant-id", "name", "install"];

const texts = textsFor(process.env);

await runMain(async () => {
  // Before anything is asked or written: a deploy would refuse this Node.
  wranglerCommand(process.env);
  const { folder, merchantId, name, install } = await answers(process.argv.slice(2));
  const files = filesOf({ name, merchantId, version: ownVersion() });
  const devVars = path.join(folder, ".dev.vars");
  const present = [...Object.keys(files), ".dev.vars"].filter((file) => existsSync(path.join(folder, file)));
  if (present.length > 0) throw new UserError(texts.isThere(present.map((file) => path.join(folder, file))));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text, { flag: "wx" });
  loadDevVars(devVars);
  console.log(texts.made(folder, [...Object.keys(files), ".dev.vars"]));
  const isInstalled = !install || (await installed(folder));
  const cd = path.relative(process.cwd(), path.resolve(folder));
  console.log(texts.steps({ cd, name, hasNumber: merchantId !== "", ...shownSecrets() }));
  if (!isInstalled) throw new UserError(texts.notInstalled);
});

/** What is asked for at a terminal, and what the options say. */
async function answers(args) {
  if (args.includes("--help")) {
    console.log(texts.usage);
    process.exit(0);
  }
  const { _: words, ...options } = yargs(args, OPTIONS);
  const unknown = Object.keys(options).filter((option) => !KNOWN.includes(option));
  const strange = [...words.slice(1), ...unknown.map((option) => `--${option}`)];
  if (strange.length > 0) throw new UserError(`${texts.unknown(strange.join(" "))}\n${texts.usage}`);
  const [folder] = words;
  if (!folder) throw new UserError(texts.which);
  const usual = usualName(folder);
  const asked = process.stdin.isTTY && process.stdout.isTTY ? await ask(options, usual) : {};
  const { "merchant-id": merchantId = "", name = usual, install } = { ...options, ...asked };
  if (!MERCHANT_ID.test(merchantId)) throw new UserError(texts.badMerchantId(merchantId));
  if (!NAME.test(name)) throw new UserError(texts.badName(name));
  return { folder, merchantId, name, install };
}

async function ask({ "merchant-id": merchantId, name }, usual) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.on("SIGINT", () => process.exit(130));
  const answered = {
    "merchant-id": merchantId ?? (await terminal.question(texts.askMerchantId)).trim(),
    name: name ?? ((await terminal.question(texts.askName(usual))).trim() || usual),
  };
  terminal.close();
  return answered;
}

/** The folder's own name, as far as a Worker may have it. */
function usualName(folder) {
  const name = path.basename(path.resolve(folder)).toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return name.slice(0, 58).replace(/^-+|-+$/g, "") || "paytr-link-relay";
}

async function installed(folder) {
  console.log(texts.installing);
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
  const { exitCode } = await execa("npm", args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"], reject: false });
  return exitCode === 0;
}

function shownSecrets() {
  if (!process.stdout.isTTY) return { messages: texts.fromSecret, events: texts.fromSecret };
  return { messages: makeSecret().secret, events: makeSecret().secret };
}

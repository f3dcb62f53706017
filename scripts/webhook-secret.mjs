// The secret to sign with: from WEBHOOK_SECRET; else, for a relay on this machine, the first one of .dev.vars; else
// asked for. It is shown nowhere.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import util from "node:util";
import { secretKey } from "./dev-vars.mjs";
import { ROOT } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

const DEV_VARS = path.join(process.env.DEV_DIR ?? ROOT, ".dev.vars");

/**
 * The first one that is given.
 *
 * @param {object} texts what it says, of ping/texts.mjs
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {Promise<Buffer>} the secret's bytes
 */
export async function webhookSecret(texts, { isLoopback }) {
  const [secret] = await webhookSecrets(texts, { isLoopback });
  return secretKey(secret);
}

/**
 * All that are given, with blanks between them.
 *
 * @param {object} texts what it says, of ping/texts.mjs
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {Promise<string[]>} each `whsec_…` and base64
 */
export async function webhookSecrets(texts, { isLoopback }) {
  const { from, secret } = await written(texts, isLoopback);
  const secrets = secret.split(/\s+/).filter(Boolean);
  if (secrets.length > 0 && secrets.every(secretKey)) return secrets;
  throw new UserError(texts.badSecret(from));
}

async function written(texts, isLoopback) {
  if (process.env.WEBHOOK_SECRET) return { from: "WEBHOOK_SECRET", secret: process.env.WEBHOOK_SECRET };
  if (isLoopback && existsSync(DEV_VARS)) {
    return { from: ".dev.vars", secret: util.parseEnv(readFileSync(DEV_VARS, "utf8")).WEBHOOK_SECRETS ?? "" };
  }
  if (process.stdin.isTTY) return { from: texts.asTyped, secret: await typed(texts) };
  return { from: texts.standardInput, secret: await text(process.stdin) };
}

/** Asks on the terminal, which does not show what is typed. */
async function typed(texts) {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // Only now: what is typed before the terminal is told otherwise is shown.
  process.stderr.write(texts.typeSecret);
  terminal.on("SIGINT", () => process.exit(130));
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

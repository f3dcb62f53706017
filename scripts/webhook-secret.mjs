// The secret of messages, of events or of a storefront: from a variable; else, for a relay on this machine, from .dev.vars; else asked for.
// It is shown nowhere.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import util from "node:util";
import { secretKey } from "./dev-vars.mjs";
import { ROOT } from "./paths.mjs";
import { UsageError } from "./user-error.mjs";

const DEV_VARS = path.join(process.env.DEV_DIR ?? ROOT, ".dev.vars");
/** Of each kind: the variables that may have it, and its name in .dev.vars. */
const MESSAGES = { variables: ["WEBHOOK_SECRET", "WEBHOOK_SECRETS"], setting: "WEBHOOK_SECRETS" };
const STOREFRONTS = { variables: ["STOREFRONT_SECRET", "STOREFRONTS"], setting: "STOREFRONTS" };
const EVENTS = { variables: ["EVENTS_SECRET", "EVENTS_SECRETS"], setting: "EVENTS_SECRETS" };

/**
 * The first one that is given.
 *
 * @param {object} texts what it says, of asking/texts.mjs
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {Promise<Buffer>} the secret's bytes
 */
export async function webhookSecret(texts, { isLoopback }) {
  const [secret] = await webhookSecrets(texts, { isLoopback });
  return secretKey(secret);
}

/**
 * All that are given for messages, with blanks between them.
 *
 * @param {object} texts what it says, of asking/texts.mjs
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {Promise<string[]>} each `whsec_…` and base64
 */
export async function webhookSecrets(texts, { isLoopback }) {
  return secretsOf(written(MESSAGES, isLoopback) ?? (await asked(texts)), texts);
}

/**
 * All that are given for events. One that is given for messages is taken in their place: people have one variable.
 *
 * @param {object} texts what it says
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {Promise<string[]>} each `whsec_…` and base64
 */
export async function eventsSecrets(texts, { isLoopback }) {
  return secretsOf(written(EVENTS, isLoopback) ?? written(MESSAGES, false) ?? (await asked(texts)), texts);
}

/**
 * All that are given for events, to sign as the relay does: no other one is taken in their place.
 *
 * @param {object} texts what it says
 * @param {object} receiver
 * @param {boolean} receiver.isLoopback whether it is on this machine
 * @returns {Promise<Buffer[]>} the bytes of each
 */
export async function eventsKeys(texts, { isLoopback }) {
  return secretsOf(written(EVENTS, isLoopback) ?? (await asked(texts)), texts).map(secretKey);
}

/**
 * Those of either kind that nobody has to be asked for; none where they are not written as they should be.
 *
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {{messages: string[], events: string[]}}
 */
export function knownSecrets({ isLoopback }) {
  const known = (kind) => listed(written(kind, isLoopback)?.secret ?? "").filter(secretKey);
  return { messages: known(MESSAGES), events: known(EVENTS) };
}

/**
 * The shops whose deliveries may be explained: all of STOREFRONTS, or one of which the secret alone is known.
 *
 * @param {object} texts what it says
 * @param {object} relay
 * @param {boolean} relay.isLoopback whether it is on this machine
 * @returns {Promise<import("./explain/delivery.mjs").Shop[]>}
 */
export async function storefronts(texts, { isLoopback }) {
  const known = written(STOREFRONTS, isLoopback);
  const { from, secret } = known?.secret ? known : await asked(texts);
  const shops = secret.trimStart().startsWith("[") ? shopsOf(secret) : [{ secrets: listed(secret) }];
  const isGood = (text) => typeof text === "string" && text !== "";
  if (shops?.length > 0 && shops.every(({ secrets }) => secrets.length > 0 && secrets.every(isGood))) return shops;
  throw new UsageError(texts.badStorefronts(from));
}

function shopsOf(json) {
  try {
    return JSON.parse(json).map(({ name, webhook_secret: secret, pay_by_link: payByLink }) => ({
      name,
      secrets: [secret].flat(),
      payByLink,
    }));
  } catch {
    return undefined;
  }
}

const listed = (secrets) => secrets.split(/\s+/).filter(Boolean);

function secretsOf({ from, secret }, texts) {
  const secrets = listed(secret);
  if (secrets.length > 0 && secrets.every(secretKey)) return secrets;
  throw new UsageError(texts.badSecret(from));
}

/** Where a secret of a kind stands, and what it is. */
function written({ variables, setting }, isLoopback) {
  const from = variables.find((name) => process.env[name]);
  if (from) return { from, secret: process.env[from] };
  if (!isLoopback || !existsSync(DEV_VARS)) return undefined;
  return { from: ".dev.vars", secret: util.parseEnv(readFileSync(DEV_VARS, "utf8"))[setting] ?? "" };
}

async function asked(texts) {
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

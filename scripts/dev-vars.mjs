// The development secrets, .dev.vars: made up at the first start, kept and read at every other.
import { randomBytes, randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import util from "node:util";
import { UserError } from "./user-error.mjs";

const REQUIRED = ["PAYTR_MERCHANT_ID", "PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT", "WEBHOOK_SECRETS", "EVENTS_SECRETS"];
const OPTIONAL = ["PAYTR_BASE_URL", "PAYTR_TIMEOUT_MS", "PAYTR_DEBUG_ON", "ALLOWED_ORIGINS", "SEND_LIMITS", "EVENTS_URL", "RELAY_ORIGIN", "LEDGER_LOCATION", "STOREFRONTS", "ALERT_URL"];

/** Secrets that a deploy can do without, so that wrangler.toml does not require them. */
export const OPTIONAL_SECRETS = ["EVENTS_SECRETS", "STOREFRONTS", "ALERT_URL"];
/** A shop, for a person to change. */
const EXAMPLE =
  '[{"name":"shop","platform":"woocommerce","url":"http://127.0.0.1:8080","webhook_secret":"24 letters and digits or more",' +
  '"api_key":"ck_…:cs_…","pay_by_link":["bacs"]}]';

/** The names of all settings of the relay. */
export const SETTINGS = [...REQUIRED, ...OPTIONAL];

/**
 * Reads the file, and makes it first if there is none.
 *
 * @param {string} file
 * @returns {Record<string, string>} settings by name, all the required ones among them
 */
export function loadDevVars(file) {
  makeOnce(file);
  const settings = util.parseEnv(readFileSync(file, "utf8"));
  const unknown = Object.keys(settings).filter((name) => !SETTINGS.includes(name));
  const missing = REQUIRED.filter((name) => !settings[name]?.trim());
  const wrong = [
    ...unknown.map((name) => `${name} is not a setting of the relay.`),
    ...missing.map((name) => `${name} is missing or empty.`),
  ];
  const unreadable = ["WEBHOOK_SECRETS", "EVENTS_SECRETS"].filter((name) => settings[name]?.trim() && !secretKey(settings[name]));
  wrong.push(...unreadable.map((name) => `${name} does not begin with whsec_ and the base64 of at least 24 bytes.`));
  if (wrong.length > 0) {
    throw new UserError(
      `${file} is not right:\n${wrong.map((line) => `  ${line}\n`).join("")}` +
        "Correct it, or delete it: npm start then makes a new one.",
    );
  }
  return settings;
}

/**
 * The bytes of the first of several webhook secrets.
 *
 * @param {string} secrets
 * @returns {Buffer | undefined} nothing if it is not written as it should be
 */
export function secretKey(secrets) {
  const [, encoded] = /^\s*whsec_([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(secrets) ?? [];
  const key = Buffer.from(encoded ?? "", "base64");
  return key.length >= 24 ? key : undefined;
}

function makeOnce(file) {
  const text = [
    "# Made up by `npm start`, for this machine and its sandbox alone.",
    `PAYTR_MERCHANT_ID=${randomInt(100_000, 1_000_000)}`,
    `PAYTR_MERCHANT_KEY=${alphanumerics(16)}`,
    `PAYTR_MERCHANT_SALT=${alphanumerics(16)}`,
    `WEBHOOK_SECRETS=whsec_${randomBytes(32).toString("base64")}`,
    `EVENTS_SECRETS=whsec_${randomBytes(32).toString("base64")}`,
    "PAYTR_BASE_URL=http://127.0.0.1:8788",
    "# A shop on this machine whose own webhooks make links:",
    `# STOREFRONTS='${EXAMPLE}'`,
    "",
  ].join("\n");
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (error.code !== "EEXIST") throw new UserError(`${file} cannot be made: ${error.message}`);
  }
}

function alphanumerics(length) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

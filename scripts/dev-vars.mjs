// The development secrets, .dev.vars: made up at the first start, kept and read at every other.
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import util from "node:util";
import { machineTexts } from "./machine-texts.mjs";
import { alphanumerics, makeSecret } from "./make-secret.mjs";
import { UserError } from "./user-error.mjs";

const REQUIRED = ["PAYTR_MERCHANT_ID", "PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT", "WEBHOOK_SECRETS", "EVENTS_SECRETS"];
const OPTIONAL = ["PAYTR_BASE_URL", "PAYTR_TIMEOUT_MS", "PAYTR_DEBUG_ON", "ALLOWED_ORIGINS", "SEND_LIMITS", "EVENTS_URL", "RELAY_ORIGIN", "LEDGER_LOCATION", "STOREFRONTS", "ALERT_URL"];

/** Secrets that a deploy can do without, so that wrangler.toml does not require them. */
export const OPTIONAL_SECRETS = ["EVENTS_SECRETS", "STOREFRONTS", "ALERT_URL"];
/** A shop, for a person to change. */
const example = (secret) =>
  `[{"name":"shop","platform":"woocommerce","url":"http://127.0.0.1:8080","webhook_secret":"${secret}",` +
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
  const texts = machineTexts();
  const wrong = [...unknown.map(texts.noSetting), ...missing.map(texts.emptySetting)];
  const unreadable = ["WEBHOOK_SECRETS", "EVENTS_SECRETS"].filter((name) => settings[name]?.trim() && !secretKey(settings[name]));
  wrong.push(...unreadable.map(texts.badSecretSetting));
  if (wrong.length > 0) throw new UserError(texts.devVarsWrong(file, wrong.map((line) => `  ${line}\n`).join("")));
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
  const texts = machineTexts();
  const text = [
    texts.devVarsHeading,
    `PAYTR_MERCHANT_ID=${randomInt(100_000, 1_000_000)}`,
    `PAYTR_MERCHANT_KEY=${alphanumerics(16)}`,
    `PAYTR_MERCHANT_SALT=${alphanumerics(16)}`,
    `WEBHOOK_SECRETS=${makeSecret().secret}`,
    `EVENTS_SECRETS=${makeSecret().secret}`,
    "PAYTR_BASE_URL=http://127.0.0.1:8788",
    texts.devVarsShop,
    `# STOREFRONTS='${example(texts.devVarsShopSecret)}'`,
    "",
  ].join("\n");
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (error.code !== "EEXIST") throw new UserError(texts.devVarsNotMade(file, error.message));
  }
}

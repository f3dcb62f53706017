// Whether a relay with the vars of a deploy would work: the built Worker itself is asked, in workerd on this machine, and
// the addresses among them are looked at.
//
// In scope: vars, of whichever environment and configuration, and STOREFRONTS if a file brings it along. Not in scope: other
// secrets, which nobody can read back; good ones that open nothing stand in their place.
import path from "node:path";
import { createTestHarness } from "wrangler";
import { readConfiguration } from "./configuration.mjs";
import { whyOutOfReach } from "./reachable.mjs";
import { deployTexts } from "./texts.mjs";
import { templateChanges } from "./template-changes.mjs";

const SECRETS = {
  PAYTR_MERCHANT_KEY: "0".repeat(16),
  PAYTR_MERCHANT_SALT: "0".repeat(16),
  WEBHOOK_SECRETS: secretOf(0),
  // Another one: whoever may sign messages must not be able to sign events.
  EVENTS_SECRETS: secretOf(1),
};

/** All that must never stand among the vars. wrangler itself refuses those that wrangler.toml requires as secrets. */
const SECRET_NAMES = [...Object.keys(SECRETS), "STOREFRONTS", "ALERT_URL"];

/**
 * @typedef {object} Wrong
 * @property {string} name of a setting
 * @property {string} detail what is wrong with it
 */

/**
 * @param {object} options as options.mjs reads them
 * @param {string} [options.env]
 * @param {string} [options.config]
 * @param {string[]} [options.var] each `NAME:value`, over the configuration's
 * @param {Record<string, string>} secrets those that a file brings along
 * @returns {Promise<{section: string, secret: Wrong[], refused: Wrong[], outOfReach: Wrong[], areEventsOn: boolean,
 *   lacking: string[]}>} where the vars stand, the secrets among them, the settings that the relay refuses, in its own words,
 *   those whose address Cloudflare cannot reach, whether events are to be signed, and what the file lacks of the relay's own
 */
export async function checkVars({ env, config: file, var: given = [] }, secrets) {
  const config = readConfiguration({ env, config: file });
  const overrides = given.map((pair) => [pair.split(":", 1)[0], pair.slice(pair.indexOf(":") + 1)]);
  const vars = { ...config.vars, ...Object.fromEntries(overrides) };
  const place = path.relative(process.cwd(), config.configPath);
  const texts = deployTexts();
  const section = texts.section(`[${config.targetEnvironment ? `env.${config.targetEnvironment}.` : ""}vars]`, place);
  const secret = SECRET_NAMES.filter((name) => name in vars).map((name) => ({ name, detail: texts.secretAmongVarsDetail }));
  for (const { name } of secret) delete vars[name];
  // Only with what it must be kept apart from can it be said whether it is.
  const brought = secrets.STOREFRONTS ? Object.entries(secrets).filter(([name]) => SECRET_NAMES.includes(name)) : [];
  const refused = await ask(config, { ...vars, ...SECRETS, ...Object.fromEntries(brought) });
  const settings = Object.entries({ ...vars, STOREFRONTS: secrets.STOREFRONTS });
  const others = settings.filter(([name]) => !refused.some((wrong) => wrong.name === name));
  const areEventsOn = Boolean(vars.EVENTS_URL);
  return { section, secret, refused, outOfReach: others.flatMap(outOfReach), areEventsOn, lacking: templateChanges(config) };
}

/** Whichever setting holds an address, somebody out there is to be found at it. */
function outOfReach([name, value]) {
  return addressesIn(name, value).flatMap(([address, shop]) => {
    const isAddress = typeof address === "string" && /^https?:/.test(address) && URL.canParse(address);
    const why = isAddress && whyOutOfReach(new URL(address));
    return why ? [{ name, detail: deployTexts().leadsNowhere(shop, why) }] : [];
  });
}

/** Of a list of shops each one's, with its name. */
function addressesIn(name, value) {
  if (name !== "STOREFRONTS") return [[value]];
  return value ? JSON.parse(value).map(({ name: shop, url }) => [url, shop]) : [];
}

function secretOf(byte) {
  return `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
}

/** What `GET /health` of a Worker with these vars says. */
async function ask({ name, main, compatibility_date, compatibility_flags, durable_objects, migrations }, vars) {
  // Nothing is to leave this machine: no fetch of Request.cf.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  const config = { name, main, compatibility_date, compatibility_flags, durable_objects, migrations, vars };
  // The build's folder has no .dev.vars, which would be put over the vars of a deploy.
  const harness = createTestHarness({ root: path.dirname(main), workers: [{ config }] });
  try {
    await harness.listen();
    const answer = await harness.fetch("/health");
    if (answer.ok) return [];
    const { code, settings } = await answer.json();
    if (code !== "misconfigured") throw new Error(`GET /health is answered with ${answer.status} ${code}`);
    return settings;
  } finally {
    await harness.close();
  }
}

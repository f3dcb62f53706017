// Whether the relay would take the vars of a deploy: the built Worker itself is asked, in workerd on this machine.
//
// In scope: vars, of whichever environment and configuration. Not in scope: secrets, which nobody can read back; good
// ones that open nothing stand in their place.
import path from "node:path";
import { createTestHarness, unstable_readConfig as readConfig } from "wrangler";
import { UserError } from "../user-error.mjs";

const SECRETS = {
  PAYTR_MERCHANT_KEY: "0".repeat(16),
  PAYTR_MERCHANT_SALT: "0".repeat(16),
  WEBHOOK_SECRETS: secretOf(0),
  // Another one: whoever may sign messages must not be able to sign events.
  EVENTS_SECRETS: secretOf(1),
};

/**
 * @param {object} options as wrangler has them
 * @param {string} [options.env]
 * @param {string} [options.config]
 * @param {string[]} [options.var] each `NAME:value`, over the configuration's
 * @returns {Promise<{section: string, wrong: {name: string, detail: string}[]}>} where the vars stand, and those that the
 *   relay refuses, in its own words
 */
export async function checkVars({ env, config: file, var: given = [] }) {
  const config = read({ env, config: file });
  const overrides = given.map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]);
  const vars = { ...config.vars, ...Object.fromEntries(overrides), ...SECRETS };
  const place = path.relative(process.cwd(), config.configPath);
  const section = `[${config.targetEnvironment ? `env.${config.targetEnvironment}.` : ""}vars] of ${place}`;
  return { section, wrong: await ask(config, vars) };
}

function secretOf(byte) {
  return `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
}

function read(args) {
  try {
    return readConfig(args, { hideWarnings: true });
  } catch (error) {
    throw new UserError(error.message);
  }
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

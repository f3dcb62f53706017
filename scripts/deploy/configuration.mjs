// wrangler.toml, as wrangler reads it.
import { unstable_readConfig as readConfig } from "wrangler";
import { UserError } from "../user-error.mjs";
import { deployTexts } from "./texts.mjs";

/**
 * @param {{env?: string, config?: string}} options of a deploy
 * @returns {ReturnType<typeof readConfig>} of the environment
 * @throws {UserError} when it is missing or wrong
 */
export function readConfiguration({ env, config: file }) {
  const config = read({ env, config: file });
  if (!config.configPath) throw new UserError(deployTexts().noConfiguration(process.cwd()));
  return config;
}

function read(args) {
  try {
    return readConfig(args, { hideWarnings: true });
  } catch (error) {
    throw new UserError(error.message);
  }
}

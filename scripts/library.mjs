// Packages of npm's that are loaded where they are needed, since all else works without any.
import { machineTexts } from "./machine-texts.mjs";
import { UserError } from "./user-error.mjs";

/**
 * @param {string} name of a package
 * @throws {UserError} when it is not installed
 */
export async function library(name) {
  try {
    const module = await import(name);
    return module.default ?? module;
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UserError(machineTexts().packagesNeeded);
  }
}

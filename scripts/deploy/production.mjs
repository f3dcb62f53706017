// A deploy that does not say which relay it is for means production to wrangler. A person is told what that would replace, and
// asked; nobody else may go on.
import { createInterface } from "node:readline/promises";
import { UserError } from "../user-error.mjs";
import { readConfiguration } from "./configuration.mjs";
import { deployTexts } from "./texts.mjs";

/**
 * Resolves once a person at a terminal has said that production is meant.
 *
 * @param {object} options as options.mjs reads them
 * @throws {UserError} when nobody is there to be asked, or who was asked says no
 */
export async function confirmProduction({ config: file, name: given, "dry-run": isDry }) {
  const texts = deployTexts();
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UserError(texts.which(isDry ? " --dry-run" : ""));
  const { name = "", vars } = readConfiguration({ config: file, env: "" });
  const relay = texts.relay(given ?? name, vars.PAYTR_MERCHANT_ID);
  if (isDry) return console.log(texts.isProduction(relay));
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => process.exit(130));
  const answer = await terminal.question(texts.confirm(relay));
  terminal.close();
  if (!texts.yes.test(answer.trim())) throw new UserError(texts.nothingDone);
}

// A deploy that does not say which relay it is for means production to wrangler. A person is told what that would replace, and
// asked; nobody else may go on.
import { createInterface } from "node:readline/promises";
import { UserError } from "../user-error.mjs";
import { readConfiguration } from "./configuration.mjs";

const WHICH =
  'Which relay? Nothing was uploaded.\n  npm run deploy -- --env test\n  npm run deploy -- --env=""    (production)';

/**
 * Resolves once a person at a terminal has said that production is meant.
 *
 * @param {object} options as options.mjs reads them
 * @throws {UserError} when nobody is there to be asked, or who was asked says no
 */
export async function confirmProduction({ config: file, name: given, "dry-run": isDry }) {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UserError(WHICH);
  const { name = "", vars } = readConfiguration({ config: file, env: "" });
  const merchant = vars.PAYTR_MERCHANT_ID ? `, PAYTR_MERCHANT_ID ${vars.PAYTR_MERCHANT_ID}` : "";
  const relay = `the Worker ${given ?? name}${merchant}`;
  if (isDry) return console.log(`Without --env this is production: ${relay}.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => process.exit(130));
  const answer = await terminal.question(
    `Without --env this replaces the production relay: ${relay}.\nThe test relay is --env test. Replace production? (y/N) `,
  );
  terminal.close();
  if (!/^(?:y|yes)$/i.test(answer.trim())) throw new UserError("Nothing was uploaded.");
}

/** An error that the user can fix. Its message says what is wrong and what to do; it is printed without a stack. */
export class UserError extends Error {}

/** A command that cannot be carried out as it was typed. Nobody was asked. */
export class UsageError extends UserError {}

/**
 * Runs a script's main function and turns what it throws into words and an exit code.
 *
 * @param {() => Promise<void>} main
 * @param {object} [codes]
 * @param {number} [codes.wrongUse] the exit code of a {@link UsageError}, if it is not that of all others
 */
export async function runMain(main, { wrongUse = 1 } = {}) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof UserError ? `\n${error.message}\n` : error);
    process.exitCode = error instanceof UsageError ? wrongUse : 1;
  }
}

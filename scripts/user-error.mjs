/** An error that the user can fix. Its message says what is wrong and what to do; it is printed without a stack. */
export class UserError extends Error {}

/**
 * Runs a script's main function and turns what it throws into words and an exit code.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof UserError ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}

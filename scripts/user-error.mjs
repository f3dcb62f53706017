/** Something that the reader can mend. Its message says what is wrong and what to do; it is printed without a stack. */
export class Trouble extends Error {}

/**
 * Runs a script's main function and turns what it throws into words and an exit code.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Trouble ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}

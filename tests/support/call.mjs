// Programs that run to their end.
import { execa } from "execa";

/** What has a program speak each language. */
export const LOCALES = { en: "en_US.UTF-8", tr: "tr_TR.UTF-8" };

/**
 * Calls a program, in a directory if one is given, with what it may read from its standard input, and resolves with
 * `{ status, out, err, output }`, the last being both of the two before as they came.
 */
export async function call([program, ...first], args, env, cwd, input = "") {
  const { PATH, HOME } = process.env;
  const result = await execa(program, [...first, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    extendEnv: false,
    input,
    all: true,
    reject: false,
    stripFinalNewline: false,
  });
  if (!Number.isInteger(result.exitCode)) throw result;
  return { status: result.exitCode, out: result.stdout, err: result.stderr, output: result.all };
}

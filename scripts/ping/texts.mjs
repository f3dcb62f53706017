// The language in which `npm run ping` speaks, and its texts.
import en from "./en.mjs";
import tr from "./tr.mjs";

/** By language; the same members in each. */
export const TEXTS = { en, tr };

/**
 * The texts in the language of messages: POSIX names it in the first of three variables that is set and not empty. Where none
 * is, the system's own language counts.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function textsFor({ LC_ALL, LC_MESSAGES, LANG }) {
  const locale = LC_ALL || LC_MESSAGES || LANG || new Intl.DateTimeFormat().resolvedOptions().locale;
  return /^tr(?![a-z])/i.test(locale) ? tr : en;
}

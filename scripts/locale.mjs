// The language in which commands speak.

/**
 * Picks the texts in the language of messages: POSIX names it in the first of three variables that is set and not empty. Where
 * none is, the system's own language counts.
 *
 * @template Texts
 * @param {NodeJS.ProcessEnv} env
 * @param {{en: Texts, tr: Texts}} texts
 * @returns {Texts}
 */
export function inLanguage({ LC_ALL, LC_MESSAGES, LANG }, { en, tr }) {
  const locale = LC_ALL || LC_MESSAGES || LANG || new Intl.DateTimeFormat().resolvedOptions().locale;
  return /^tr(?![a-z])/i.test(locale) ? tr : en;
}

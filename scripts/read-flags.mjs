// The flags of a command that starts something and takes no other words: what it does not know is refused before anything starts.
import { inLanguage } from "./locale.mjs";
import { UserError } from "./user-error.mjs";

const TEXTS = {
  en: {
    usage: (command, ports) => `${command}\n\n${ports} choose other ports, LISTEN_ADDRESS another address.`,
    strange: (words, usage) => `No option takes ${words}. Nothing was started.\n\n${usage}`,
  },
  tr: {
    usage: (command, ports) => `${command}\n\n${ports} başka portlar, LISTEN_ADDRESS başka bir adres seçer.`,
    strange: (words, usage) => `${words} hiçbir seçeneğe ait değil. Hiçbir şey başlatılmadı.\n\n${usage}`,
  },
};

/**
 * The flags that were given. `--help` prints the usage, and ends.
 *
 * @param {string} command as it is typed
 * @param {string[]} known flags
 * @param {string} ports the variables for its ports
 * @returns {string[]}
 * @throws {UserError} when there is another word
 */
export function readFlags(command, known, ports) {
  const texts = inLanguage(process.env, TEXTS);
  const given = process.argv.slice(2);
  const usage = texts.usage([command, ...known.map((flag) => `[-- ${flag}]`)].join(" "), ports);
  if (given.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  const strange = given.filter((word) => !known.includes(word));
  if (strange.length > 0) throw new UserError(texts.strange(strange.join(" "), usage));
  return given;
}

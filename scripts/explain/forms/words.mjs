// The words of command lines, as the shell reads them that they are written for: sh, or cmd of Windows.
//
// In scope: quotes, escapes, variables that the same text sets, what is piped in by `echo` or `printf`. Not in scope: what
// a command does with its words.
import { Unreadable } from "../said.mjs";
import { library } from "../../library.mjs";

/** In place of the value of a variable that is not known; nothing else in a text file has this character. */
const UNKNOWN = "\0";
const BETWEEN = [";", "&", "&&", "|", "||"];
const QUOTED = /\\[^]|\$'(?:\\[^]|[^'\\])*'|'[^']*'|"(?:\\[^]|[^"\\])*"|(?<=^|\s)#.*$/gm;

/**
 * @typedef {object} Command
 * @property {string[]} words
 * @property {string} [input] what it reads from its standard input, if that stands there too
 */

/**
 * @param {string} text
 * @returns {Promise<Command[]>}
 * @throws {Unreadable} when a quote is not closed
 */
export async function commandsIn(text) {
  const plain = text.replaceAll("\r\n", "\n");
  if (!/\^"|\^[ \t]*\n/.test(plain)) return shCommands(plain);
  const isByBrowser = plain.includes('^"');
  const lines = cmdLines(plain.replace(/\^[ \t]+\n/g, "^\n"), isByBrowser);
  return lines.map((line) => ({ words: cmdWords(line, isByBrowser) }));
}

/** The variable whose value is not known, if a word has one in it: `$NAME`. */
export function unknownIn(word) {
  const [, name] = /\0([^\0]*)\0/.exec(word) ?? /(\$\([^]*\)|`[^`]*`)/.exec(word) ?? [];
  if (name === undefined) return undefined;
  return /^\w+$/.test(name) ? `$${name}` : "$(…)";
}

/** Whether a word is nothing but such a value. */
export const isUnknown = (word) => /^(?:\0[^\0]*\0(?:\([^]*\))?|\$\([^]*\)|`[^`]*`)$/.test(word);

async function shCommands(text) {
  const { parse } = await library("shell-quote");
  if (/["']/.test(text.replace(QUOTED, ""))) {
    throw new Unreadable("openQuote");
  }
  const lines = withoutComments(text)
    .replace(/(?<=\s)\\\n/g, " ")
    .replace(/^\$ (?=\w)/gm, "");
  const variables = {};
  for (const word of parse(lines, unknown)) {
    const [, name, value] = (typeof word === "string" && /^(\w+)=([^]*)$/.exec(word)) || [];
    if (name) variables[name] = value;
  }
  return split(parse(lines, (name) => (Object.hasOwn(variables, name) ? variables[name] : unknown(name))));
}

/** Comments are left out. The parser leaves one escape in double quotes alone, that of a backtick; it is undone here. */
function withoutComments(text) {
  return text.replace(QUOTED, (quoted) => {
    if (quoted.startsWith("#")) return "";
    return quoted.startsWith('"') ? quoted.replace(/\\(?:\\|(`))/g, (escape, backtick) => backtick ?? escape) : quoted;
  });
}

const unknown = (name) => UNKNOWN + name + UNKNOWN;

function split(tokens) {
  const commands = [{ words: [] }];
  let isInput = false;
  for (const token of tokens) {
    const { words } = commands.at(-1);
    if (isInput && typeof token === "string") {
      commands.at(-1).input = `${token}\n`;
      isInput = false;
    } else if (BETWEEN.includes(token.op)) {
      commands.push({ words: [], ...(token.op === "|" ? { input: printed(words) } : {}) });
    } else if (token.op === "<<<") {
      isInput = true;
    } else if (/^(?:curl|wget)$/.test(token) && words.includes(token)) {
      // The end of a line separates two commands as well, and the parser does not tell.
      commands.push({ words: [token] });
    } else if (token.comment === undefined) {
      words.push(token.op === "glob" ? token.pattern : (token.op ?? token));
    }
  }
  return commands;
}

/** What `echo '…' |` or `printf '…' |` gives to the next command. */
function printed(words) {
  const start = words.findIndex((word) => /^(?:echo|printf)$/.test(word));
  const [program, ...texts] = words.slice(Math.max(0, start));
  if (program === "printf" && texts.length === 1 && !/[%\\]/.test(texts[0])) return texts[0];
  if (program === "printf" && texts.length === 2 && texts[0] === "%s") return texts[1];
  if (program !== "echo") return undefined;
  return texts[0] === "-n" ? texts.slice(1).join(" ") : `${texts.join(" ")}\n`;
}

/**
 * The lines of cmd, its escapes undone: `^` and a character, `^` at the end of a line.
 *
 * @param {string} text
 * @param {boolean} isByBrowser browsers write `^"` round every argument, and then a `^` before whatever could mean something
 */
function cmdLines(text, isByBrowser) {
  const lines = [""];
  const add = (characters) => (lines[lines.length - 1] += characters);
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "^" && !isQuoted) {
      at += 1;
      // Behind the line end that is escaped, a second one is meant.
      if (text[at] === "\n" && text[at + 1] === "\n") at += 1;
      else if (text[at] === "\n") continue;
      add(text[at] ?? "");
    } else if (character === "\n") {
      lines.push("");
    } else {
      if (character === '"' && !isByBrowser) isQuoted = !isQuoted;
      add(character);
    }
  }
  return lines;
}

/**
 * The words of a line, as programs on Windows read them: a backslash counts only before a quote. Browsers double every one.
 */
function cmdWords(line, isByBrowser) {
  const words = [];
  let word;
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const [slashes] = /^\\*/.exec(line.slice(at));
    const character = line[at + slashes.length];
    const isHalved = isByBrowser || character === '"';
    const isEscaped = character === '"' && slashes.length % 2 === 1;
    const kept = isHalved ? slashes.slice(0, (slashes.length + (isEscaped ? 0 : 1)) / 2) : slashes;
    if (slashes) word = (word ?? "") + kept;
    at += slashes.length;
    if (isEscaped) {
      word += '"';
    } else if (character === '"') {
      word ??= "";
      if (isQuoted && line[at + 1] === '"') word += line[(at += 1)];
      else isQuoted = !isQuoted;
    } else if (character !== undefined && (isQuoted || !/\s/.test(character))) {
      word = (word ?? "") + character;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

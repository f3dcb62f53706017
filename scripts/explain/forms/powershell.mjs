// PowerShell that sends a request: "Copy as PowerShell" of browsers, and what Postman writes for Invoke-RestMethod.
import { Unreadable, said } from "../said.mjs";
import { SIGNING, hasSigning, keyOf, put, withHost } from "./headers.mjs";

const COMMAND = /\b(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)\s+(?:[-'"$]|https?:)/i;
/** A text in any of PowerShell's four kinds of quotes, a name, or a sign. */
const TOKEN = /@"[ \t]*\n([^]*?)\n"@|@'[ \t]*\n([^]*?)\n'@|"((?:`[^]|""|[^"`])*)"|'((?:''|[^'])*)'|([$\w:.-]+)|(\S)/g;
const ESCAPES = { n: "\n", r: "\r", t: "\t", 0: "\0", a: "\u0007", b: "\b", f: "\f", v: "\v", e: "\u001b" };

/**
 * @param {string} text
 * @returns {import("../captured-request.mjs").CapturedRequest[] | undefined} nothing if it is none
 */
export function readPowerShell(text) {
  if (!COMMAND.test(text)) return undefined;
  const tokens = tokensOf(text.replaceAll("\r\n", "\n").replace(/`\n/g, " "));
  const headers = {};
  for (const [at, { value }] of tokens.entries()) {
    const [sign, given] = tokens.slice(at + 1, at + 3);
    const isPair = value !== undefined && (sign?.sign === "=" || sign?.sign === ",") && given?.value !== undefined;
    if (!isPair || !/^[A-Za-z][\w-]*$/.test(value)) continue;
    if (given.isComputed && SIGNING.includes(keyOf(value))) {
      throw new Unreadable("commandWorksHeaderOut", value);
    }
    put(headers, value, given.value);
  }
  return hasSigning(headers) ? [{ headers: withHost(headers, text), ...bodyOf(tokens) }] : undefined;
}

function tokensOf(text) {
  return [...text.matchAll(TOKEN)].map(([, hereDouble, hereSingle, double, single, word, sign]) => {
    if (hereDouble !== undefined || double !== undefined)
      return doubleQuoted(hereDouble ?? double.replaceAll('""', '`"'));
    if (hereSingle !== undefined || single !== undefined) return { value: hereSingle ?? single.replaceAll("''", "'") };
    return word === undefined ? { sign } : { word };
  });
}

/** Browsers write a letter outside ASCII as `$([char]351)`. What else begins with a dollar is worked out. */
function doubleQuoted(text) {
  const plain = text.replace(/\$\(\[char\](\d+)\)|`([^])/g, (whole, code, escaped) => {
    if (code) return String.fromCharCode(Number(code));
    return escaped === "$" ? "\uffff" : (ESCAPES[escaped] ?? escaped);
  });
  return { value: plain.replaceAll("\uffff", "$"), isComputed: /\$[\w({]/.test(plain) };
}

function bodyOf(tokens) {
  const at = tokens.findIndex(({ word }) => /^-Body$/i.test(word ?? ""));
  if (at === -1) return { noBody: said("powershellSendsNone") };
  const [next] = tokens.slice(at + 1);
  const body = /^\$\w+$/.test(next?.word ?? "") ? assigned(tokens, next.word) : literal(tokens, at + 1);
  return body === undefined || body.isComputed ? { noBody: said("commandWorksBodyOut") } : { body: Buffer.from(body.value) };
}

/** A text by itself, or the one in `([System.Text.Encoding]::UTF8.GetBytes("…"))`. */
function literal(tokens, from) {
  const at = tokens.findIndex(({ value }, index) => index >= from && value !== undefined);
  const between = tokens
    .slice(from, at)
    .map(({ word, sign }) => word ?? sign)
    .join("");
  return at !== -1 && /^(?:\(*\[System\.Text\.Encoding\]::UTF8\.GetBytes\()?$/i.test(between) ? tokens[at] : undefined;
}

function assigned(tokens, name) {
  const at = tokens.findIndex(({ word }, index) => word === name && tokens[index + 1]?.sign === "=");
  const isPiped = tokens[at + 3]?.sign === "|";
  return at === -1 || isPiped ? undefined : literal(tokens, at + 2);
}

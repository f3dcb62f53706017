// Other texts that a sender may have signed in place of the bytes that arrived: the same JSON written differently, the
// same text in another encoding, and what languages make of a value that is no text.
//
// In scope: which texts there are, and what each is called. Not in scope: signatures.

/** How a serialiser sets its output: indentation, what stands between members, and behind a colon. */
export const SETTINGS = {
  compact: { separator: ",", colon: ":" },
  spaced: { separator: ", ", colon: ": " },
  "spaced after colons": { separator: ",", colon: ": " },
  "indented by 2": { indent: "  ", separator: ",", colon: ": " },
  "indented by 4": { indent: "    ", separator: ",", colon: ": " },
  "indented by tabs": { indent: "\t", separator: ",", colon: ": " },
};
/** What it writes otherwise than it must. */
export const ESCAPES = {
  "letters escaped": (text) => escape(text, /[\u007f-\uffff]/g, (hex) => hex),
  "letters escaped in capitals": (text) => escape(text, /[\u007f-\uffff]/g, (hex) => hex.toUpperCase()),
  "letters and slashes escaped": (text) => escape(text, /[\u007f-\uffff]/g, (hex) => hex).replaceAll("/", "\\/"),
  "slashes escaped": (text) => text.replaceAll("/", "\\/"),
  "HTML escaped": (text) => escape(text, /[<>&\u2028\u2029]/g, (hex) => hex),
  "HTML and quotes escaped": (text) =>
    escape(text, /[<>&'\u007f-\uffff]/g, (hex) => hex.toUpperCase())
      .replaceAll('\\"', "\\u0022")
      .replaceAll("/", "\\/"),
};
/** ISO-8859-9 is ISO-8859-1 with these six in the places of six Icelandic ones. */
const TURKISH = { "\u011e": 0xd0, "\u0130": 0xdd, "\u015e": 0xde, "\u011f": 0xf0, "\u0131": 0xfd, "\u015f": 0xfe };

/**
 * @param {Buffer} body as it arrived
 * @param {number} [declared] what `content-length` says
 * @returns {{name: string[], bytes: Buffer}[]} each text once, the most usual first, with its name and what else is said of it; never
 *   the body itself
 */
export function bodySpellings(body, declared) {
  const spellings = [...lineEnds(body), ...cut(body, declared), ...json(body), ...encodings(body), ...notText(body)];
  const seen = new Set([body.toString("latin1")]);
  return spellings.filter(({ bytes }) => {
    const key = bytes.toString("latin1");
    return !seen.has(key) && seen.add(key);
  });
}

function lineEnds(body) {
  const text = body.toString("latin1");
  const bom = "\u00ef\u00bb\u00bf";
  const spelled = (name, changed) => ({ name: [name], bytes: Buffer.from(changed, "latin1") });
  return [
    spelled("a line end more", `${text}\n`),
    spelled("a line end more", `${text}\r\n`),
    spelled("a line end less", text.replace(/(?:\r?\n)+$/, "")),
    spelled("a line end less", text.replace(/\r?\n$/, "")),
    spelled("white space less", text.trim()),
    spelled("a byte order mark more", bom + text),
    spelled("a byte order mark less", text.startsWith(bom) ? text.slice(bom.length) : text),
    spelled("other line ends", text.replace(/\r?\n/g, "\r\n")),
    spelled("other line ends", text.replaceAll("\r\n", "\n")),
    spelled("line ends lost", text.replace(/[\r\n]/g, "")),
    spelled("an empty body", ""),
  ];
}

/** A body that has become longer than its `content-length`. */
function cut(body, declared) {
  return declared < body.length ? [{ name: ["cut to its content-length"], bytes: body.subarray(0, declared) }] : [];
}

/** Every setting with every escape, in the order that the members have and sorted. */
function json(body) {
  const value = parse(body);
  if (value === undefined) return [];
  const spellings = [];
  for (const [order, ordered] of [
    [[], value],
    [["sorted"], sorted(value)],
  ]) {
    for (const [setting, options] of Object.entries(SETTINGS)) {
      const text = writeJson(ordered, options);
      for (const end of ["", "\n"]) {
        const ending = end ? ["with a line end"] : [];
        spellings.push({ name: ["JSON", ...order, setting, ...ending], bytes: Buffer.from(text + end) });
        for (const [escaped, change] of Object.entries(ESCAPES)) {
          spellings.push({
            name: ["JSON", ...order, setting, escaped, ...ending],
            bytes: Buffer.from(change(text) + end),
          });
        }
      }
    }
  }
  return spellings;
}

function encodings(body) {
  const utf8 = body.toString();
  const spellings = [
    { name: ["UTF-8 encoded twice"], bytes: Buffer.from(body.toString("latin1")) },
    { name: ["UTF-16"], bytes: Buffer.from(utf8, "utf16le") },
  ];
  const oneByte = [...utf8].map((letter) => TURKISH[letter] ?? letter.codePointAt(0));
  if (oneByte.every((code) => code <= 0xff)) spellings.push({ name: ["ISO-8859-9"], bytes: Buffer.from(oneByte) });
  return spellings;
}

/** What languages write when a value that is no text is put into one. */
function notText(body) {
  const text = body.toString();
  const value = parse(body);
  const bytesLiteral = `b'${text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`;
  const spellings = [
    ["[object Object]", "[object Object]"],
    ["undefined", "undefined"],
    ["Array", "PHP's Array"],
    [bytesLiteral, "Python's b'…'"],
    [JSON.stringify(text), "JSON in a JSON string"],
  ];
  if (value !== undefined) spellings.push([pythonLiteral(value), "Python's text of a dict"]);
  // The other way round: what arrived is the JSON string, and what was signed is in it.
  if (typeof value === "string") spellings.push([value, "JSON in a JSON string"]);
  return spellings.map(([spelled, name]) => ({ name: [name], bytes: Buffer.from(spelled) }));
}

function parse(body) {
  try {
    return JSON.parse(body.toString().replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

/** A value in JSON, set as one of {@link SETTINGS} has it. */
export function writeJson(value, options, depth = 0) {
  const { indent, separator, colon } = options;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => writeJson(item, options, depth + 1))
    : Object.entries(value).map(([name, item]) => JSON.stringify(name) + colon + writeJson(item, options, depth + 1));
  const [open, close] = isList ? "[]" : "{}";
  if (items.length === 0) return open + close;
  if (indent === undefined) return open + items.join(separator) + close;
  const line = `\n${indent.repeat(depth + 1)}`;
  return `${open}${line}${items.join(separator + line)}\n${indent.repeat(depth)}${close}`;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const names = Object.keys(value).sort((one, other) => (one < other ? -1 : 1));
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

function escape(text, letters, spell) {
  return text.replace(letters, (unit) => `\\u${spell(unit.charCodeAt(0).toString(16).padStart(4, "0"))}`);
}

function pythonLiteral(value) {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    return quote + value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(quote, `\\${quote}`) + quote;
  }
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${pythonLiteral(name)}: ${pythonLiteral(item)}`)
    .join(", ")}}`;
}

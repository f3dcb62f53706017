// Tables for a terminal, as wide as it is.
//
// What does not fit is made to fit in this order: the column that is copied goes onto a line of its own below each row, spare
// columns are left out, from the right, and the columns that may be cut are cut, the widest first. What is copied is never cut.
import { library } from "../library.mjs";

const GAP = "  ";
/** Below it, what is left of a column says nothing. */
const LEAST = 6;

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: any) => string} of a row's cell
 * @property {boolean} [isNumber] whether it stands to the right
 * @property {boolean} [isSpare]
 * @property {boolean} [mayBeCut]
 * @property {boolean} [isCopied] whether it is never cut; the last one may be this
 */

/**
 * The lines of a table, under a line of titles. A column without any text is left out.
 *
 * @param {Column[]} columns
 * @param {object[]} rows
 * @param {number} width in cells of the terminal; may be infinite
 * @returns {Promise<string[]>}
 */
export async function table(columns, rows, width) {
  const [stringWidth, cliTruncate] = [await library("string-width"), await library("cli-truncate")];
  const padded = ({ width: wanted, isNumber }, text) => {
    // Of a character that is two cells wide it may leave one too many.
    const cut = [wanted, wanted - 1].map((width) => cliTruncate(text, width)).find((short) => stringWidth(short) <= wanted);
    const blanks = " ".repeat(wanted - stringWidth(cut));
    return isNumber ? blanks + cut : cut + blanks;
  };
  const shown = columns
    .map((column) => ({ ...column, cells: rows.map(column.of) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map((column) => ({ ...column, width: Math.max(...[column.title, ...column.cells].map((text) => stringWidth(text))) }));
  const last = shown.at(-1);
  const below = last?.isCopied && totalOf(shown) > width ? last : undefined;
  const beside = withoutSpare(width, below ? shown.slice(0, -1) : shown);
  cutTo(width, beside);
  const line = (textOf) => beside.map((column) => padded(column, textOf(column))).join(GAP).trimEnd();
  const linesOf = (textOf) => [line(textOf), ...(below ? [GAP + textOf(below)] : [])];
  const titles = linesOf(({ title }) => title);
  const rule = "─".repeat(Math.max(...titles.map((title) => stringWidth(title)), Math.min(totalOf(beside), width)));
  return [...titles, rule, ...rows.flatMap((_, at) => linesOf(({ cells }) => cells[at]))];
}

const totalOf = (columns) => columns.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1));

function withoutSpare(width, columns) {
  const at = totalOf(columns) > width ? columns.findLastIndex(({ isSpare }) => isSpare) : -1;
  return at < 0 ? columns : withoutSpare(width, columns.toSpliced(at, 1));
}

function cutTo(width, columns) {
  for (let over = totalOf(columns) - width; over > 0; over = totalOf(columns) - width) {
    const widest = columns.filter(({ mayBeCut }) => mayBeCut).toSorted((one, other) => other.width - one.width)[0];
    if (!widest || widest.width <= LEAST) return;
    const next = columns.filter((column) => column.mayBeCut && column.width < widest.width).map((column) => column.width);
    widest.width = Math.max(LEAST, widest.width - over, Math.min(widest.width - 1, Math.max(0, ...next)));
  }
}

// Times as people type them.
import { UsageError } from "../user-error.mjs";

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Days before today, by name. */
const DAYS = { today: 0, bugün: 0, yesterday: 1, dün: 1 };
const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * Reads a time: `90m`, `24h`, `7d` before now; `today`, `yesterday`; a day, or a day and a time, by this machine's clock unless
 * it says an offset.
 *
 * @param {object} texts
 * @param {string} option such as `--since`
 * @param {string} text
 * @param {Date} now
 * @returns {string} RFC 3339, UTC
 * @throws {UsageError} if it is none
 */
export function moment(texts, option, text, now) {
  const at = before(text, now) ?? dayNamed(text, now) ?? written(text);
  if (at === undefined || Number.isNaN(at.getTime())) throw new UsageError(texts.noTime(option, text));
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

function before(text, now) {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  return unit && new Date(now.getTime() - Number(count) * UNITS_MS[unit]);
}

function dayNamed(text, now) {
  return Object.hasOwn(DAYS, text) ? new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[text]) : undefined;
}

function written(text) {
  const [, year, month, day, time = "00:00", offset = ""] = WRITTEN.exec(text) ?? [];
  if (year === undefined) return undefined;
  // February 30 would become March 2.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return isDay ? new Date(`${year}-${month}-${day}T${time}${offset.toUpperCase()}`) : undefined;
}

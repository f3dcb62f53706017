// Copies the links and events of a ledger while nothing runs on it: `copy-rows.mjs DIRECTORY FACTOR`. Each becomes about so many,
// the copies older than it, hour by hour, and in the same partition.
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const [directory, factor] = process.argv.slice(2);
const copies = Math.round(Number(factor)) - 1;
for (const file of globSync(join(directory, "**", "*.sqlite"))) {
  const database = new DatabaseSync(file);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name);
  if (tables.includes("links")) {
    const numbers = `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${copies})`;
    const id = (column, from) => `substr(${column}, 1, ${from}) || printf('%08x', n * 7919 + ${copies}) || substr(${column}, ${from + 1}, length(${column}) - ${from + 8})`;
    database.exec(`${numbers} INSERT INTO links (callback_id, fingerprint, created_at, reference, state, terms, creation, paid_at)
      SELECT ${id("callback_id", 2)}, fingerprint, created_at - n * 3600000, 'copy-' || n || '-' || reference, state, terms, creation,
      paid_at FROM links, number`);
    database.exec(`${numbers} INSERT INTO events (id, callback_id, created_at, event_type, body, details, state, attempts, next_at)
      SELECT ${id("id", 4)}, ${id("callback_id", 2)}, created_at - n * 3600000, event_type, body, details, state, attempts, next_at
      FROM events, number`);
  }
  database.close();
}

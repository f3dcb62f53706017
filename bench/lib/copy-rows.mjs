// Copies the links and events of a ledger while nothing runs on it, and the messages too if that is said: `copy-rows.mjs
// DIRECTORY LINKS [MESSAGES]` makes them about so many. The copies are in the same partitions, hour by hour older than what
// they are copies of; those of messages only seconds, since a message is kept for days.
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;
const [directory, links, messages] = process.argv.slice(2);
const databases = globSync(join(directory, "**", "*.sqlite"))
  .map((file) => new DatabaseSync(file))
  .filter((database) => database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'links'").get());

const copies = copiesFor("links", links);
const created_at = `created_at - n * ${HOUR_MS}`;
const callback_id = otherId("callback_id", 2, copies);
copy("links", copies, { callback_id, created_at, reference: "'copy-' || n || '-' || reference" });
copy("events", copies, { id: otherId("id", 4, copies), callback_id, created_at });
if (messages) {
  const copies = copiesFor("messages", messages);
  copy("messages", copies, { owner: otherId("owner", 2, copies), started_at: `started_at - n * ${SECOND_MS}` });
}
for (const database of databases) database.close();

/** How many copies of each row make a table `wanted` rows. */
function copiesFor(table, wanted) {
  const there = databases.reduce((sum, database) => sum + database.prepare(`SELECT count(*) AS rows FROM ${table}`).get().rows, 0);
  return Math.round(wanted / there) - 1;
}

/** Copies every row of a table, with other values in these columns. */
function copy(table, count, values) {
  for (const database of databases) {
    const columns = database.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => name);
    database.exec(`WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
      INSERT INTO ${table} (${columns.join(", ")}) SELECT ${columns.map((column) => values[column] ?? column).join(", ")} FROM ${table}, number`);
  }
}

/** The id in this column with the copy's number in it, after its first characters; another one for every run. */
function otherId(column, from, count) {
  return `substr(${column}, 1, ${from}) || printf('%08x', n * 7919 + ${count}) || substr(${column}, ${from + 1}, length(${column}) - ${from + 8})`;
}

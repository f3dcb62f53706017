// Copies the links and events of a ledger while nothing runs on it, and the messages too if that is said: `copy-rows.mjs
// DIRECTORY LINKS [MESSAGES]` makes them about so many. The copies are in the same partitions, hour by hour older than what
// they are copies of; those of messages only seconds, since a message is kept for days.
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const [directory, links, messages] = process.argv.slice(2);
const databases = globSync(join(directory, "**", "*.sqlite"))
  .map((file) => new DatabaseSync(file))
  .filter((database) => database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'links'").get());

const ofLinks = copiesFor("links", links);
const created_at = "created_at - n * 3600000";
const callback_id = otherId("callback_id", 2);
copy("links", ofLinks, { callback_id, created_at, reference: "'copy-' || n || '-' || reference" });
copy("events", ofLinks, { id: otherId("id", 4), callback_id, created_at });
if (messages) copy("messages", copiesFor("messages", messages), { owner: otherId("owner", 2), started_at: "started_at - n * 1000" });
for (const database of databases) database.close();

/** How many rows are there, and how many copies of each make a table `wanted` rows. */
function copiesFor(table, wanted) {
  const there = databases.reduce((sum, database) => sum + database.prepare(`SELECT count(*) AS rows FROM ${table}`).get().rows, 0);
  return { there, count: Math.round(wanted / there) - 1 };
}

/** Copies every row of a table, with other values in these columns; `n` is the copy's number. */
function copy(table, { there, count }, values) {
  for (const database of databases) {
    const columns = database.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => name);
    database.exec(`WITH RECURSIVE copies(n, there) AS (SELECT 1, ${there} UNION ALL SELECT n + 1, there FROM copies WHERE n < ${count})
      INSERT INTO ${table} (${columns.join(", ")}) SELECT ${columns.map((column) => values[column] ?? column).join(", ")}
      FROM ${table}, copies WHERE n <= ${count}`);
  }
}

/** The id in this column with a number after its first characters that no copy before has: there are more rows each time. */
function otherId(column, from) {
  return `substr(${column}, 1, ${from}) || printf('%08x', there + n) || substr(${column}, ${from + 1}, length(${column}) - ${from + 8})`;
}

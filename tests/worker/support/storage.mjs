// Looks into the ledgers' storage, and makes it older than it is: `storage.mjs age DIRECTORY DAYS`,
// `storage.mjs lose-alarms DIRECTORY everywhere|with-the-object|with-what-rings`, `storage.mjs count DIRECTORY`, which gives
// null for a ledger that has deleted itself. The platform's alarms wait in its own tables, in nanoseconds.
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const DAY_MS = 24 * 60 * 60 * 1000;
// workerd locks a database for moments, such as when it deletes all that is in it.
const LOCKED_AT_MOST_MS = 10_000;
const [command, directory, argument] = process.argv.slice(2);
const isEntries = (table) => /^entries(?:_v2)?$/.test(table);
const entries = [];
let alarms = 0;

for (const file of globSync(join(directory, "**", "*.sqlite"))) {
  const database = open(file);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name);
  if (command === "age") {
    const passed = Math.round(argument * DAY_MS);
    const age = (table, column, units) =>
      tables.includes(table) && database.exec(`UPDATE ${table} SET ${column} = ${column} - ${passed * units}`);
    for (const path of ["$.created_at", "$.closing.due_at"].filter(() => tables.includes("link_v2"))) {
      const older = `json_replace(record, '${path}', json_extract(record, '${path}') - ${passed})`;
      database.exec(`UPDATE link_v2 SET record = ${older} WHERE json_type(record, '${path}') = 'integer'`);
    }
    for (const table of tables.filter(isEntries)) age(table, "started_at", 1);
    for (const column of ["received_at", "next_at", "changed_at"]) age("payments_v2", column, 1);
    age("_cf_ALARM", "scheduled_time", 1e6);
    age("_cf_METADATA", "value", 1e6);
  } else if (command === "lose-alarms") {
    if (argument !== "with-what-rings" && tables.includes("_cf_METADATA")) database.exec("DELETE FROM _cf_METADATA WHERE key = 1");
    if (argument !== "with-the-object" && tables.includes("_cf_ALARM")) database.exec("DELETE FROM _cf_ALARM");
  } else {
    const count = (table) => database.prepare(`SELECT count(*) AS rows FROM ${table}`).get().rows;
    if (tables.includes("_cf_ALARM")) alarms += count("_cf_ALARM");
    else entries.push(...(tables.some(isEntries) ? tables.filter(isEntries).map(count) : [null]));
  }
  database.close();
}

/** Cannot be opened either while workerd takes its write-ahead log away. */
function open(file) {
  for (const deadline = Date.now() + LOCKED_AT_MOST_MS; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)) {
    try {
      return new DatabaseSync(file, { readOnly: command === "count", timeout: LOCKED_AT_MOST_MS });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

if (command === "count") console.log(JSON.stringify({ entries: entries.sort(), alarms }));

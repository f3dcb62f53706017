// Looks into the partitions' storage, and makes it older than it is: `storage.mjs age DIRECTORY DAYS`,
// `storage.mjs lose-alarms DIRECTORY everywhere|with-the-object|with-what-rings`, `storage.mjs count DIRECTORY`, which gives
// the rows of each table, of all partitions together; `storage.mjs version DIRECTORY NUMBER` makes it that of another version
// of the tables. The platform's alarms wait in its own tables, in nanoseconds.
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const DAY_MS = 24 * 60 * 60 * 1000;
// workerd locks a database for moments.
const LOCKED_AT_MOST_MS = 10_000;
/** The times that the relay keeps. */
const TIMES = {
  messages: ["started_at"],
  links: ["created_at", "deleted_at", "paid_at", "last_payment_at"],
  events: ["created_at", "next_at"],
  tasks: ["due_at"],
  orders: [],
  alerts: ["tried_at"],
};
const [command, directory, argument] = process.argv.slice(2);
const rows = Object.fromEntries(Object.keys(TIMES).map((table) => [table, 0]));

for (const file of globSync(join(directory, "**", "*.sqlite"))) {
  const database = open(file);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name);
  if (command === "age") {
    const passed = Math.round(argument * DAY_MS);
    const age = (table, column, units) =>
      tables.includes(table) && database.exec(`UPDATE ${table} SET ${column} = ${column} - ${passed * units}`);
    for (const [table, columns] of Object.entries(TIMES)) for (const column of columns) age(table, column, 1);
    if (tables.includes("orders")) ageOrders(database, passed);
    age("_cf_ALARM", "scheduled_time", 1e6);
    age("_cf_METADATA", "value", 1e6);
  } else if (command === "lose-alarms") {
    if (argument !== "with-what-rings" && tables.includes("_cf_METADATA")) database.exec("DELETE FROM _cf_METADATA WHERE key = 1");
    if (argument !== "with-the-object" && tables.includes("_cf_ALARM")) database.exec("DELETE FROM _cf_ALARM");
  } else if (command === "version") {
    if (tables.includes("schema")) database.exec(`UPDATE schema SET version = ${Number(argument)}`);
  } else {
    for (const table of Object.keys(TIMES).filter((table) => tables.includes(table)))
      rows[table] += database.prepare(`SELECT count(*) AS rows FROM ${table}`).get().rows;
    // Orders with somebody who is still to be written to.
    if (tables.includes("orders"))
      rows.people = (rows.people ?? 0) + database.prepare("SELECT count(people) AS rows FROM orders").get().rows;
  }
  database.close();
}

/** Ages the times of an order's record, which is packed as src/packed.rs says. A time keeps its length by this. */
function ageOrders(database, passed) {
  for (const { storefront, order_id, record } of database.prepare("SELECT * FROM orders").all()) {
    const bytes = Buffer.from(record);
    for (const place of timesOfOrder(bytes)) {
      let time = BigInt(readNumber(bytes, place).value - passed);
      for (let at = place, more = true; more; at++, time >>= 7n) {
        more = bytes[at] >= 0x80;
        bytes[at] = Number(time & 0x7fn) | (more ? 0x80 : 0);
      }
    }
    const update = database.prepare("UPDATE orders SET record = ? WHERE storefront = ? AND order_id = ?");
    update.run(bytes, storefront, order_id);
  }
}

/** Where the times of an order stand. When its link expires is a part of the message that makes it, so it stays while PayTR is asked. */
function timesOfOrder(bytes) {
  const places = [];
  let at = 0;
  const number = () => {
    const { value, next } = readNumber(bytes, at);
    at = next;
    return value;
  };
  /** A text, or a struct. */
  const skip = () => {
    const length = number();
    at += length;
  };
  const variant = () => {
    const which = number();
    skip();
    return which;
  };
  const isThere = () => number() === 1;
  const time = () => {
    places.push(at);
    number();
  };
  number();
  skip();
  time();
  time();
  skip();
  skip();
  if (isThere()) skip();
  if (isThere()) variant();
  number();
  if (isThere()) {
    const length = number();
    const end = at + length;
    number();
    number();
    for (let member = 0; member < 3; member++) skip();
    variant();
    const expiresAt = at;
    number();
    const isAsked = variant() === 0;
    const isDue = isThere();
    if (isDue) time();
    if (!isAsked && !isDue) places.push(expiresAt);
    at = end;
  }
  for (let member = 0; member < 3; member++) number();
  if (isThere()) skip();
  for (let events = number(); events > 0; events--) skip();
  for (let writeBacks = number(); writeBacks > 0; writeBacks--) {
    const length = number();
    const end = at + length;
    skip();
    variant();
    number();
    time();
    at = end;
  }
  return places;
}

/** LEB128. */
function readNumber(bytes, at) {
  for (let value = 0, factor = 1; ; factor *= 128, at++) {
    value += (bytes[at] & 0x7f) * factor;
    if (bytes[at] < 0x80) return { value, next: at + 1 };
  }
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

if (command === "count") console.log(JSON.stringify(rows));

// Runs one query in SQLite: on standard input `{"rows": […], "query": "…"}`, where all rows of the table `paytr_link_relay` have
// the same members; on standard output the rows found, as JSON. A process of its own, since Node has SQLite from 22 on only.
import { json } from "node:stream/consumers";
import { DatabaseSync } from "node:sqlite";

const { rows, query } = await json(process.stdin);
const columns = Object.keys(rows[0]);
const db = new DatabaseSync(":memory:");
db.exec(`CREATE TABLE paytr_link_relay (${columns.join(", ")})`);
const insert = db.prepare(`INSERT INTO paytr_link_relay VALUES (${columns.map(() => "?").join(", ")})`);
for (const row of rows) insert.run(...Object.values(row));
// quantileExactWeighted(level)(value, weight)
db.aggregate("quantile", {
  start: () => [],
  step: (seen, level, value, weight) => [...seen, { level, value, weight }],
  result: (seen) => {
    const sorted = seen.toSorted((one, other) => one.value - other.value);
    const half = sorted[0].level * sorted.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    return sorted.find(({ weight }) => (sum += weight) >= half).value;
  },
});
process.stdout.write(JSON.stringify(db.prepare(query).all()));

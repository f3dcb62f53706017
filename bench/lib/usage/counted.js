// The relay's module with a counter around it: what the platform would bill. workerd loads this one instead of index.js,
// which stays as it is deployed. `GET /usage` answers what was counted since the last time.
//
// Counted: requests to the Worker, calls of an object's methods and its alarms, rows by SQLite's own cursors, an alarm that
// is set as the written row that the platform makes of it, requests to others, lines of the log, and by object how large its
// database is.

import relay, { Ledger as Uncounted } from "./index.js";

const none = () => ({
  workerRequests: 0,
  objectRequests: 0,
  alarms: 0,
  rowsRead: 0,
  rowsWritten: 0,
  subrequests: 0,
  logLines: 0,
  logBytes: 0,
  objects: {},
});
let used = none();
const cursors = [];

const outward = globalThis.fetch;
globalThis.fetch = (...request) => {
  used.subrequests += 1;
  return outward(...request);
};
for (const level of ["log", "error"]) {
  const write = console[level];
  console[level] = (line) => {
    used.logLines += 1;
    used.logBytes += line.length;
    write.call(console, line);
  };
}

export default {
  ...relay,
  async fetch(request, env, context) {
    if (request.url.endsWith("/usage")) return Response.json(take());
    if (request.url.endsWith("/cron")) {
      await relay.scheduled({}, env, context);
      return new Response();
    }
    used.workerRequests += 1;
    return relay.fetch(request, env, context);
  },
};

function take() {
  // A cursor knows all of its rows only when it has been read to its end.
  for (const cursor of cursors.splice(0)) {
    used.rowsRead += cursor.rowsRead;
    used.rowsWritten += cursor.rowsWritten;
  }
  const taken = used;
  used = none();
  return taken;
}

export class Ledger extends Uncounted {
  constructor(state, env) {
    super(state, env);
    const { storage } = state;
    const sql = over(storage.sql, {
      exec(...statement) {
        const cursor = storage.sql.exec(...statement);
        cursors.push(cursor);
        return cursor;
      },
    });
    const setAlarm = (...alarm) => {
      used.rowsWritten += 1;
      return storage.setAlarm(...alarm);
    };
    Object.defineProperty(this, "ctx", { value: over(state, { storage: over(storage, { sql, setAlarm }) }) });
    Object.defineProperty(this, "databaseSize", { value: () => storage.sql.databaseSize });
  }
}

// Each of its methods, whatever they are called: the platform calls them by RPC, and `alarm` by itself.
for (const name of Object.getOwnPropertyNames(Uncounted.prototype).filter((name) => name !== "constructor")) {
  const method = Uncounted.prototype[name];
  Ledger.prototype[name] = async function (...given) {
    used[name === "alarm" ? "alarms" : "objectRequests"] += 1;
    try {
      return await method.apply(this, given);
    } finally {
      used.objects[this.ctx.id.toString()] = this.databaseSize();
    }
  };
}

/** What belongs to the platform, with some members in the place of its own. */
function over(platform, members) {
  return new Proxy(members, {
    get(_, name) {
      if (Object.hasOwn(members, name)) return members[name];
      const value = platform[name];
      return typeof value === "function" ? value.bind(platform) : value;
    },
  });
}

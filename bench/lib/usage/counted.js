// The relay's module with a counter around it: what the platform would bill. workerd loads this one instead of index.js,
// which stays as it is deployed. `GET /usage` answers what was counted since the last time.
//
// Counted: requests to the Worker, calls of an object's methods and its alarms, rows by SQLite's own cursors, an alarm that
// is set as the written row that the platform makes of it, requests to others, and lines of the log.

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
  fetch(request, env, context) {
    if (request.url.endsWith("/usage")) return Response.json(take());
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
  #sql = this.ctx.storage.sql;
  #name = this.ctx.id.toString();

  constructor(state, env) {
    super(state, env);
    // In place of the state: the relay asks it for its storage and nothing else.
    Object.defineProperty(this, "ctx", { value: { storage: counted(state.storage) } });
  }

  deliver(delivery) {
    return this.#count("objectRequests", () => super.deliver(delivery));
  }

  notify(notice) {
    return this.#count("objectRequests", () => super.notify(notice));
  }

  alarm() {
    return this.#count("alarms", () => super.alarm());
  }

  async #count(what, call) {
    used[what] += 1;
    try {
      return await call();
    } finally {
      used.objects[this.#name] = this.#sql.databaseSize;
    }
  }
}

function counted(storage) {
  return {
    sql: {
      exec(...statement) {
        const cursor = storage.sql.exec(...statement);
        cursors.push(cursor);
        return cursor;
      },
    },
    setAlarm(...alarm) {
      used.rowsWritten += 1;
      return storage.setAlarm(...alarm);
    },
    deleteAll: () => storage.deleteAll(),
  };
}

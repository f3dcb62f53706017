// What a partition has to do later: to deliver events, and to forget what is old. Tasks are rows, and the alarm is set for the
// earliest of them, so that nothing is lost with the process.
//
// An event is delivered without waiting for the alarm, if there is a place. Its task is due a little later, so that the
// alarm does what was not done by then.

import { afterTry, postEvent } from "./event.js";
import { Places } from "./places.js";
import { settings as load } from "./settings.js";

const SHOP_PLACES = 2;
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_LOOK_MS = 30_000;
const WRONG_SETTINGS_RETRY_MS = 5 * 60 * 1000;
/** The platform ends an alarm after fifteen minutes. */
const ALARM_MS = 10 * 60 * 1000;
const KEPT_AFTER_MS = 30 * DAY_MS;

export class Tasks {
  #storage;
  #sql;
  #env;
  #shop = new Places(SHOP_PLACES);
  /** Deliveries that are under way, by the event's id. */
  #running = new Map();
  /** Whether there may be tasks that are due and not begun. */
  #isBehind = false;
  /** For when the alarm is set. At 0 it runs, and looks by itself what is next. */
  #alarmAt = 0;

  constructor({ storage }, env) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#env = env;
  }

  /** Before anything else is done: the alarm is as it has to be, even if it was lost. */
  async begin() {
    const alarmAt = await this.#storage.getAlarm();
    const hasSweep = this.#sql.exec("SELECT 1 FROM tasks WHERE kind = 'sweep' LIMIT 1").toArray().length > 0;
    if (!hasSweep) this.#put(Date.now() + DAY_MS, "sweep", "");
    this.#rearm(alarmAt ?? Infinity);
  }

  /** Keeps the task to deliver an event that is stored in the same turn, and begins with it. */
  deliver(settings, eventId, body, now) {
    const canBegin = this.#shop.take();
    const dueAt = canBegin ? now + FIRST_LOOK_MS : now;
    this.#put(dueAt, "deliver", eventId);
    this.#wake(dueAt);
    if (canBegin) this.#begin(settings, { due_at: dueAt, subject: eventId, body, attempts: 0 });
    else this.#isBehind = true;
  }

  async alarm() {
    this.#alarmAt = 0;
    let settings;
    try {
      settings = await load(this.#env);
    } catch {
      this.#alarmAt = Infinity;
      return this.#wake(Date.now() + WRONG_SETTINGS_RETRY_MS);
    }
    this.#isBehind = true;
    this.#fill(settings);
    for (const end = Date.now() + ALARM_MS; this.#running.size > 0 && Date.now() < end; ) {
      await Promise.race(this.#running.values());
    }
    this.#rearm(Infinity);
  }

  /** Begins what is due, as far as there are places. */
  #fill(settings) {
    while (this.#isBehind && this.#shop.take()) {
      const task = this.#due().find(({ subject }) => !this.#running.has(subject));
      if (task?.kind === "deliver") {
        this.#begin(settings, task);
        continue;
      }
      this.#shop.give();
      if (task) this.#sweep(settings, task);
      else this.#isBehind = false;
    }
  }

  #due() {
    return this.#sql
      .exec(
        "SELECT due_at, kind, subject, body, attempts FROM tasks LEFT JOIN events ON id = subject WHERE due_at <= ? " +
          "ORDER BY due_at LIMIT ?",
        Date.now(), SHOP_PLACES + 1,
      )
      .toArray();
  }

  /** A place was taken for it. */
  #begin(settings, task) {
    const run = this.#deliver(settings, task)
      .catch(({ message }) => console.error(JSON.stringify({ event_id: task.subject, outcome: "unknown", reason: message })))
      .finally(() => {
        this.#running.delete(task.subject);
        this.#shop.give();
        this.#fill(settings);
      });
    this.#running.set(task.subject, run);
  }

  async #deliver(settings, { due_at: dueAt, subject: eventId, body, attempts }) {
    const began = Date.now();
    const answer = await postEvent(settings, eventId, body);
    const now = Date.now();
    const attempt = attempts + 1;
    const { state, nextAt } = afterTry(attempt, answer, now);
    this.#sql.exec("UPDATE events SET state = ?, attempts = ? WHERE id = ?", state, attempt, eventId);
    this.#done(dueAt, "deliver", eventId);
    if (nextAt !== undefined) {
      this.#put(nextAt, "deliver", eventId);
      this.#wake(nextAt);
    }
    const outcome = state === "pending" ? "retried-later" : state;
    const line = { event_id: eventId, attempt, shop_http_status: answer.status, outcome, code: outcome, reason: answer.reason };
    (state === "dead" ? console.error : console.log)(JSON.stringify({ ...line, total_ms: now - began }));
  }

  /** Once a day. What has ended goes: messages after their retention, links and payments 30 days after their end. */
  #sweep({ retentionMs }, { due_at: dueAt }) {
    const now = Date.now();
    const old = now - KEPT_AFTER_MS;
    this.#sql.exec("DELETE FROM messages WHERE started_at < ?", now - retentionMs);
    this.#sql.exec(
      "DELETE FROM links WHERE kept_until < ?1 AND NOT EXISTS " +
        "(SELECT 1 FROM payments WHERE payments.callback_id = links.callback_id AND received_at >= ?2)",
      now, old,
    );
    this.#sql.exec("DELETE FROM payments WHERE received_at < ? AND callback_id NOT IN (SELECT callback_id FROM links)", old);
    this.#sql.exec(
      "DELETE FROM events WHERE received_at < ? AND state <> 'pending' AND id NOT IN (SELECT event_id FROM payments)", old,
    );
    this.#done(dueAt, "sweep", "");
    this.#put(now + DAY_MS, "sweep", "");
  }

  #put(dueAt, kind, subject) {
    this.#sql.exec("INSERT INTO tasks VALUES (?, ?, ?)", dueAt, kind, subject);
  }

  #done(dueAt, kind, subject) {
    this.#sql.exec("DELETE FROM tasks WHERE due_at = ? AND kind = ? AND subject = ?", dueAt, kind, subject);
  }

  /** Sets the alarm for the first task, when it is set for `alarmAt` until now. */
  #rearm(alarmAt) {
    const [first] = this.#sql.exec("SELECT due_at FROM tasks ORDER BY due_at LIMIT 1").toArray();
    this.#alarmAt = alarmAt;
    this.#wake(first.due_at);
  }

  /** Sets the alarm, unless it is set for an earlier time. One for this very millisecond might never come. */
  #wake(at) {
    if (at >= this.#alarmAt) return;
    this.#alarmAt = at;
    this.#storage.setAlarm(Math.max(at, Date.now() + 1));
  }
}

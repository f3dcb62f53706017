// At most once: one SQLite Durable Object per recipient decides, sends and records.

import { DurableObject } from "cloudflare:workers";
import { log } from "./log.js";
import { keyedHash, send } from "./paytr.js";
import { asked, ended, inProgress, recipientLimit, replayed, webhookIdReused } from "./problem.js";
import { MAX_RETENTION_MS, settings as load } from "./settings.js";

/** Submits a message to its recipient's object, and gives back that object's response. */
export async function submit(env, settings, context, { webhookId, secret }, message) {
  const { id, field, recipient, debugOn } = message;
  const [name, key, fingerprint] = await Promise.all([
    // Mail in upper and lower case goes to the same mailbox, so it is limited together.
    keyedHash(settings, "recipient", field, recipient.toLowerCase()),
    keyedHash(settings, "webhook-id", webhookId),
    keyedHash(settings, "message", field, recipient, id, debugOn ?? ""),
  ]);
  return env.LEDGER.getByName(name).deliver({ context, webhookId, secret, key, fingerprint, message });
}

export class Ledger extends DurableObject {
  #sql = this.ctx.storage.sql;
  #hasTable = false;
  #inFlight = new Set();

  async deliver(order) {
    const settings = await load(this.env);
    const response = await this.#process(settings, order);
    log(order.context, response, order, order.message);
    const { status, headers, body } = response;
    return { status, headers, body };
  }

  async alarm() {
    const retentionMs = await this.#retentionMs();
    this.#createTable();
    this.#sql.exec("DELETE FROM entries WHERE started_at < ?", Date.now() - retentionMs);
    const oldest = this.#oldest();
    if (oldest !== undefined) {
      await this.ctx.storage.setAlarm(oldest + retentionMs + 1);
      return;
    }
    this.#hasTable = false;
    await this.ctx.storage.deleteAll();
  }

  /** With settings that are wrong for a while nothing is deleted that a limit may count. */
  async #retentionMs() {
    try {
      return (await load(this.env)).retentionMs;
    } catch {
      return MAX_RETENTION_MS;
    }
  }

  async #process(settings, { webhookId, key, fingerprint, message }) {
    const now = Date.now();
    this.#createTable();
    const [entry] = this.#sql
      .exec("SELECT fingerprint, started_at, state, reason FROM entries WHERE key = ?", key)
      .toArray();
    if (entry) return this.#known(settings, entry, webhookId, key, fingerprint, now);

    const sends = this.#sql
      .exec(
        "SELECT started_at FROM entries WHERE state NOT IN ('error', 'failed') ORDER BY started_at DESC LIMIT ?",
        settings.sendsThatCount,
      )
      .toArray();
    const wait = secondsToWait(settings.limits, sends, now);
    if (wait > 0) return recipientLimit(wait);
    if (sends.length === 0 && this.#oldest() === undefined) {
      this.ctx.storage.setAlarm(now + settings.retentionMs);
    }
    // Nothing is awaited between this record and the fetch, so the output gate makes it durable before a byte leaves.
    this.#sql.exec("INSERT INTO entries VALUES (?, ?, ?, 'sending', NULL)", key, fingerprint, now);
    this.#inFlight.add(key);
    try {
      const outcome = await send(settings, message);
      this.#end(key, outcome);
      return { ...ended(webhookId, outcome), ...asked(outcome, now) };
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #known(settings, entry, webhookId, key, fingerprint, now) {
    if (entry.fingerprint !== fingerprint) return webhookIdReused();
    if (entry.state !== "sending") return replayed(ended(webhookId, entry));
    if (this.#inFlight.has(key)) {
      const left = Math.max(0, settings.timeoutMs - Math.max(0, now - entry.started_at));
      return inProgress(Math.max(1, Math.ceil(left / 1000)));
    }
    // A crash left it behind.
    const outcome = { state: "interrupted", reason: null };
    this.#end(key, outcome);
    return replayed(ended(webhookId, outcome));
  }

  /** The first end stands. */
  #end(key, { state, reason }) {
    this.#sql.exec("UPDATE entries SET state = ?, reason = ? WHERE key = ? AND state = 'sending'", state, reason, key);
  }

  #oldest() {
    return this.#sql.exec("SELECT started_at FROM entries ORDER BY started_at LIMIT 1").toArray()[0]?.started_at;
  }

  #createTable() {
    if (this.#hasTable) return;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, " +
        "started_at INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT) WITHOUT ROWID",
    );
    this.#hasTable = true;
  }
}

function secondsToWait(limits, sends, now) {
  let wait = 0;
  for (const { count, seconds } of limits) {
    const nth = sends[count - 1];
    if (nth) wait = Math.max(wait, seconds * 1000 - Math.max(0, now - nth.started_at));
  }
  return Math.ceil(wait / 1000);
}

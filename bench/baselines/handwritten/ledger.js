// A partition: PayTR is asked at most once for each message and for each link, and what came of it is kept.
//
// Nothing is awaited between the row that says that PayTR is being asked and the request, so the platform's output gate makes
// the row durable before a byte of the request leaves.

import { DurableObject } from "cloudflare:workers";
import { create } from "./create.js";
import { eventBody, reasonsAgainst } from "./event.js";
import { log } from "./log.js";
import { submit } from "./partitions.js";
import { send } from "./paytr.js";
import { Places } from "./places.js";
import {
  CAUSES, asked, ended, inProgress, ledgerUnavailable, problem, recipientLimit, replayed, toHandOver, webhookIdReused,
} from "./problem.js";
import { settings as load } from "./settings.js";
import { Tasks } from "./tasks.js";

const PAYTR_PLACES = 4;
const PLACE_PATIENCE_MS = 5000;
const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_AFTER_MS = 30 * DAY_MS;
const KEPT_WITHOUT_END_MS = 400 * DAY_MS;
/** Tables with keys of their own: a row of them is one written row, and no index. */
const TABLES = `
CREATE TABLE IF NOT EXISTS messages (owner TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
  started_at INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, PRIMARY KEY (owner, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (callback_id TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, created_at INTEGER NOT NULL,
  kept_until INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, link_id TEXT, url TEXT, sends TEXT, price INTEGER NOT NULL,
  currency TEXT NOT NULL, reference TEXT, paid_once INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS payments (callback_id TEXT NOT NULL, received_at INTEGER NOT NULL, event_id TEXT NOT NULL,
  merchant_oid TEXT NOT NULL, is_paid INTEGER NOT NULL, PRIMARY KEY (callback_id, received_at, event_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (id TEXT NOT NULL PRIMARY KEY, received_at INTEGER NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks (due_at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  PRIMARY KEY (due_at, kind, subject)) WITHOUT ROWID`;

export class Ledger extends DurableObject {
  #sql = this.ctx.storage.sql;
  #paytr = new Places(PAYTR_PLACES);
  /** Messages and links that are being worked on. */
  #inFlight = new Set();
  #tasks;

  constructor(state, env) {
    super(state, env);
    this.#sql.exec(TABLES);
    this.#tasks = new Tasks(state, env);
    state.blockConcurrencyWhile(() => this.#tasks.begin());
  }

  alarm() {
    return this.#tasks.alarm();
  }

  async send(order) {
    const settings = await load(this.env);
    const response = await this.#send(settings, order);
    log(order.context, response, order, order.message);
    return toHandOver(response);
  }

  async #send(settings, { webhookId, owner, key, fingerprint, message }) {
    for (const deadline = Date.now() + PLACE_PATIENCE_MS; ; ) {
      const known = this.#knownSend(settings, { webhookId, owner, key, fingerprint });
      if (known) return known;
      if (this.#paytr.take()) break;
      if (!(await this.#paytr.wait(deadline))) return ledgerUnavailable();
    }
    const now = Date.now();
    this.#sql.exec("INSERT INTO messages VALUES (?, ?, ?, ?, 'sending', NULL)", owner, key, fingerprint, now);
    this.#inFlight.add(key);
    try {
      const outcome = await send(settings, message);
      this.#endSend(owner, key, outcome);
      return { ...ended(webhookId, outcome), ...asked(outcome, now) };
    } finally {
      this.#inFlight.delete(key);
      this.#paytr.give();
    }
  }

  /** The answer to a message that is known or would be one too many; nothing if PayTR is to be asked. */
  #knownSend({ limits, longestWindowMs, timeoutMs }, { webhookId, owner, key, fingerprint }) {
    const now = Date.now();
    const rows = this.#sql
      .exec(
        "SELECT key, fingerprint, started_at, state, reason FROM messages " +
          "WHERE owner = ?1 AND (key = ?2 OR (started_at > ?3 AND state NOT IN ('error', 'failed')))",
        owner, key, now - longestWindowMs,
      )
      .toArray();
    const entry = rows.find((row) => row.key === key);
    if (!entry) {
      const wait = secondsToWait(limits, rows, now);
      return wait > 0 ? recipientLimit(wait) : undefined;
    }
    if (entry.fingerprint !== fingerprint) return webhookIdReused();
    if (entry.state !== "sending") return replayed(ended(webhookId, entry));
    if (this.#inFlight.has(key)) return inProgress(secondsLeft(timeoutMs, entry.started_at, now));
    // A crash left it behind.
    const outcome = { state: "interrupted", reason: null };
    this.#endSend(owner, key, outcome);
    return replayed(ended(webhookId, outcome));
  }

  /** The first end stands. */
  #endSend(owner, key, { state, reason }) {
    this.#sql.exec(
      "UPDATE messages SET state = ?, reason = ? WHERE owner = ? AND key = ? AND state = 'sending'",
      state, reason, owner, key,
    );
  }

  async create(order) {
    const settings = await load(this.env);
    const response = await this.#create(settings, order);
    log(order.context, response, order, { type: "link.create", id: response.linkId, callbackId: order.callbackId });
    return toHandOver(response);
  }

  async #create(settings, order) {
    const { callbackId, fingerprint } = order;
    for (const deadline = Date.now() + PLACE_PATIENCE_MS; ; ) {
      const link = this.#link(callbackId);
      if (link && link.fingerprint !== fingerprint) return webhookIdReused();
      if (this.#inFlight.has(callbackId)) return inProgress(secondsLeft(settings.timeoutMs, link.created_at, Date.now()));
      if (link) return this.#alone(callbackId, async () => replayed(await this.#createdBefore(settings, order, link)));
      if (this.#paytr.take()) return this.#alone(callbackId, () => this.#createAnew(settings, order));
      if (!(await this.#paytr.wait(deadline))) return ledgerUnavailable();
    }
  }

  /** Works on a link, about which others are told meanwhile that it is in progress. */
  async #alone(callbackId, work) {
    this.#inFlight.add(callbackId);
    try {
      return await work();
    } finally {
      this.#inFlight.delete(callbackId);
    }
  }

  /** Once there is a place, which is given back. */
  async #createAnew(settings, order) {
    const { context, callbackId, fingerprint, message } = order;
    const { price, currency, reference, maxCount, expiry } = message;
    const now = Date.now();
    this.#sql.exec(
      "INSERT INTO links (callback_id, fingerprint, created_at, kept_until, state, price, currency, reference, paid_once) " +
        "VALUES (?, ?, ?, ?, 'sending', ?, ?, ?, ?)",
      callbackId, fingerprint, now, expiry ? expiry.at + KEPT_AFTER_MS : now + KEPT_WITHOUT_END_MS,
      price, currency === "TRY" ? "TL" : currency, reference ?? null, maxCount === 1 ? 1 : 0,
    );
    const outcome = await create(settings, message, callbackId, context.origin).finally(() => this.#paytr.give());
    const link = this.#endCreate(callbackId, outcome);
    return { ...(await this.#conclude(settings, order, link)), ...asked(outcome, now) };
  }

  #createdBefore(settings, order, link) {
    const isLeftBehind = link.state === "sending";
    return this.#conclude(settings, order, isLeftBehind ? this.#endCreate(order.callbackId, { state: "interrupted" }) : link);
  }

  #link(callbackId) {
    return this.#sql.exec("SELECT * FROM links WHERE callback_id = ?", callbackId).toArray()[0];
  }

  /** The first end stands. Returns the link as it is then. */
  #endCreate(callbackId, { state, reason, link }) {
    const [row] = this.#sql
      .exec(
        "UPDATE links SET state = ?, reason = ?, link_id = ?, url = ? WHERE callback_id = ? AND state = 'sending' RETURNING *",
        state, reason ?? null, link?.id ?? null, link?.url ?? null, callbackId,
      )
      .toArray();
    return row ?? this.#link(callbackId);
  }

  async #conclude(settings, order, link) {
    const { webhookId, callbackId, message } = order;
    if (link.state === "error" || link.state === "failed") {
      const paytr = { status: link.state, reason: link.reason };
      const detail = "PayTR did not create the link; its words are under paytr. A new try takes a new webhook-id.";
      return { ...problem(422, "paytr-rejected", detail, { paytr }), paytrStatus: link.state };
    }
    if (link.state !== "created") {
      const detail = `${CAUSES[link.state]} The link may or may not have been made. Ask for a new one under a new webhook-id.`;
      const status = link.state === "timed-out" ? 504 : 502;
      return { ...problem(status, "outcome-unknown", detail, { resend_safe: true }), reason: link.state };
    }
    const sends = message.send.length > 0 ? await this.#sends(settings, order, link) : undefined;
    if (sends?.some(({ wait }) => wait)) return inProgress(Math.max(...sends.map(({ wait }) => wait ?? 0)));
    if (sends?.some(({ isLost }) => isLost)) return ledgerUnavailable();
    const body = JSON.stringify({
      outcome: "created",
      webhook_id: webhookId,
      reference: message.reference,
      link: { id: link.link_id, url: link.url, callback_id: callbackId },
      sends,
      paytr: { status: "success" },
    });
    return { status: 200, code: "created", body, paytrStatus: "success", linkId: link.link_id };
  }

  /** The sends that were asked for. Those that have not ended are made, in their recipients' partitions. */
  async #sends(settings, { context, webhookId, secret, callbackId, message }, link) {
    const known = JSON.parse(link.sends ?? "[]");
    const sends = await Promise.all(message.send.map(async ({ field, recipient }) => {
      const type = field === "email" ? "link.send_email" : "link.send_sms";
      const ended = known.find((send) => send.type === type);
      if (ended) return ended;
      const send = { type, id: link.link_id, field, recipient, debugOn: message.debugOn };
      try {
        return sendOf(type, await submit(this.env, settings, context, { webhookId, secret }, send));
      } catch {
        return { isLost: true };
      }
    }));
    const ended = sends.filter(({ wait, isLost, outcome }) => !wait && !isLost && outcome !== "limited");
    if (ended.length > known.length) {
      this.#sql.exec("UPDATE links SET sends = ? WHERE callback_id = ?", JSON.stringify(ended), callbackId);
    }
    return sends;
  }

  /** Stores a payment, its event and the task to deliver it, in one commit with the alarm. */
  async notify({ context, notice, eventId }) {
    const settings = await load(this.env);
    const { merchantOid, callbackId } = notice;
    const isStored = this.#sql.exec("SELECT 1 FROM events WHERE id = ?", eventId).toArray().length > 0;
    if (!isStored) {
      const now = Date.now();
      const record = this.#link(callbackId);
      const link = record?.state === "error" || record?.state === "failed" ? undefined : record;
      const paid = "SELECT 1 FROM payments WHERE callback_id = ? AND is_paid LIMIT 1";
      const isPaid = this.#sql.exec(paid, callbackId).toArray().length > 0;
      const reasons = reasonsAgainst(notice, link, settings.merchantId, isPaid);
      const body = eventBody(notice, link, reasons, now);
      this.#sql.exec("INSERT INTO payments VALUES (?, ?, ?, ?, ?)", callbackId, now, eventId, merchantOid, reasons.length === 0 ? 1 : 0);
      this.#sql.exec("INSERT INTO events VALUES (?, ?, 'pending', 0, ?)", eventId, now, body);
      this.#tasks.deliver(settings, eventId, body, now);
    }
    log(context, { status: 200, code: isStored ? "repeated" : "stored" }, undefined, { type: "callback", callbackId });
  }
}

/** `sends`: those that count, in any order. */
function secondsToWait(limits, sends, now) {
  if (sends.length === 0) return 0;
  const times = sends.map((send) => send.started_at).sort((a, b) => b - a);
  let wait = 0;
  for (const { count, seconds } of limits) {
    const nth = times[count - 1];
    if (nth !== undefined) wait = Math.max(wait, seconds * 1000 - Math.max(0, now - nth));
  }
  return Math.ceil(wait / 1000);
}

function secondsLeft(timeoutMs, startedAt, now) {
  return Math.max(1, Math.ceil(Math.max(0, timeoutMs - Math.max(0, now - startedAt)) / 1000));
}

/** What a recipient's partition answered, as a create shows it. */
function sendOf(type, { status, body, retryAfter }) {
  if (status === 200) return { type, outcome: "sent" };
  if (status === 409) return { wait: retryAfter };
  const { code, paytr, resend_safe } = JSON.parse(body);
  if (status === 429) return { type, outcome: "limited", code, retry_after: retryAfter };
  if (status === 502 || status === 504) return { type, outcome: "unknown", code, resend_safe };
  return status < 500 ? { type, outcome: "rejected", code, paytr } : { isLost: true };
}

// A link's object beside a recipient's: it asks PayTR for the link at most once, and tells the shop of its payments at
// least once, from its alarm.

import { Ledger as Recipient, submit } from "../common/ledger.js";
import { log } from "../common/log.js";
import { keyedHash, keyedName } from "../common/paytr.js";
import { CAUSES, JSON_HEADERS, asked, inProgress, ledgerUnavailable, problem, replayed, webhookIdReused } from "../common/problem.js";
import { settings as load } from "../common/settings.js";
import { eventBody, reasonsAgainst } from "./callback.js";
import { create } from "./create.js";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DELAYS_MS = [
  0, 5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS,
  24 * HOUR_MS,
];
const BATCH = 6;
const SHOP_TIMEOUT_MS = 15_000;
const WRONG_SETTINGS_RETRY_MS = 5 * MINUTE_MS;
const LATE_MS = 90_000;
const KEPT_AFTER_MS = 30 * DAY_MS;
const KEPT_WITHOUT_END_MS = 400 * DAY_MS;

const encoder = new TextEncoder();

/** Submits a message that makes a link to the link's object. */
export async function submitCreate(env, settings, context, { webhookId, secret }, message) {
  const [callbackId, fingerprint] = await Promise.all([
    keyedName(settings, "callback-id", "link.create", webhookId),
    keyedHash(settings, "message", "link.create", JSON.stringify(message)),
  ]);
  return env.LEDGER.getByName(callbackId).create({ context, webhookId, secret, callbackId, fingerprint, message });
}

export class Ledger extends Recipient {
  #sql = this.ctx.storage.sql;
  #hasTables = false;
  #isAsking = false;

  async create(order) {
    const settings = await load(this.env);
    const response = await this.#create(settings, order);
    log(order.context, response, order, { type: "link.create", id: response.linkId, callbackId: order.callbackId });
    const { status, headers, body } = response;
    return { status, headers, body };
  }

  async #create(settings, order) {
    const { context, callbackId, fingerprint, message } = order;
    const now = Date.now();
    this.#createTables();
    let link = this.#link();
    if (link?.fingerprint && link.fingerprint !== fingerprint) return webhookIdReused();
    if (this.#isAsking) {
      const left = Math.max(0, settings.timeoutMs - Math.max(0, now - link.createdAt));
      return inProgress(Math.max(1, Math.ceil(left / 1000)));
    }
    const isNew = !link;
    let cost;
    this.#isAsking = true;
    try {
      if (isNew) {
        const { price, currency, reference, maxCount, expiry } = message;
        link = { fingerprint, createdAt: now, state: "sending", price, currency, reference, paidOnce: maxCount === 1 };
        link.expiresAt = expiry?.at;
        // Nothing is let out before this record is durable: the platform's output gate.
        this.#put(link);
        this.#setNextAlarm();
        const outcome = await create(settings, message, callbackId, context.origin);
        const { state, reason, link: made } = outcome;
        Object.assign(link, { state, reason, ...made });
        cost = asked(outcome, now);
        this.#put(link);
      } else if (link.state === "sending") {
        link.state = "interrupted";
        this.#put(link);
      }
      const response = await this.#conclude(settings, order, link);
      return isNew ? { ...response, ...cost } : replayed(response);
    } finally {
      this.#isAsking = false;
    }
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
    const sends = await this.#send(settings, order, link);
    if (sends.some(({ wait }) => wait)) return inProgress(Math.max(...sends.map(({ wait }) => wait ?? 0)));
    if (sends.some(({ isLost }) => isLost)) return ledgerUnavailable();
    const body = JSON.stringify({
      outcome: "created",
      webhook_id: webhookId,
      reference: message.reference,
      link: { id: link.id, url: link.url, callback_id: callbackId },
      sends: sends.length === 0 ? undefined : sends,
      paytr: { status: "success" },
    });
    return { status: 200, code: "created", headers: JSON_HEADERS, body, paytrStatus: "success", linkId: link.id };
  }

  /** The sends that were asked for and have not ended, in their recipients' objects. */
  async #send(settings, { context, webhookId, secret, message }, link) {
    if (message.send.length === 0) return [];
    const known = link.sends ?? [];
    const sends = await Promise.all(message.send.map(async ({ field, recipient }) => {
      const type = field === "email" ? "link.send_email" : "link.send_sms";
      const ended = known.find((send) => send.type === type);
      if (ended) return ended;
      const send = { type, id: link.id, field, recipient, debugOn: message.debugOn };
      try {
        return sendOf(type, await submit(this.env, settings, context, { webhookId, secret }, send));
      } catch {
        return { isLost: true };
      }
    }));
    const ended = sends.filter(({ wait, isLost, outcome }) => !wait && !isLost && outcome !== "limited");
    if (ended.length > known.length) {
      link.sends = ended;
      this.#put({ ...this.#link(), sends: ended });
    }
    return sends;
  }

  /** Stores a payment and its event and sets the alarm, in one commit. */
  async notify({ context, notice, eventId }) {
    const settings = await load(this.env);
    const now = Date.now();
    this.#createTables();
    const { merchantOid, callbackId } = notice;
    const [stored] = this.#sql.exec("SELECT 1 FROM payments WHERE merchant_oid = ?", merchantOid).toArray();
    if (stored) {
      const due = this.#nextEventAt();
      if (due !== null && due + LATE_MS <= now) this.ctx.storage.setAlarm(due);
    } else {
      const record = this.#link();
      const link = record?.state === "error" || record?.state === "failed" ? undefined : record;
      const [paid] = this.#sql.exec("SELECT 1 FROM payments WHERE is_paid LIMIT 1").toArray();
      const reasons = reasonsAgainst(notice, link, settings.merchantId, Boolean(paid));
      this.#sql.exec(
        "INSERT INTO payments VALUES (?, ?, ?, ?, 'pending', 0, ?, ?)",
        merchantOid, eventId, reasons.length === 0 ? 1 : 0, eventBody(notice, link, reasons, now), now, now,
      );
      this.ctx.storage.setAlarm(now);
    }
    log(context, { status: 200, code: stored ? "repeated" : "stored" }, undefined, { type: "callback", callbackId });
  }

  async alarm() {
    if (!this.#hasLink()) return super.alarm();
    let settings;
    try {
      settings = await load(this.env);
    } catch {
      return this.ctx.storage.setAlarm(Date.now() + WRONG_SETTINGS_RETRY_MS);
    }
    const due = this.#sql
      .exec("SELECT * FROM payments WHERE next_at <= ? ORDER BY next_at LIMIT ?", Date.now(), BATCH)
      .toArray();
    await Promise.all(due.map((event) => this.#deliver(settings, event)));
    await this.#setNextAlarm();
  }

  async #deliver(settings, { merchant_oid: merchantOid, event_id: eventId, body, attempts }) {
    const began = Date.now();
    let status;
    let retryAfter;
    let reason;
    try {
      const response = await postEvent(settings, eventId, body);
      ({ status } = response);
      retryAfter = response.headers.get("retry-after");
      await response.body?.cancel();
    } catch (error) {
      if (status === undefined) reason = error?.name === "TimeoutError" ? "timed-out" : "connection-lost";
    }
    const now = Date.now();
    const attempt = attempts + 1;
    const [state, nextAt] = afterTry(attempt, status, retryAfter, now);
    this.#sql.exec(
      "UPDATE payments SET state = ?, attempts = ?, next_at = ?, changed_at = ? WHERE merchant_oid = ? AND attempts = ?",
      state, attempt, nextAt, now, merchantOid, attempts,
    );
    const outcome = state === "pending" ? "retried-later" : state;
    const line = { event_id: eventId, attempt, shop_http_status: status, outcome, code: outcome, reason };
    (state === "dead" ? console.error : console.log)(JSON.stringify({ ...line, total_ms: now - began }));
  }

  #setNextAlarm() {
    const next = this.#nextEventAt() ?? this.#keptUntil();
    if (next > Date.now() || this.#nextEventAt() !== null) return this.ctx.storage.setAlarm(next);
    this.#hasTables = false;
    return this.ctx.storage.deleteAll();
  }

  #keptUntil() {
    const link = this.#link();
    const [{ at }] = this.#sql.exec("SELECT max(changed_at) AS at FROM payments").toArray();
    const ends = [link?.expiresAt, at].filter((time) => typeof time === "number");
    return ends.length > 0 ? Math.max(...ends) + KEPT_AFTER_MS : (link?.createdAt ?? 0) + KEPT_WITHOUT_END_MS;
  }

  #nextEventAt() {
    return this.#sql.exec("SELECT min(next_at) AS at FROM payments WHERE next_at IS NOT NULL").toArray()[0].at;
  }

  #link() {
    const [row] = this.#sql.exec("SELECT record FROM link").toArray();
    return row && JSON.parse(row.record);
  }

  #put(link) {
    const upsert = "INSERT INTO link VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record";
    this.#sql.exec(upsert, JSON.stringify(link));
  }

  #hasLink() {
    return this.#hasTables || this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'link'").toArray().length > 0;
  }

  #createTables() {
    if (this.#hasTables) return;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS link (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL);" +
        "CREATE TABLE IF NOT EXISTS payments (merchant_oid TEXT PRIMARY KEY, event_id TEXT NOT NULL, " +
        "is_paid INTEGER NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, " +
        "next_at INTEGER, changed_at INTEGER NOT NULL) WITHOUT ROWID;" +
        "CREATE INDEX IF NOT EXISTS payments_due ON payments (next_at) WHERE next_at IS NOT NULL",
    );
    this.#hasTables = true;
  }
}

/** What a recipient's object answered, as a create shows it. */
function sendOf(type, { status, headers, body }) {
  if (status === 200) return { type, outcome: "sent" };
  const retryAfter = Number(headers["retry-after"] ?? 1);
  if (status === 409) return { wait: retryAfter };
  const { code, paytr, resend_safe } = JSON.parse(body);
  if (status === 429) return { type, outcome: "limited", code, retry_after: retryAfter };
  if (status === 502 || status === 504) return { type, outcome: "unknown", code, resend_safe };
  return status < 500 ? { type, outcome: "rejected", code, paytr } : { isLost: true };
}

async function postEvent({ eventsUrl, eventsSecrets }, eventId, body) {
  if (!eventsUrl) throw new Error("events are off");
  const timestamp = Math.floor(Date.now() / 1000);
  const signed = encoder.encode(`${eventId}.${timestamp}.${body}`);
  const tags = await Promise.all(eventsSecrets.map((key) => crypto.subtle.sign("HMAC", key, signed)));
  const headers = {
    "content-type": "application/json",
    "user-agent": "paytr-link-relay-baseline/1",
    "webhook-id": eventId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": tags.map((tag) => `v1,${new Uint8Array(tag).toBase64()}`).join(" "),
  };
  const signal = AbortSignal.timeout(SHOP_TIMEOUT_MS);
  return fetch(eventsUrl, { method: "POST", headers, body, redirect: "manual", signal });
}

/** `[state, when it is tried next]` after so many tries. */
function afterTry(tries, status, retryAfter, now) {
  if (status >= 200 && status <= 299) return ["delivered", null];
  if (status === 410 || tries >= DELAYS_MS.length) return ["dead", null];
  let delay = DELAYS_MS[tries];
  if ((status === 429 || status === 503) && retryAfter !== null) {
    const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * SECOND_MS : Date.parse(retryAfter) - now;
    if (Number.isFinite(asked)) delay = Math.max(delay, Math.min(Math.max(asked, SECOND_MS), DAY_MS));
  }
  return ["pending", now + delay + Math.floor((delay / 5) * Math.random())];
}

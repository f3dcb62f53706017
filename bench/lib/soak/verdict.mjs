// What must hold at the end of the soak: nothing lost, nothing twice, every answer the same again. Each function gives the
// sentences that say what does not.

import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 120_000;
const POLL_MS = 200;
const AT_ONCE = 32;
/** Clocks of one machine, and what was on its way. */
const SLACK_MS = 2_000;

/** Every payment that PayTR has an `OK` for reached the shop under one `webhook-id`, and PayTR has one for each. */
export async function lost(callers, shop, sandbox) {
  const missing = () => {
    const told = new Set();
    for (const { body, takenAt } of shop.events.values()) if (takenAt.length > 0) told.add(oidOf(body));
    return callers.payments.filter(({ merchantOid }) => !told.has(merchantOid));
  };
  const deadline = Date.now() + PATIENCE_MS;
  while (missing().length > 0 && Date.now() < deadline) await sleep(POLL_MS);
  const sentences = missing().map(({ merchantOid }) => `the shop was never told of the payment ${merchantOid}`);
  const links = [...new Set(callers.payments.map(({ linkId }) => linkId))];
  await each(links, async (linkId) => {
    const answer = await fetch(`${sandbox}/sandbox/links/${linkId}`);
    for (const { merchant_oid, notification } of (await answer.json()).payments) {
      if (notification !== "delivered") sentences.push(`PayTR has no OK for ${merchant_oid}: ${notification}`);
    }
  });
  return sentences;
}

/** PayTR was asked once for each message, or never; the shop knows a payment under one id, and was told again for a reason. */
export function twice(callers, shop, paytr, interruptions) {
  const sentences = [];
  const asked = new Map();
  for (const { body } of paytr.seen) {
    const name = nameOf(new URLSearchParams(body));
    if (name) asked.set(name, (asked.get(name) ?? 0) + 1);
  }
  for (const [name, times] of asked) if (times > 1) sentences.push(`PayTR was asked ${times} times for: ${name}`);
  for (const { id, data, type, answer } of callers.messages.values()) {
    if (answer?.status !== 200) continue;
    const { link } = JSON.parse(answer.text);
    const names = type === "link.create" ? [`create ${link.callback_id}`] : [`send ${data.id} ${data.cell_phone ?? data.email}`];
    for (const name of names) if (asked.get(name) !== 1) sentences.push(`${id} was answered 200, and PayTR was asked ${asked.get(name) ?? 0} times`);
  }

  const ids = new Map();
  const paidTwice = new Set(callers.payments.map(({ callbackId }) => callbackId).filter((id, place, all) => all.indexOf(id) < place));
  const reasons = (callbackId, from, to) =>
    [...interruptions, ...(callers.replayedAt.get(callbackId) ?? [])].some((at) => at > from - SLACK_MS && at < to);
  for (const [id, { body, takenAt }] of shop.events) {
    const oid = oidOf(body);
    if (ids.has(oid)) sentences.push(`the payment ${oid} was told under two ids, ${ids.get(oid)} and ${id}`);
    ids.set(oid, id);
    const { type, data } = JSON.parse(body);
    // A link that is to be paid once can be paid by two before it is deleted.
    const isPaidBefore = type === "link.payment_review" && String(data.reasons) === "paid_before" && paidTwice.has(data.link.callback_id);
    if (type !== "link.paid" && !isPaidBefore) sentences.push(`the payment ${oid} was told as ${type}`);
    takenAt.slice(1).forEach((at, place) => {
      if (!reasons(data.link.callback_id, takenAt[place], at)) sentences.push(`the shop took ${id} twice for no reason`);
    });
  }
  return sentences;
}

/** Every message that was answered has the same answer again. */
export async function changed(callers) {
  const answered = [...callers.messages.values()].filter(({ answer }) => answer);
  await each(answered, (message) => callers.isAnsweredAlike(message));
  const without = callers.messages.size - answered.length;
  return without > 0 ? [`${without} messages have no answer`] : [];
}

/** `samples` of memory, oldest first, while workerd ran on: the last third of them is not above the one before it. */
export function growing(samples, most) {
  const third = Math.floor(samples.length / 3);
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
  const [middle, last] = [median(samples.slice(third, 2 * third)), median(samples.slice(-third))];
  const ratio = last / middle;
  const sentences = ratio > most ? [`memory grew to ${ratio.toFixed(2)} of what it was`] : [];
  return { middle, last, ratio, sentences };
}

const oidOf = (body) => JSON.parse(body).data.payment.merchant_oid;

/** Of a request to PayTR: what it asks for, or nothing for a deletion, which may be asked for again. */
function nameOf(form) {
  if (form.has("callback_id")) return `create ${form.get("callback_id")}`;
  const recipient = form.get("cell_phone") ?? form.get("email");
  return recipient ? `send ${form.get("id")} ${recipient}` : undefined;
}

async function each(items, action) {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await action(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

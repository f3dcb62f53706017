// 32 objects share everything. Which one keeps a message or a link: the first byte of its hash.

import { keyedHash } from "./paytr.js";

const COUNT = 32;

/** By number; they are the same in every request. */
const ids = [];

/** The object that keeps what has this hash, given as its bytes. */
export function partition(env, [byte]) {
  const number = byte % COUNT;
  ids[number] ??= env.LEDGER.idFromName(`ledger-${String(number).padStart(2, "0")}`);
  return env.LEDGER.get(ids[number]);
}

/** Submits a send to the partition of its recipient, and resolves with the answer. */
export async function submit(env, settings, context, { webhookId, secret }, message) {
  const { id, field, recipient, debugOn } = message;
  const [owner, key, fingerprint] = await Promise.all([
    // Mail in upper and lower case goes to the same mailbox, so it is limited together.
    keyedHash(settings, "recipient", field, recipient.toLowerCase()),
    keyedHash(settings, "webhook-id", webhookId),
    keyedHash(settings, "message", field, recipient, id, debugOn ?? ""),
  ]);
  const names = { owner: owner.toBase64(), key: key.toBase64(), fingerprint: fingerprint.toBase64() };
  return partition(env, owner).send({ context, webhookId, secret, ...names, message });
}

/** Submits a create to the partition of its link. */
export async function submitCreate(env, settings, context, { webhookId, secret }, message) {
  const [callbackId, fingerprint] = await Promise.all([
    keyedHash(settings, "callback-id", "link.create", webhookId),
    keyedHash(settings, "message", "link.create", JSON.stringify(message)),
  ]);
  const names = { callbackId: callbackId.toHex(), fingerprint: fingerprint.toBase64() };
  return partition(env, callbackId).create({ context, webhookId, secret, ...names, message });
}

/** Hands PayTR's notice of a payment to the partition of its link. */
export async function submitNotice(env, settings, context, notice) {
  const event = await keyedHash(settings, "event", notice.callbackId, notice.merchantOid);
  return partition(env, Uint8Array.fromHex(notice.callbackId.slice(0, 2))).notify({ context, notice, eventId: `evt_${event.toHex()}` });
}

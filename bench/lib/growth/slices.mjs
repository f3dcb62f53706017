// Slices of load whose CPU is compared: sends, creates and payments, each of new recipients and links.

import { setTimeout as sleep } from "node:timers/promises";
import { callbackIds, post, slice } from "../measure.mjs";
import { create, notice, phone, raw, rawNotice, signedHeaders, unique } from "../requests.mjs";
import { bindings } from "../settings.mjs";
import { Workerd } from "../workerd.mjs";

const CALLERS = 16;
const WARM_UP = 1000;
const BATCH = 2500;
const POLL_MS = 5;
const PATIENCE_MS = 120_000;
/** Lets through more than anybody sends here, so that rows are looked through for it. */
const SEND_LIMITS = '[{"count": 1000, "seconds": 1}]';

/** What measures: `program`, `upstream`, the Worker's `variant`, and `progress`, which is told of requests that are through. */
export class Bench {
  constructor(program, upstream, variant, progress) {
    Object.assign(this, { program, upstream, variant, progress });
  }

  /** A workerd that has done everything some times. */
  async warm() {
    const EVENTS_URL = `http://127.0.0.1:${this.upstream.port}/events`;
    const workerd = await Workerd.start(this.variant, bindings(this.upstream.port, { SEND_LIMITS, EVENTS_URL }));
    await this.warmUp(workerd);
    return workerd;
  }

  async warmUp(workerd) {
    await this.sends(workerd, WARM_UP / 2);
    await this.payments(workerd, (await this.creates(workerd, WARM_UP / 4)).links);
  }

  /** To new recipients, or all to one. */
  async sends(workerd, count, recipient) {
    const { cpuUs, p50Ms } = await slice(this.program, this.upstream, workerd, { callers: CALLERS, count, recipient });
    this.#sent(workerd, count);
    this.progress(count);
    return { cpuUs, p50Ms };
  }

  /** New links, with a send to a new recipient each if that is said; `links` are for {@link payments}. */
  async creates(workerd, count, { isSent } = {}) {
    await workerd.room(isSent ? 2 * count : count);
    const make = () => create(isSent ? { cell_phone: phone() } : undefined);
    const links = Array.from({ length: count }, () => ({ id: `msg_growth_${unique()}`, body: make() }));
    const requests = links.map(({ id, body }) => raw(workerd.port, body, signedHeaders(body, id)));
    const { cpuUs } = await post(this.program, workerd, requests, CALLERS);
    if (isSent) this.#sent(workerd, count);
    this.progress(count);
    return { cpuUs, links };
  }

  /** New links without a send, so many at a time that none is stale before its turn: what {@link payments} takes. */
  async manyLinks(workerd, count) {
    const links = [];
    while (links.length < count) links.push(...(await this.creates(workerd, Math.min(BATCH, count - links.length))).links);
    return links;
  }

  #sent(workerd, count) {
    workerd.sends = (workerd.sends ?? 0) + count;
  }

  /** Notices of payments, until the shop has the events. `links` may have a link more than once. */
  async payments(workerd, links) {
    const goal = (await this.upstream.delivered()) + links.length;
    const { cpuUs } = await this.notices(workerd, links, async () => {
      for (const deadline = Date.now() + PATIENCE_MS; (await this.upstream.delivered()) < goal; await sleep(POLL_MS)) {
        if (Date.now() > deadline) throw new Error("the shop does not get its events");
      }
    });
    if ((await this.upstream.delivered()) !== goal) throw new Error("an event was delivered twice");
    return { cpuUs };
  }

  /** Notices of payments, until they are answered and then `settled`. */
  async notices(workerd, links, settled) {
    await workerd.room(new Set(links).size);
    const requests = (await callbackIds(workerd, links)).map((name) => rawNotice(workerd.port, notice(name)));
    const measured = await post(this.program, workerd, requests, CALLERS, settled);
    this.progress(links.length);
    return measured;
  }
}

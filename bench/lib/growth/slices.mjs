// Slices of load whose CPU is compared: sends, creates and payments, each of new recipients and links.

import { noticesOf, paid, post, slice } from "../measure.mjs";
import { create, messages, phone, rawMessages } from "../requests.mjs";
import { bindings } from "../settings.mjs";
import { Workerd } from "../workerd.mjs";

const CALLERS = 16;
const WARM_UP = 1000;
const BATCH = 2500;
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
    const links = messages(count, () => create(isSent ? { cell_phone: phone() } : undefined));
    const { cpuUs } = await post(this.program, workerd, rawMessages(workerd.port, links), CALLERS);
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
  payments(workerd, links) {
    return this.#told(workerd, links, (notices) => paid(this.program, this.upstream, workerd, notices, CALLERS));
  }

  /** Notices of payments, until they are answered. */
  notices(workerd, links) {
    return this.#told(workerd, links, (notices) => post(this.program, workerd, notices, CALLERS));
  }

  async #told(workerd, links, tell) {
    await workerd.room(new Set(links).size);
    const measured = await tell(await noticesOf(workerd, links));
    this.progress(links.length);
    return measured;
  }
}

// Slices of load whose CPU is compared: sends, creates and payments, each of new recipients and links.

import { load, noticesOf, paid, slice } from "../measure.mjs";
import { create, messages, phone, withId } from "../requests.mjs";
import { Workerd } from "../workerd.mjs";

const CALLERS = 16;
const WARM_UP = 1000;

/** What measures: `program`, `upstream`, the Worker's `variant`, and `progress`, which is told of requests that are through. */
export class Bench {
  constructor(program, upstream, variant, progress) {
    Object.assign(this, { program, upstream, variant, progress });
  }

  /** A workerd that has done everything some times. */
  async warm() {
    const workerd = await Workerd.start(this.variant, this.upstream.settings);
    await this.warmUp(workerd);
    return workerd;
  }

  async warmUp(workerd) {
    await this.sends(workerd, WARM_UP / 2);
    await this.payments(workerd, (await this.creates(workerd, WARM_UP / 4)).links);
  }

  /** To new recipients. */
  async sends(workerd, count) {
    const took = await slice(this.program, this.upstream, workerd, { callers: CALLERS, count });
    this.#sent(workerd, count);
    this.progress(count);
    return took;
  }

  /** New links, with a send to a new recipient each if that is said; `links` are for {@link payments}. */
  async creates(workerd, count, { isSent } = {}) {
    const links = messages(count, () => create(isSent ? { cell_phone: phone() } : undefined));
    const { cpuUs } = await load(this.program, workerd, links.map(({ id, body }) => withId(body, id)), CALLERS);
    if (isSent) this.#sent(workerd, count);
    this.progress(count);
    return { cpuUs, links };
  }

  #sent(workerd, count) {
    workerd.sends = (workerd.sends ?? 0) + count;
  }

  /** Notices of payments, until the shop has the events. */
  async payments(workerd, links) {
    this.progress(links.length);
    return paid(this.program, this.upstream, workerd, await noticesOf(workerd, links), CALLERS);
  }

  /** Notices of payments, until they are answered. */
  async notices(workerd, links) {
    this.progress(links.length);
    return load(this.program, workerd, await noticesOf(workerd, links), CALLERS);
  }
}

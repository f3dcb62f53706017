// The relay of the soak: one workerd after another on the same storage and port.

import { inRoot } from "../../../scripts/paths.mjs";
import { RELAY } from "../../../tests/support/workerd.mjs";
import { age } from "../storage.mjs";
import { Workerd } from "../workerd.mjs";

const EVICTABLE = { modules: { "evictable.js": inRoot("bench/lib/soak/evictable.js"), ...RELAY }, ledger: true };

export class Relay extends Workerd {
  /** Times at which objects were thrown out or workerd was ended, Unix milliseconds. */
  interruptions = [];

  static async start(settings, log) {
    return Object.assign(await super.start(EVICTABLE, settings, (line) => log.take(line)), { log });
  }

  /** Throws out the objects that were used last. */
  async evict(count) {
    this.#interrupt();
    await fetch(`${this.url}/evict?count=${count}`, { method: "POST" });
  }

  /** Ends workerd and starts it again, with a storage that is older by so many days if that is said. */
  async end(signal, days = 0) {
    this.#interrupt();
    await this.restart((storage) => days > 0 && age(storage, days), signal);
    this.#interrupt();
  }

  /** Nothing while it starts, or where the system does not tell. */
  memory() {
    try {
      return super.memory();
    } catch {
      return undefined;
    }
  }

  #interrupt() {
    this.log.interruptedAt = Date.now();
    this.interruptions.push(Date.now());
  }
}

// The relay of the soak: one workerd after another on the same storage and port.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import getPort from "get-port";
import { inRoot } from "../../../scripts/paths.mjs";
import { texts } from "../../../tests/support/relay.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../../../tests/support/secrets.mjs";
import { RELAY, startWorkerd } from "../../../tests/support/workerd.mjs";
import { memory, room } from "../process.mjs";
import { age, temporaryDirectory } from "../storage.mjs";

const EVICTABLE = { "evictable.js": inRoot("bench/lib/soak/evictable.js"), ...RELAY };

export class Relay {
  /** Times at which objects were thrown out or workerd was ended, Unix milliseconds. */
  interruptions = [];
  #log;
  #settings;
  #workerd;

  static async start({ paytr, events, log }) {
    const relay = new Relay();
    relay.#log = log;
    relay.directory = temporaryDirectory();
    relay.storage = join(relay.directory, "storage");
    mkdirSync(relay.storage);
    // PayTR calls back where a link was made, so the port stays.
    relay.port = await getPort({ host: "127.0.0.1" });
    relay.url = `http://127.0.0.1:${relay.port}`;
    const secrets = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET };
    relay.#settings = { ...secrets, PAYTR_BASE_URL: paytr, EVENTS_URL: events, SEND_LIMITS: "[]" };
    await relay.#run();
    return relay;
  }

  async #run() {
    const services = [{ name: "main", bindings: texts(this.#settings), hasLedger: true, port: this.port }];
    const { workerd } = await startWorkerd(this.directory, { modules: EVICTABLE, storage: this.storage, services });
    workerd.onLine((line) => line.startsWith('{"event":"listen"') || this.#log.take(line));
    this.#workerd = workerd;
  }

  /** Throws out the objects that were used last. */
  async evict(count) {
    this.#interrupt();
    const answer = await fetch(`${this.url}/evict?count=${count}`, { method: "POST" });
    return Number(await answer.text());
  }

  /** Ends workerd and starts it again, with a storage that is older by so many days if that is said. */
  async restart(signal, days = 0) {
    this.#interrupt();
    await this.#workerd.stop(signal);
    if (days > 0) await age(this.storage, days);
    await this.#run();
    this.#interrupt();
  }

  /** Resident memory in bytes, where the system tells. */
  memory() {
    try {
      return memory(this.#workerd.pid);
    } catch {
      return undefined;
    }
  }

  /** Waits until so many more objects may be awake. */
  room(objects) {
    return room(this.#workerd.pid, objects);
  }

  async stop() {
    await this.#workerd.stop("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #interrupt() {
    this.#log.interruptedAt = Date.now();
    this.interruptions.push(Date.now());
  }
}

// One workerd process with one Worker.

import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { texts } from "../../tests/support/relay.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../../tests/support/secrets.mjs";
import { startWorkerd } from "../../tests/support/workerd.mjs";
import { temporaryDirectory } from "./storage.mjs";

const SECRETS = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET };
/** A process that takes less than this part of a second, for so many seconds, has nothing more to do. */
const AT_REST = { cpu: 0.01, seconds: 5 };

/** Folders of Workers that still run. */
const directories = new Set();
process.on("exit", () => directories.forEach(remove));

export class Workerd {
  /** `variant`: see `buildWorkers` of build.mjs. `settings`: beside merchant and secrets. `hear` gets every line that it writes. */
  static async start(variant, settings, hear) {
    const self = Object.assign(new this(), { variant, settings, hear, directory: temporaryDirectory() });
    directories.add(self.directory);
    self.storage = join(self.directory, "storage");
    mkdirSync(self.storage);
    await self.#run();
    return self;
  }

  async #run() {
    const { modules, ledger } = this.variant;
    // PayTR calls back where a link was made, so the port stays.
    const bindings = texts({ ...SECRETS, ...this.settings });
    const services = [{ name: "main", port: this.port, bindings, hasLedger: Boolean(ledger) }];
    // Nobody reads the log unless somebody asks for it: reading it would cost what is measured.
    const output = this.hear ? "pipe" : "ignore";
    const configured = { modules, storage: this.storage, services };
    const { workerd, urls, began } = await startWorkerd(this.directory, configured, output);
    if (this.hear) workerd.onLine(this.hear);
    Object.assign(this, { workerd, began, url: urls.main, port: Number(new URL(urls.main).port) });
  }

  /** Ends the process and starts it again, with the same storage, to which `prepare` may do something meanwhile. */
  async restart(prepare, signal = "SIGKILL") {
    await this.workerd.stop(signal);
    await prepare?.(this.storage);
    await this.#run();
  }

  /** Asks it, with a request of requests.mjs. */
  async ask({ method, path, headers, body }, signal) {
    const response = await fetch(this.url + path, { method, headers, body, signal });
    const text = await response.text();
    const { status, headers: given } = response;
    return { status, type: given.get("content-type"), replayed: given.has("idempotency-replayed"), text };
  }

  /** CPU seconds of the process so far, user and system: of its threads, which live as long as it does. */
  cpu() {
    const tasks = `/proc/${this.workerd.pid}/task`;
    const nanoseconds = (task) => Number(readFileSync(join(tasks, task, "schedstat"), "utf8").split(" ")[0]);
    return readdirSync(tasks).reduce((sum, task) => sum + nanoseconds(task), 0) / 1e9;
  }

  /** Waits until it has nothing more to do, and resolves with its CPU seconds by then. */
  async rest() {
    for (let [before, resting] = [this.cpu(), 0]; resting < AT_REST.seconds; ) {
      await setTimeout(1000);
      const now = this.cpu();
      resting = now - before < AT_REST.cpu ? resting + 1 : 0;
      before = now;
    }
    return this.cpu();
  }

  /** Resident memory in bytes. */
  memory() {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.workerd.pid}/status`, "utf8"))[1]) * 1024;
  }

  async stop() {
    await this.workerd.stop("SIGKILL");
    remove(this.directory);
    directories.delete(this.directory);
  }
}

/** Again if something is just being written there. */
function remove(directory) {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

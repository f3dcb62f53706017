// One workerd process with one Worker.

import { mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { texts } from "../../tests/support/relay.mjs";
import { startWorkerd } from "../../tests/support/workerd.mjs";
import { room } from "./open-files.mjs";
import { temporaryDirectory } from "./storage.mjs";

const IDLE_SECONDS = 120;

/** Folders of Workers that still run. */
const directories = new Set();
process.on("exit", () => directories.forEach(remove));

export class Workerd {
  /** `variant`: see `variants` of build.mjs. `bindings`: texts. `hear` gets every line that it writes. */
  static async start(variant, bindings, hear) {
    const began = performance.now();
    const directory = temporaryDirectory();
    directories.add(directory);
    const storage = join(directory, "storage");
    mkdirSync(storage);
    const { modules, ledger } = variant;
    const services = [{ name: "main", bindings: texts(bindings), hasLedger: Boolean(ledger) }];
    // Nobody reads the log unless somebody asks for it: reading it would cost what is measured.
    const { workerd, urls } = await startWorkerd(directory, { modules, storage, services }, hear ? "pipe" : "ignore");
    if (hear) workerd.onLine(hear);
    const { port } = new URL(urls.main);
    return Object.assign(new Workerd(), { workerd, directory, port, began, ledger });
  }

  /** Asks it, with a request of requests.mjs. */
  async ask({ method, path, headers, body }) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers, body });
    const text = await response.text();
    return { status: response.status, replayed: response.headers.has("idempotency-replayed"), text };
  }

  /** CPU seconds of the process so far, user and system: of its threads, which live as long as it does. */
  cpu() {
    const tasks = `/proc/${this.workerd.pid}/task`;
    const nanoseconds = (task) => Number(readFileSync(join(tasks, task, "schedstat"), "utf8").split(" ")[0]);
    return readdirSync(tasks).reduce((sum, task) => sum + nanoseconds(task), 0) / 1e9;
  }

  /** Resident memory in bytes. */
  memory() {
    const status = readFileSync(`/proc/${this.workerd.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }

  /** How many objects have their database open. */
  openObjects() {
    const directory = `/proc/${this.workerd.pid}/fd`;
    return readdirSync(directory).filter((fd) => {
      try {
        return /\/[0-9a-f]{64}\.sqlite$/.test(readlinkSync(join(directory, fd)));
      } catch {
        return false;
      }
    }).length;
  }

  /** Waits until no object has. */
  async idle() {
    for (let waited = 0; this.openObjects() > 0; waited += 1) {
      if (waited > IDLE_SECONDS) throw new Error("idle objects do not close their files");
      await setTimeout(1000);
    }
  }

  /** Waits until so many new objects may have their files open. */
  async room(objects) {
    if (this.ledger) await room(this.workerd.pid, objects);
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

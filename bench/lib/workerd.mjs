// One workerd process with one Worker.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { firstLine, start, stop } from "./children.mjs";
import { root, tool } from "./paths.mjs";

/** `TICKS` of the kernel per second: fixed at 100 on Linux, whatever the kernel's own rate is. */
const TICKS_PER_SECOND = 100;

/** A database, its log and the log's index. */
const FILES_OF_OBJECT = 3;
const OTHER_FILES = 200;
const ROOM_SECONDS = 120;

/** Folders of Workers that still run. */
const directories = new Set();
process.on("exit", () => directories.forEach(remove));

/** In memory where there is such a place: Workers are compared, not disks. */
const STORAGE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export class Workerd {
  /** `variant`: see `variants` of build.mjs. `bindings`: texts. `hear` gets every line that it writes. */
  static async start(variant, bindings, hear) {
    const began = performance.now();
    const directory = mkdtempSync(join(STORAGE, "relay-bench-"));
    directories.add(directory);
    mkdirSync(join(directory, "storage"));
    const file = join(directory, "config.capnp");
    writeFileSync(file, config(variant, bindings, join(directory, "storage")));
    const errors = process.env.BENCH_LOG ? "inherit" : "ignore";
    const outputs = hear ? ["pipe", "pipe"] : ["ignore", errors];
    const child = start(tool("workerd"), ["serve", "-I/", "--control-fd=3", file], ["ignore", ...outputs, "pipe"]);
    if (hear) [child.stdout, child.stderr].forEach((input) => createInterface({ input }).on("line", hear));
    const port = await firstLine(child, child.stdio[3], (line) => {
      const { event, port } = JSON.parse(line);
      return event === "listen" ? port : undefined;
    });
    return Object.assign(new Workerd(), { child, directory, port, began, ledger: variant.ledger });
  }

  /** Asks it, with a request of requests.mjs. */
  async ask({ method, path, headers, body }) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers, body });
    const text = await response.text();
    return { status: response.status, replayed: response.headers.has("idempotency-replayed"), text };
  }

  /** CPU seconds of the process so far, user and system. */
  cpu() {
    const stat = readFileSync(`/proc/${this.child.pid}/stat`, "utf8");
    // The name in brackets may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory in bytes. */
  memory() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }

  /** Waits until so many new objects may have their files open. An idle object's are closed after half a minute. */
  async room(objects) {
    if (!this.ledger) return;
    const limits = readFileSync(`/proc/${this.child.pid}/limits`, "utf8");
    const most = Number(/^Max open files\s+(\d+)/m.exec(limits)[1]);
    const wanted = objects * FILES_OF_OBJECT + OTHER_FILES;
    if (wanted > most) throw new Error(`${wanted} open files are needed, and ulimit -n is ${most}`);
    for (let waited = 0; readdirSync(`/proc/${this.child.pid}/fd`).length + wanted > most; waited += 1) {
      if (waited > ROOM_SECONDS) throw new Error("idle objects do not close their files");
      await setTimeout(1000);
    }
  }

  async stop() {
    await stop(this.child);
    remove(this.directory);
    directories.delete(this.directory);
  }
}

/** Again if something is just being written there. */
function remove(directory) {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function config({ modules, ledger }, bindings, storage) {
  const text = (value) => JSON.stringify(value);
  const kind = (name) => (name.endsWith(".wasm") ? "wasm" : "esModule");
  const embedded = Object.entries(modules).map(
    ([name, path]) => `(name = ${text(name)}, ${kind(name)} = embed ${text(path)})`,
  );
  const bound = Object.entries(bindings).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`);
  if (ledger) bound.push('(name = "LEDGER", durableObjectNamespace = "Ledger")');
  const wrangler = readFileSync(join(root, "wrangler.toml"), "utf8");
  const setting = (name) => new RegExp(`^${name} = (.*)$`, "m").exec(wrangler)[1];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"])),
    (name = "disk", disk = (path = ${text(storage)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${embedded.join(", ")}],
  compatibilityDate = ${setting("compatibility_date")},
  compatibilityFlags = ${setting("compatibility_flags")},
  bindings = [${bound.join(", ")}],
${ledger ? `  durableObjectNamespaces = [(className = "Ledger", uniqueKey = "ledger", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
` : ""});
`;
}

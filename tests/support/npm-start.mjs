// `npm start` and `npm run demo` as a person at a terminal has them: on free ports, with a folder of its own for secrets
// and storage.
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import getPort, { clearLockedPorts } from "get-port";
import { ROOT } from "../../scripts/paths.mjs";
import { listen } from "./listen.mjs";

const READY_WITHIN_MS = 600_000;

const started = new Set();

/** Ends what a failed test has left running. */
export async function endAllStarted() {
  await Promise.all(Array.from(started, (start) => start.interrupt()));
}

/** A running `npm start`, or `npm run` of another script that starts the relay. */
export class NpmStart {
  /** All that it has written. */
  output = "";

  constructor({ directory, relayPort, sandboxPort, shopPort }, script = "start", args = [], locale = "C.UTF-8") {
    const ports = { RELAY_PORT: `${relayPort}`, SANDBOX_PORT: `${sandboxPort}`, SHOP_PORT: `${shopPort}` };
    this.child = execa("npm", ["run", script, "--", ...args], {
      cwd: ROOT,
      env: { DEV_DIR: directory, LC_ALL: locale, ...ports },
      // A group of its own, as a terminal makes one.
      detached: true,
      stdin: "ignore",
      all: true,
      buffer: false,
      reject: false,
    });
    this.child.all.setEncoding("utf8").on("data", (text) => (this.output += text));
    started.add(this);
    /** Resolves with its exit code. */
    this.closed = this.child.then(({ exitCode }) => exitCode).finally(() => started.delete(this));
  }

  /** Waits until it has written a text so many times. Fails when it ends before that. */
  async says(text, times = 1) {
    let closed = false;
    this.closed.then(() => (closed = true));
    for (const deadline = Date.now() + READY_WITHIN_MS; this.output.split(text).length <= times; await sleep(100)) {
      if (closed || Date.now() > deadline) throw new Error(`never said ${JSON.stringify(text)}:\n${this.output}`);
    }
  }

  /** The command that it tells people to paste: from the line `(` to the line `)`. */
  printedCommand() {
    return /^\($[\s\S]*?^\)$/m.exec(this.output)[0];
  }

  /** Every process that it has started, and that these have started. */
  descendants() {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
      .split("\n")
      .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
      .filter(Boolean)
      .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command }));
    const below = (pid) => rows.filter(({ parent }) => parent === pid).flatMap((row) => [row, ...below(row.pid)]);
    return below(this.child.pid);
  }

  /** What Ctrl-C in a terminal does: the signal goes to the whole foreground group. */
  async interrupt() {
    process.kill(-this.child.pid, "SIGINT");
    await this.closed;
  }
}

/** A folder of its own and free ports. */
export async function ownPlace() {
  const directory = mkdtempSync(path.join(tmpdir(), "npm-start-"));
  const [relayPort, sandboxPort, shopPort] = [await getPort(), await getPort(), await getPort()];
  // They are for others than this process.
  clearLockedPorts();
  return { directory, relayPort, sandboxPort, shopPort };
}

/** Whether a process exists and is more than an entry that nobody has asked about yet. */
export function isAlive({ pid }) {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}

/** Holds a port, any one by default, until `stop` is called. */
export const holdPort = (port) => listen(createServer(), port);

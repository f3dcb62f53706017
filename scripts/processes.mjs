// Child processes, each with a process group of its own, so that ending one ends whatever it has started: cargo's
// rustc, wrangler's workerd. A terminal's Ctrl-C reaches none of them; it comes here, and from here it goes to all.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./paths.mjs";
import { Trouble } from "./user-error.mjs";

const GRACE_MS = 5000;
const POLL_MS = 50;
const LAST_LINES = 40;
/** A process can end before its last words have come through, and what it started can hold its pipes open for ever. */
const LAST_WORDS_MS = 300;
/** npm passes on a Ctrl-C that the terminal has sent already, so the first comes twice. */
const IMPATIENT_AFTER_MS = 500;

/** The groups that may still have a process in them, by the id of their first one. */
const groups = new Set();
/** Once true, processes end because they were told to, which is nothing to report. */
let stopping = false;

/**
 * Runs a command to its end. It writes straight to this terminal.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function run(command, args, env) {
  const ending = await spawnGroup(command, args, env, ["ignore", "inherit", "inherit"]).ending;
  if (ending !== "exit code 0") {
    throw new Trouble(`This failed (${ending}); the reason is above:\n  ${[command, ...args].join(" ")}`);
  }
}

/** A process that is meant to stay. What it writes is kept back until {@link Service.show}. */
export class Service {
  /** The last lines of it, for when it ends unasked. */
  #lines = [];
  #shown = false;

  /**
   * @param {string} name what its lines begin with
   * @param {string} command
   * @param {string[]} args
   * @param {NodeJS.ProcessEnv} env
   * @param {(line: string) => boolean} [isNoise] lines to leave out
   */
  constructor(name, command, args, env, isNoise = () => false) {
    this.name = name;
    const { child, ending } = spawnGroup(command, args, env, ["ignore", "pipe", "pipe"]);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => isNoise(line) || this.#take(line));
    }
    /** Rejects when the process ends; never resolves. */
    this.ended = ending.then((how) => {
      const lastWords = this.#lines.map((line) => `  ${line}`).join("\n");
      throw new Trouble(`The ${name} ended (${how}). ${lastWords ? `Its last words:\n\n${lastWords}` : "It said nothing."}`);
    });
    this.ended.catch(() => {});
  }

  /** From now on its lines are printed. */
  show() {
    this.#shown = true;
  }

  #take(line) {
    this.#lines = [...this.#lines, line].slice(-LAST_LINES);
    if (this.#shown) console.log(`${this.name.padEnd(7)} | ${line}`);
  }
}

/** Ends every group: first asks, after a grace period forces. */
export async function endAll() {
  stopping = true;
  signalAll("SIGTERM");
  for (const deadline = Date.now() + GRACE_MS; anyAlive() && Date.now() < deadline; ) await sleep(POLL_MS);
  signalAll("SIGKILL");
}

/** On Ctrl-C, a plain kill or a closed terminal: ends every group, then this process. The second time: at once. */
export function endAllOnSignals() {
  let askedAt;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, async () => {
      if (askedAt === undefined) {
        askedAt = Date.now();
        console.log("\nStopping …");
        await endAll();
        console.log("Stopped.");
      } else if (Date.now() - askedAt < IMPATIENT_AFTER_MS) {
        return;
      }
      signalAll("SIGKILL");
      process.exit(128 + constants.signals[signal]);
    });
  }
}

function spawnGroup(command, args, env, stdio) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio, detached: true });
  if (child.pid !== undefined) groups.add(child.pid);
  const ending = new Promise((resolve) => {
    const report = (how) => stopping || resolve(how);
    child.on("error", (error) => report(`it cannot be started: ${error.message}`));
    child.on("exit", (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      child.on("close", () => report(how));
      setTimeout(report, LAST_WORDS_MS, how);
    });
  });
  return { child, ending };
}

function anyAlive() {
  return [...groups].some((group) => signalGroup(group, 0));
}

function signalAll(signal) {
  for (const group of groups) signalGroup(group, signal);
}

function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    groups.delete(group);
    return false;
  }
}

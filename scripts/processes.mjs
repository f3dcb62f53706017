// Child processes of scripts, tests and benchmarks, each with a process group of its own, so that ending one ends
// whatever it has started: cargo's rustc, wrangler's workerd. A terminal's Ctrl-C reaches none of them; it comes here,
// and from here it goes to all. None outlives this process.
import { spawnSync } from "node:child_process";
import { EventEmitter, on, once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { machineTexts } from "./machine-texts.mjs";
import { ROOT } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

const GRACE_MS = 5000;
const POLL_MS = 20;
const KEPT_LINES = 10_000;
const LAST_LINES = 40;
/** A process can end before its last words have come through, and what it started can hold its pipes open for ever. */
const LAST_WORDS_MS = 300;
/** npm passes on a Ctrl-C that the terminal has sent already, so the first comes twice. */
const IMPATIENT_AFTER_MS = 500;

/** The groups that may still have a process in them, by the id of their first one. */
const groups = new Set();
process.on("exit", () => signalAll(groups, "SIGKILL"));

/** What a signal leads to; {@link endAllOnSignals} makes it gentler. */
let onSignal = (number) => process.exit(128 + number);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, (_, number) => onSignal(number));

/** Where util-linux is, the kernel ends a service if this process is killed and cannot. */
const GUARD = ["--pdeathsig", "KILL", "--"];
const hasGuard = spawnSync("setpriv", [...GUARD, "true"], { stdio: "ignore" }).status === 0;

/** Once true, processes end because they were asked to, which is nothing to report. */
let stopping = false;

/**
 * Runs a command to its end. It writes straight to this terminal.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function run(command, args, env) {
  const ending = await endingOf(spawnGroup(command, args, { env, stdio: ["ignore", "inherit", "inherit"] }));
  if (stopping) await new Promise(() => {});
  if (ending.exitCode !== 0) throw new UserError(machineTexts().failed(inWords(ending), [command, ...args].join(" ")));
}

/** A process that is meant to stay. */
export class Service {
  #child;
  #lines = [];
  #heard = new EventEmitter().setMaxListeners(0);
  #shown = false;
  #stopped = false;

  /**
   * @param {string} name what its lines begin with
   * @param {string} command
   * @param {string[]} args
   * @param {object} [options]
   * @param {NodeJS.ProcessEnv} [options.env] all of its environment
   * @param {(line: string) => boolean} [options.isNoise] lines to leave out
   * @param {"pipe" | "ignore"} [options.output] whether anybody listens to what it writes
   * @param {boolean} [options.control] whether it has another output to be listened to, at descriptor 3
   */
  constructor(name, command, args, { env, isNoise = () => false, output = "pipe", control = false } = {}) {
    this.name = name;
    const [program, ...rest] = hasGuard ? ["setpriv", ...GUARD, command, ...args] : [command, ...args];
    const stdio = ["ignore", output, output, ...(control ? ["pipe"] : [])];
    this.#child = spawnGroup(program, rest, { env, stdio });
    const [, out, err, controlled] = this.#child.stdio;
    for (const input of [out, err].filter(Boolean)) {
      createInterface({ input }).on("line", (line) => isNoise(line) || this.#take(line));
    }
    if (controlled) createInterface({ input: controlled }).on("line", (line) => this.#heard.emit("line", line));
    /** Rejects when the process ends unasked; never resolves. */
    this.ended = endingOf(this.#child).then((ending) => {
      if (stopping || this.#stopped) return new Promise(() => {});
      const lastWords = this.#lines.slice(-LAST_LINES).map((line) => `  ${line}`).join("\n");
      const texts = machineTexts();
      throw new UserError(`${texts.ended(name, inWords(ending))} ${lastWords ? texts.lastWords(lastWords) : texts.noWords}`);
    });
    this.ended.catch(() => {});
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it has written, as far back as is kept. */
  output() {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** From now on its lines are printed. */
  show() {
    this.#shown = true;
  }

  /** Calls back with each line from now on. */
  onLine(listener) {
    this.#heard.on("line", listener);
  }

  /** Resolves with the first thing other than undefined that `find` makes of a line from now on. */
  async first(find, patience) {
    const signal = AbortSignal.timeout(patience);
    const search = async () => {
      for await (const [line] of on(this.#heard, "line", { signal })) {
        const found = find(line);
        if (found !== undefined) return found;
      }
    };
    try {
      return await Promise.race([search(), this.ended]);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      throw new Error(`The ${this.name} is not ready after ${patience / 1000} s:\n${this.output()}`, { cause: error });
    }
  }

  /** Ends it and all that it has started. */
  async stop(signal = "SIGTERM") {
    this.#stopped = true;
    await end([this.pid], signal);
  }

  #take(line) {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    if (this.#shown) console.log(`${this.name.padEnd(7)} | ${line}`);
    this.#heard.emit("line", line);
  }
}

/** Ends every group: first asks, after a grace period forces. */
export async function endAll() {
  stopping = true;
  await end([...groups], "SIGTERM");
}

/** On Ctrl-C, a plain kill or a closed terminal: ends every group, then this process. The second time: at once. */
export function endAllOnSignals() {
  let askedAt;
  onSignal = async (number) => {
    if (askedAt === undefined) {
      askedAt = Date.now();
      console.log(machineTexts().stopping);
      await endAll();
      console.log(machineTexts().stopped);
    } else if (Date.now() - askedAt < IMPATIENT_AFTER_MS) {
      return;
    }
    process.exit(128 + number);
  };
}

function spawnGroup(command, args, options) {
  const child = execa(command, args, {
    cwd: ROOT,
    extendEnv: options.env === undefined,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    ...options,
  });
  if (child.pid !== undefined) groups.add(child.pid);
  return child;
}

function endingOf(child) {
  const exited = once(child, "exit").then(
    ([exitCode, signal]) => sleep(LAST_WORDS_MS, { exitCode, signal }),
    () => child,
  );
  return Promise.race([child, exited]);
}

/** How a process ended. */
function inWords({ exitCode, signal, originalMessage }) {
  const texts = machineTexts();
  return signal ?? (Number.isInteger(exitCode) ? texts.exitCode(exitCode) : texts.notStarted(originalMessage));
}

async function end(ids, signal) {
  const areAlive = () => ids.filter((id) => signalGroup(id, 0)).length > 0;
  for (const force of [signal, "SIGKILL"]) {
    signalAll(ids, force);
    for (const deadline = Date.now() + GRACE_MS; areAlive() && Date.now() < deadline; ) await sleep(POLL_MS);
  }
}

function signalAll(ids, signal) {
  for (const id of ids) signalGroup(id, signal);
}

/** Whether there was anybody to get it. */
function signalGroup(id, signal) {
  if (!groups.has(id)) return false;
  try {
    return process.kill(-id, signal);
  } catch {
    groups.delete(id);
    return false;
  }
}

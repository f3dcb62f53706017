// Processes that end with this one.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const living = new Set();

// Where util-linux is, the kernel ends them if this process is killed and cannot.
const guard = spawnSync("setpriv", ["--pdeathsig", "KILL", "--", "true"]).status === 0
  ? ["setpriv", "--pdeathsig", "KILL", "--"]
  : [];

process.on("exit", () => living.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

export function start(command, args, stdio) {
  const [program, ...rest] = [...guard, command, ...args];
  const child = spawn(program, rest, { stdio });
  living.add(child);
  child.once("exit", () => living.delete(child));
  return child;
}

export async function stop(child) {
  if (!living.has(child)) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** The first line of `stream` that `find` makes something of. */
export function firstLine(child, stream, find) {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (piece) => {
      text += piece;
      for (const line of text.split("\n").slice(0, -1)) {
        const found = find(line);
        if (found !== undefined) resolve(found);
      }
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${child.spawnfile} ended with ${code}: ${text}`)));
  });
}

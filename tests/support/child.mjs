// A child process that has to say that it is ready.
//
// In scope: starting, waiting for a line, and an end that leaves nothing behind. Not in scope: what the process does.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const PATIENCE_MS = 60_000;
const running = new Map();

process.on("exit", () => {
  for (const [child, ending] of running) child.kill(ending);
});

/**
 * Starts a program, which `ending` ends, and resolves with `{ ready, output, stop }` once `isReady` returns something for a line that it
 * said; that something is `ready`.
 */
export async function start(program, args, { env, isReady, patience = PATIENCE_MS, ending = "SIGKILL" }) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  running.set(child, ending);
  let said = "";
  const ended = new Promise((resolve) => child.once("close", resolve)).finally(() => running.delete(child));
  const stop = async () => {
    child.kill(ending);
    await ended;
  };
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("is not ready")), patience);
    const fail = (why) => {
      clearTimeout(timer);
      reject(new Error(why));
    };
    child.once("error", (error) => fail(error.message));
    ended.then((code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said += `${line}\n`;
        const what = isReady(line);
        if (what === undefined) return;
        clearTimeout(timer);
        resolve(what);
      });
    }
  });
  try {
    return { ready: await ready, output: () => said, stop };
  } catch (error) {
    await stop();
    throw new Error(`${program} ${error.message}:\n${said}`, { cause: error });
  }
}

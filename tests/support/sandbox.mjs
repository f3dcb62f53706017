// The sandbox as a program, and what its outbox shows.
import { spawnSync } from "node:child_process";
import { start } from "./child.mjs";
import { inRoot } from "./paths.mjs";
import { MERCHANT } from "./secrets.mjs";

/** Starts a sandbox on a free port. */
export async function startSandbox() {
  // Quick when it stands already, as it does after `npm test` has come this far.
  const built = spawnSync("cargo", ["build", "--quiet", "-p", "paytr-sandbox"], { cwd: inRoot(""), encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the sandbox does not build:\n${built.stderr}`);
  const { ready: url, stop } = await start(inRoot("target/debug/paytr-sandbox"), [], {
    env: { ...MERCHANT, SANDBOX_ADDRESS: "127.0.0.1:0" },
    isReady: (line) => line.match(/PAYTR_BASE_URL=(http:\S+?)\)/)?.[1],
  });
  return { url, stop, outbox: new Outbox(url) };
}

class Outbox {
  #url;

  constructor(url) {
    this.#url = url;
  }

  /** All that came for a recipient, oldest first. */
  async to(recipient) {
    const answer = await fetch(`${this.#url}/outbox/messages`);
    const { messages } = await answer.json();
    return messages.filter((message) => message.recipient === recipient).reverse();
  }
}

// The sandbox as a program, and what its outbox shows.
import { execa } from "execa";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { MERCHANT } from "./secrets.mjs";

const PATIENCE_MS = 60_000;

/** Starts a sandbox on a free port. */
export async function startSandbox() {
  // Quick when it stands already, as it does after `npm test` has come this far.
  await execa("cargo", ["build", "--quiet", "--locked", "-p", "paytr-sandbox"], { cwd: ROOT });
  const env = { ...MERCHANT, SANDBOX_ADDRESS: "127.0.0.1:0" };
  const sandbox = new Service("sandbox", inRoot("target/debug/paytr-sandbox"), [], { env });
  const url = await sandbox.first((line) => line.match(/PAYTR_BASE_URL=(http:\S+?)\)/)?.[1], PATIENCE_MS);
  return { url, stop: () => sandbox.stop("SIGKILL"), outbox: new Outbox(url) };
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

// The sandbox as a program, what its outbox shows, and links that are made without a relay.
import { createHmac } from "node:crypto";
import { execa } from "execa";
import { Webhook } from "standardwebhooks";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { EVENTS_SECRET, MERCHANT } from "./secrets.mjs";

const PATIENCE_MS = 60_000;

/** Starts a sandbox on a free port, with `settings` of its own. */
export async function startSandbox(settings) {
  // Quick when it stands already, as it does after `npm test` has come this far.
  await execa("cargo", ["build", "--quiet", "--locked", "-p", "paytr-sandbox"], { cwd: ROOT });
  const env = { ...MERCHANT, EVENTS_SECRETS: EVENTS_SECRET, SANDBOX_ADDRESS: "127.0.0.1:0", ...settings };
  const sandbox = new Service("sandbox", inRoot("target/debug/paytr-sandbox"), [], { env });
  const url = await sandbox.first((line) => line.match(/PAYTR_BASE_URL=(http:\S+?)\)/)?.[1], PATIENCE_MS);
  return {
    url,
    createLink: (fields) => createLink(url, fields),
    tell: (id, event) => tell(url, id, event),
    stop: () => sandbox.stop("SIGKILL"),
    outbox: new Outbox(url),
  };
}

/** Tells the shop that the sandbox plays of an event, as a relay would, and gives the status of its answer. */
async function tell(url, id, event) {
  const [body, now] = [JSON.stringify(event), new Date()];
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(now / 1000)}`,
    "webhook-signature": new Webhook(EVENTS_SECRET).sign(id, now, body),
  };
  return (await fetch(`${url}/shop/events`, { method: "POST", headers, body })).status;
}

/** Creates a product link as a merchant's own program would, and gives PayTR's answer. */
async function createLink(url, fields) {
  const form = {
    merchant_id: MERCHANT.PAYTR_MERCHANT_ID, name: "Çay takımı", price: "158000", currency: "TL", max_installment: "12",
    link_type: "product", lang: "tr", min_count: "1", ...fields,
  };
  const { name, price, currency, max_installment, link_type, lang, min_count } = form;
  const signed = [name, price, currency, max_installment, link_type, lang, min_count, MERCHANT.PAYTR_MERCHANT_SALT];
  const paytr_token = createHmac("sha256", MERCHANT.PAYTR_MERCHANT_KEY).update(signed.join("")).digest("base64");
  const answer = await fetch(`${url}/odeme/api/link/create`, { method: "POST", body: new URLSearchParams({ ...form, paytr_token }) });
  return answer.json();
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

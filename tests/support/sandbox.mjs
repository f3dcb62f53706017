// The sandbox as a program, what its outbox shows, and links that are made without a relay.
import assert from "node:assert/strict";
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
  const read = async (path) => (await fetch(`${url}${path}`)).json();
  return {
    url,
    /** What is shown to machines at a path. */
    read,
    createLink: (fields) => createLink(url, fields),
    tell: (id, event) => tell(url, id, event),
    /** Pays a link as its page does, and gives what that is told. */
    async pay(id) {
      const paying = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      const answer = await fetch(`${url}/sandbox/links/${id}/pay`, paying);
      assert.equal(answer.status, 201);
      return answer.json();
    },
    stop: () => sandbox.stop("SIGKILL"),
    outbox: {
      /** All that came for a recipient, oldest first. */
      to: async (to) => (await read("/outbox/messages")).messages.filter(({ recipient }) => recipient === to).reverse(),
    },
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

/** Creates a link, a product's unless told otherwise, as a merchant's own program would, and gives PayTR's answer. */
async function createLink(url, fields) {
  const form = {
    merchant_id: MERCHANT.PAYTR_MERCHANT_ID, name: "Çay takımı", price: "158000", currency: "TL", max_installment: "12",
    link_type: "product", lang: "tr", min_count: "1", ...fields,
  };
  const { name, price, currency, max_installment, link_type, lang, min_count } = form;
  const signed = [name, price, currency, max_installment, link_type, lang, min_count, MERCHANT.PAYTR_MERCHANT_SALT];
  const paytr_token = createHmac("sha256", MERCHANT.PAYTR_MERCHANT_KEY).update(signed.join("")).digest("base64");
  const given = Object.entries({ ...form, paytr_token }).filter(([, value]) => value !== undefined);
  return (await fetch(`${url}/odeme/api/link/create`, { method: "POST", body: new URLSearchParams(given) })).json();
}

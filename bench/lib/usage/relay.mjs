// The built Worker with a counter around it (counted.js), and how it is asked.

import { inRoot } from "../../../scripts/paths.mjs";
import { signedHeaders } from "../../../scripts/signed-headers.mjs";
import { texts } from "../../../tests/support/relay.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../../../tests/support/secrets.mjs";
import { RELAY, startWorkerd } from "../../../tests/support/workerd.mjs";
import { noticeOf } from "../requests.mjs";

const COUNTED = { "counted.js": inRoot("bench/lib/usage/counted.js"), ...RELAY };
const KEY = Buffer.from(SECRET.slice("whsec_".length), "base64");

export class Counted {
  #messages = 0;

  /** `settings`: beside merchant and secrets. `#messages` goes on when it is started again. */
  async start(directory, settings) {
    const secrets = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET };
    const services = [{ name: "main", bindings: texts({ ...secrets, ...settings }), hasLedger: true }];
    const { workerd, urls } = await startWorkerd(directory, { modules: COUNTED, storage: directory, services });
    Object.assign(this, { workerd, url: urls.main });
  }

  stop() {
    return this.workerd?.stop("SIGKILL");
  }

  /** The answer to a message. Throws unless it is 200. */
  async ask(message, id = `msg_usage_${(this.#messages += 1)}`) {
    const body = JSON.stringify(message);
    const headers = signedHeaders([KEY], id, body);
    const answer = await fetch(`${this.url}/webhook`, { method: "POST", headers, body });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${message.type}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** PayTR's notice of a payment. */
  async notice(callback_id, merchant_oid) {
    const { PAYTR_MERCHANT_ID: id, PAYTR_MERCHANT_KEY: key, PAYTR_MERCHANT_SALT: salt } = MERCHANT;
    const body = new URLSearchParams(noticeOf(callback_id, merchant_oid, { id, key, salt }));
    const answer = await fetch(`${this.url}/callback`, { method: "POST", body });
    if ((await answer.text()) !== "OK") throw new Error(`the relay answered a notice with ${answer.status}`);
  }

  /** What was counted since the last time. */
  async used() {
    return (await fetch(`${this.url}/usage`)).json();
  }
}

// The built Worker with a counter around it (counted.js), and how it is asked.

import { inRoot } from "../../../scripts/paths.mjs";
import { RELAY } from "../../../tests/support/workerd.mjs";
import { callback, notice, withId } from "../requests.mjs";
import { Workerd } from "../workerd.mjs";

const COUNTED = { modules: { "counted.js": inRoot("bench/lib/usage/counted.js"), ...RELAY }, ledger: true };

export class Counted extends Workerd {
  #messages = 0;

  static start(settings) {
    return super.start(COUNTED, settings);
  }

  /** The answer to a message. Throws unless it is 200. */
  async answer(message, id = `msg_usage_${(this.#messages += 1)}`) {
    const { status, text } = await this.ask(withId(JSON.stringify(message), id));
    if (status !== 200) throw new Error(`${message.type}: ${status} ${text}`);
    return JSON.parse(text);
  }

  /** PayTR's notice of a payment. */
  async notice(callback_id, merchant_oid) {
    const { status, text } = await this.ask(callback(notice(callback_id, merchant_oid)));
    if (text !== "OK") throw new Error(`the relay answered a notice with ${status}`);
  }

  /** What was counted since the last time. */
  async used() {
    return (await fetch(`${this.url}/usage`)).json();
  }
}

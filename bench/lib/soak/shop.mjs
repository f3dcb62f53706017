// The shop of the soak: it takes events, fails now and then, and is down for whole stretches. It keeps what it got.

import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import { listen } from "../../../tests/support/listen.mjs";
import { EVENTS_SECRET } from "../../../tests/support/secrets.mjs";

const PATIENCE_MS = 300;

export class Shop {
  /** By `webhook-id`: `{ body, takenAt: […], tries }`, times in Unix milliseconds. */
  events = new Map();
  /** What must not be, in words. */
  wrong = [];
  /** `well`, `unsteady` or `down`. */
  state = "unsteady";
  #random;
  #webhook = new Webhook(EVENTS_SECRET);

  static async start(random) {
    const shop = new Shop();
    shop.#random = random;
    const server = createServer((request, response) => shop.#take(request, response));
    return Object.assign(shop, await listen(server));
  }

  async #take(request, response) {
    const body = Buffer.concat(await request.toArray()).toString();
    try {
      this.#webhook.verify(body, request.headers);
    } catch {
      this.wrong.push(`an event is not signed: ${body}`);
    }
    const id = request.headers["webhook-id"];
    const event = this.events.get(id) ?? { body, takenAt: [], tries: 0 };
    this.events.set(id, event);
    event.tries += 1;
    if (event.body !== body) this.wrong.push(`the event ${id} changed`);
    const answer = { well: { take: 1 }, unsteady: { take: 85, slow: 5, fail: 5, hangUp: 5 }, down: { fail: 1 } }[this.state];
    switch (this.#random.weighted(answer)) {
      case "fail":
        response.writeHead(503).end();
        break;
      case "hangUp":
        request.socket.destroy();
        break;
      case "slow":
        setTimeout(() => this.#taken(event, response), PATIENCE_MS);
        break;
      default:
        this.#taken(event, response);
    }
  }

  #taken(event, response) {
    // Whoever is gone by now does not know that it was taken.
    if (response.socket?.destroyed) return;
    event.takenAt.push(Date.now());
    response.writeHead(204).end();
  }
}

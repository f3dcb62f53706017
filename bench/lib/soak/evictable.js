// The relay's module with a way to throw objects out of memory, in the middle of what they do: `POST /evict?count=N` aborts
// so many of those that were used last. workerd loads this one instead of index.js, which stays as it is deployed.

import relay, { Ledger as Kept } from "./index.js";

/** Few, so that some are in the middle of something. */
const REMEMBERED = 60;
const lately = [];

export default {
  async fetch(request, env, context) {
    const url = new URL(request.url);
    if (url.pathname !== "/evict") return relay.fetch(request, env, context);
    const count = Math.min(lately.length, Number(url.searchParams.get("count")));
    const ids = Array.from({ length: count }, () => lately.splice(Math.random() * lately.length, 1)[0]);
    // The call never returns to its caller: the object is gone.
    await Promise.allSettled(ids.map((id) => env.LEDGER.get(env.LEDGER.idFromString(id)).evict()));
    return new Response();
  },
};

export class Ledger extends Kept {
  constructor(state, env) {
    super(state, env);
    lately.push(state.id.toString());
    if (lately.length > REMEMBERED) lately.shift();
  }

  evict() {
    this.ctx.abort("thrown out by the soak");
  }
}

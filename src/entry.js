// The module that the platform loads: it makes the wasm instance and hands over to it.
//
// A trap in wasm (a Rust panic is one) leaves the instance in an unknown state and what it was doing without an end. The
// next call gets a fresh instance; an object of the old one is of no use any more, so `Ledger` makes its own anew.
import { DurableObject } from "cloudflare:workers";
import { __wbg_reset_state, initSync, fetch as relay, Ledger as Inner } from "./relay.js";
import module from "./relay_bg.wasm";

// wasm-bindgen schedules with queueMicrotask, which the platform makes dear: a resolved promise does the same for less.
const resolved = Promise.resolve();
globalThis.queueMicrotask = (task) => void resolved.then(task);

initSync({ module });
let generation = 0;
let trapped = false;
const waiting = new Set();

// Traps happen in microtasks, where nobody can catch them.
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) {
    trapped = true;
    waiting.forEach((reject) => reject(error));
  }
});

function replaceIfTrapped() {
  if (trapped) {
    trapped = false;
    generation += 1;
    __wbg_reset_state();
  }
}

export default {
  fetch(request, env) {
    replaceIfTrapped();
    return relay(request, env);
  },
};

export class Ledger extends DurableObject {
  #inner;
  #generation;

  deliver(...message) {
    // The platform ends a request that can have no answer any more, but not one to an object.
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      this.#current().deliver(...message).then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }

  alarm() {
    return this.#current().alarm();
  }

  #current() {
    replaceIfTrapped();
    if (this.#generation !== generation) {
      this.#generation = generation;
      this.#inner = new Inner(this.ctx, this.env);
    }
    return this.#inner;
  }
}

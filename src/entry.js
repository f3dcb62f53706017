// The module that the platform loads: it makes the wasm instance and hands over to it.
//
// A trap in wasm (a Rust panic is one) leaves the instance in an unknown state and what it was doing without an end. Who
// waits for an object is told at once; the next call gets a fresh instance, and objects of the old one are made anew.
import { DurableObject } from "cloudflare:workers";
import { __wbg_reset_state, initSync, fetch as relay, tend, Ledger as Inner } from "./relay.js";
import module from "./relay_bg.wasm";

// wasm-bindgen schedules with queueMicrotask, which the platform makes dear: a resolved promise does the same for less.
const resolved = Promise.resolve();
globalThis.queueMicrotask = (task) => void resolved.then(task);

initSync({ module });
let generation = 0;
let trapped = false;
const waiting = new Set();

// What is scheduled like that and traps is a promise that nobody handles.
addEventListener("unhandledrejection", ({ reason }) => note(reason));

function note(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    trapped = true;
    waiting.forEach((reject) => reject(error));
  }
}

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
  scheduled(_, env) {
    replaceIfTrapped();
    return tend(env);
  },
};

export class Ledger extends DurableObject {
  #inner;
  #generation;

  ask(envelope) {
    return this.#call((inner) => inner.ask(envelope));
  }

  notify(notice) {
    return this.#call((inner) => inner.notify(notice));
  }

  order(notice) {
    return this.#call((inner) => inner.order(notice));
  }

  query(query) {
    return this.#call((inner) => inner.query(query));
  }

  alert(alert) {
    return this.#call((inner) => inner.alert(alert));
  }

  tend() {
    return this.#call((inner) => inner.tend());
  }

  alarm() {
    return this.#call((inner) => inner.alarm());
  }

  /** The platform ends a request that can have no answer any more, but not a call to an object. */
  async #call(method) {
    const { promise, resolve, reject } = Promise.withResolvers();
    waiting.add(reject);
    try {
      const answer = method(this.#current());
      // A promise that is resolved with another one cannot be rejected any more.
      if (answer instanceof Promise) answer.then(resolve, reject);
      else resolve(answer);
      return await promise;
    } catch (error) {
      note(error);
      throw error;
    } finally {
      waiting.delete(reject);
    }
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

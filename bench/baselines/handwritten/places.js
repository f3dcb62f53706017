// An object may wait for six answers from others at once: so many of them for PayTR, so many for shops.

export class Places {
  #free;
  #waiting = [];

  constructor(count) {
    this.#free = count;
  }

  /** Whether there was one, which is taken then. */
  take() {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  give() {
    this.#free += 1;
    this.#waiting.shift()?.();
  }

  /** Resolves once one was given, with whether that was before `deadline`, in Unix milliseconds. */
  wait(deadline) {
    const { promise, resolve } = Promise.withResolvers();
    const given = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(given), 1);
      resolve(false);
    }, deadline - Date.now());
    this.#waiting.push(given);
    return promise;
  }
}

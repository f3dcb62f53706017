// A time limit that ends with its answer. `AbortSignal.timeout` cannot be called off: it would keep an object in memory
// until it has passed.

/** Runs `ask` with a signal that aborts after so many milliseconds. What it throws then is a `TimeoutError`. */
export async function within(milliseconds, ask) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException("too late", "TimeoutError")), milliseconds);
  try {
    return await ask(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

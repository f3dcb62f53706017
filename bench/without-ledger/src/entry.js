// The module that the platform loads: as src/entry.js, but without objects, and with no second chance after a trap.
import { fetch as relay, initSync } from "./relay.js";
import module from "./relay_bg.wasm";

const resolved = Promise.resolve();
globalThis.queueMicrotask = (task) => void resolved.then(task);

initSync({ module });

export default { fetch: (request, env) => relay(request, env) };

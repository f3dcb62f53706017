// A sandbox and relays before it, for the tests of the file or suite that asks for them.
import { after, before } from "node:test";
import { startRelays } from "../../support/relay.mjs";
import { startSandbox } from "../../support/sandbox.mjs";

/**
 * Starts them before those tests, and stops them after. `deployments` is what `startRelays` takes, or makes that of the
 * sandbox. Gives what is there once they run: `{ sandbox, relays, urls }`.
 */
export function withRelays(deployments) {
  const place = {};
  before(async () => {
    place.sandbox = await startSandbox();
    const named = typeof deployments === "function" ? await deployments(place.sandbox) : deployments;
    place.relays = await startRelays(place.sandbox.url, named);
    place.urls = place.relays.urls;
  });
  after(async () => {
    await place.relays?.stop();
    await place.sandbox?.stop();
  });
  return place;
}

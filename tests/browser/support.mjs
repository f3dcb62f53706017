// A headless Chromium, and a shop with its relay and sandbox, for the tests in this folder.
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Mishaps } from "../../examples/checkout/mishaps.mjs";
import { Orders } from "../../examples/checkout/orders.mjs";
import { EVENTS_PATH, shop } from "../../examples/checkout/shop.mjs";
import { listen } from "../support/listen.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { findChromium } from "../support/tools.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--lang=en-US",
];

/** Programs of the system, found by name. */
const pathOf = (name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim();

/** Starts a browser with a profile of its own. */
export async function startBrowser() {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const server = await chromium.launchPersistentContext(profile, { executablePath: pathOf(findChromium()), args: FLAGS, headless: true });
  /** A window of its own, with nothing of the others in it; closed after the test that it is for, if any. */
  async function window(options, test) {
    const usual = { locale: "tr-TR", viewport: { width: 1280, height: 900 } };
    const opened = await server.browser().newContext({ ...usual, ...options });
    test?.after(() => opened.close());
    return opened;
  }
  return {
    window,
    /** The page at a URL, in a window of its own. */
    async open(test, url, options) {
      const page = await (await window(options, test)).newPage();
      await page.goto(url);
      return page;
    },
    async stop() {
      await server.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Starts sandbox, relays and shops. The shops are named after the relay that they use; `foreign` uses the relay of
 * `shop`, which does not know its origin.
 */
export async function startShops() {
  const directory = await mkdtemp(join(tmpdir(), "shops-"));
  const sandbox = await startSandbox({ SANDBOX_CALLBACK_INTERVAL_MS: "300" });
  const shops = {};
  for (const name of ["shop", "free", "brisk", "hasty", "foreign"]) {
    const server = createServer();
    const orders = new Orders(join(directory, `${name}.json`));
    shops[name] = { server, orders, mishaps: new Mishaps(sandbox.url), ...(await listen(server)) };
  }
  const settings = (name, more) => {
    const { url } = shops[name];
    return { ALLOWED_ORIGINS: JSON.stringify([url]), EVENTS_URL: `${url}${EVENTS_PATH}`, ...more };
  };
  const relays = await startRelays(sandbox.url, {
    shop: settings("shop", { SEND_LIMITS: '[{"count": 1, "seconds": 60}]' }),
    // Without limits, so that nothing but the id keeps a message from going out twice.
    free: settings("free", { PAYTR_TIMEOUT_MS: "12000" }),
    // A limit short enough to be waited for.
    brisk: settings("brisk", { SEND_LIMITS: '[{"count": 1, "seconds": 4}]' }),
    hasty: settings("hasty", { PAYTR_TIMEOUT_MS: "1000" }),
  });
  const relayUrl = (name) => relays.urls[name] ?? relays.urls.shop;
  for (const [name, { server, orders, mishaps }] of Object.entries(shops)) {
    const relay = { url: relayUrl(name), secret: SECRET };
    server.on("request", shop({ relay, eventsSecrets: EVENTS_SECRET, orders, mishaps }));
  }
  return {
    sandbox,
    relays,
    relayUrl,
    /** The page where an order is placed, which is where a shop begins. */
    url: (name) => shops[name].url,
    orders: (name) => shops[name].orders,
    mishaps: (name) => shops[name].mishaps,
    /** The page of a new order, whose link was made elsewhere and has this id: the sandbox misbehaves at some. */
    page(name, linkId = "NB2Zlz3") {
      const { number } = shops[name].orders.place({ press: randomUUID(), link: { id: linkId } });
      return `${shops[name].url}/orders/${number}`;
    },
    async stop() {
      for (const { stop } of Object.values(shops)) stop();
      await relays.stop();
      await sandbox.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

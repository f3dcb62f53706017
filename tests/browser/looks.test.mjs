// What the shop's page and the sandbox's outbox look like, and whether everybody can use them.
//
// In scope: axe-core's rules, small screens, reduced motion, and pictures in target/screenshots/ for a person to look
// at. Not in scope: what the pages do (checkout.test.mjs).
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import * as people from "../support/people.mjs";
import { whySkip } from "../support/tools.mjs";
import { startBrowser, startShops } from "./support.mjs";

const PICTURES = inRoot("target/screenshots");
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCREENS = [
  ["phone", { width: 390, height: 844 }],
  ["desktop", { width: 1280, height: 900 }],
];

/** How each state of the shop's page comes about: what is typed, what comes, and what comes at a second press. */
const STATES = [
  { state: "empty", shop: "shop" },
  { state: "missing", shop: "shop", to: () => "", until: "#error-sms:not(:empty)" },
  { state: "sent", shop: "shop", to: people.phone, until: '[data-kind="sent"]' },
  { state: "sent-email", shop: "shop", channel: "email", to: people.email, until: '[data-kind="sent"]' },
  { state: "invalid", shop: "shop", to: () => "0212 123 45 67", until: "#error-sms:not(:empty)" },
  { state: "invalid-email", shop: "shop", channel: "email", to: () => "müşteri@example.com", until: "#error-email:not(:empty)" },
  { state: "limit", shop: "shop", to: people.phone, until: '[data-kind="sent"]', then: '[data-kind="limit"]' },
  { state: "rejected", shop: "shop", link: "sandbox-failed", to: people.phone, until: '[data-kind="rejected"]' },
  { state: "unknown", shop: "hasty", link: "sandbox-hang", to: people.phone, until: '[data-kind="unknown"]' },
  { state: "sending", shop: "free", link: "sandbox-slow", to: people.phone, until: '[data-kind="sending"]' },
  { state: "offline", shop: "foreign", to: people.phone, until: '[data-kind="offline"]' },
];

describe("the looks", { skip: whySkip(["chromium"]) }, () => {
  let shops;
  let browser;
  let axe;
  before(async () => {
    axe = await readFile(AXE, "utf8");
    await mkdir(PICTURES, { recursive: true });
    shops = await startShops();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.stop();
    await shops?.stop();
  });

  async function open(test, url, options) {
    const window = await browser.window(options);
    test.after(() => window.close());
    const page = await window.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(url);
    return page;
  }

  async function assertAccessible(page, what) {
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), RULES);
    assert.ok(passes.length > 10, "axe looked at nothing");
    const said = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target).join(", ")}`);
    assert.deepEqual(said, [], what);
  }

  async function assertFits(page, what) {
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `${what}: ${content} px on ${screen} px`);
  }

  async function bringAbout(page, { channel, to, until, then }) {
    await page.waitForSelector("#items li");
    if (!to) return;
    if (channel) await page.check(`input[value="${channel}"]`);
    await page.fill(channel === "email" ? "#email" : "#phone", to());
    await page.click("#send");
    await page.waitForSelector(until);
    if (!then) return;
    await page.click("#send");
    await page.waitForSelector(then);
  }

  for (const colorScheme of ["light", "dark"]) {
    for (const [screen, viewport] of SCREENS) {
      it(`are accessible and fit, on a ${screen} in ${colorScheme} colours: the shop`, async (test) => {
        for (const state of STATES) {
          const what = `shop-${state.state}-${screen}-${colorScheme}`;
          const locale = screen === "phone" ? "tr-TR" : "en-GB";
          const page = await open(test, shops.page(state.shop, state.link), { viewport, colorScheme, locale });
          await bringAbout(page, state);
          await page.screenshot({ path: `${PICTURES}/${what}.png`, fullPage: true });
          await assertAccessible(page, what);
          await assertFits(page, what);
          await page.context().close();
        }
      });

      it(`are accessible and fit, on a ${screen} in ${colorScheme} colours: the outbox`, async (test) => {
        const url = shops.sandbox.url;
        await fetch(`${url}/outbox/messages`, { method: "DELETE" });
        const page = await open(test, url, { viewport, colorScheme, locale: "en-GB" });
        const look = async (state) => {
          const what = `outbox-${state}-${screen}-${colorScheme}`;
          await page.screenshot({ path: `${PICTURES}/${what}.png`, fullPage: true });
          await assertAccessible(page, what);
          await assertFits(page, what);
        };
        await page.waitForSelector("#empty:not([hidden])");
        await look("empty");
        const shop = await open(test, shops.page("shop"), { locale: "en-GB" });
        await bringAbout(shop, { to: people.phone, until: '[data-kind="sent"]' });
        await bringAbout(shop, { channel: "email", to: people.email, until: '[data-kind="sent"]' });
        await shop.goto(shops.page("shop", "sandbox-failed"));
        await bringAbout(shop, { to: people.phone, until: '[data-kind="rejected"]' });
        await page.waitForSelector("#messages li:nth-child(3)");
        await look("list");
        await page.click("#messages li:nth-child(3) a");
        await look("sms");
        await page.evaluate(() => (location.hash = ""));
        await page.click("#messages li:nth-child(1) a");
        await look("refused");
        await page.evaluate(() => (location.hash = ""));
        await page.click(".known summary");
        await look("known");
      });

      it(`are accessible and fit, on a ${screen} in ${colorScheme} colours: the payment page`, async (test) => {
        for (const lang of ["tr", "en"]) {
          const { link } = await shops.sandbox.createLink({ lang, max_count: "1" });
          const page = await open(test, link, { viewport, colorScheme, locale: "de-DE" });
          assert.equal(await page.getAttribute("html", "lang"), lang);
          for (const state of ["open", "paid"]) {
            if (state === "paid") await page.click("#pay");
            await page.waitForSelector(state === "paid" ? "#payments .payment-head" : "#main:not([hidden])");
            const what = `payment-${state}-${lang}-${screen}-${colorScheme}`;
            await page.screenshot({ path: `${PICTURES}/${what}.png`, fullPage: true });
            await assertAccessible(page, what);
            await assertFits(page, what);
          }
        }
      });
    }
  }

  it("fit the narrowest screen there is", async (test) => {
    const page = await open(test, shops.page("shop"), { viewport: { width: 320, height: 640 } });
    await bringAbout(page, { channel: "email", to: () => `${"m".repeat(64)}@${"e".repeat(24)}.com`, until: '[data-kind="sent"]' });
    await assertFits(page, "320 px");
  });

  it("stand still for those who ask for it", async (test) => {
    const animations = {};
    for (const reducedMotion of ["no-preference", "reduce"]) {
      const page = await open(test, shops.page("free", "sandbox-slow"), { reducedMotion });
      await bringAbout(page, { to: people.phone, until: '[data-kind="sending"]' });
      animations[reducedMotion] = await page.evaluate(() => document.getAnimations().length);
    }
    assert.ok(animations["no-preference"] > 0, "nothing moves at all");
    assert.equal(animations.reduce, 0);
  });

  it("tell a screen reader what happened, once, and not every second of the countdown", async (test) => {
    const page = await open(test, shops.page("shop"), { locale: "en-GB" });
    await bringAbout(page, STATES.find(({ state }) => state === "limit"));
    const status = page.locator("#result").getByRole("status");
    const said = await status.innerText();
    assert.match(said, /Please wait a little\s+A link was sent to this number not long ago\. You can send another one in \d+ seconds\./);
    const before = await page.innerText("#countdown");
    await page.waitForFunction((text) => document.querySelector("#countdown").textContent !== text, before);
    assert.equal(await status.innerText(), said);
    assert.equal(await page.getAttribute("#countdown", "aria-hidden"), "true");
  });
});

// What the pages of the shop and of the sandbox look like, and whether everybody can use them.
//
// In scope: axe-core's rules, small screens, reduced motion, and pictures in target/screenshots/ for a person to look
// at. Not in scope: what the pages do (checkout.test.mjs, story.test.mjs).
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "../../scripts/paths.mjs";
import { endings } from "../support/ends.mjs";
import * as people from "../support/people.mjs";
import { whySkip } from "../support/tools.mjs";
import { startBrowser, startShops } from "./support.mjs";

const PICTURES = inRoot("target/screenshots");
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCREENS = [
  { screen: "phone", viewport: { width: 390, height: 844 }, locale: "tr-TR" },
  { screen: "desktop", viewport: { width: 1280, height: 900 }, locale: "en-GB" },
];
const SCHEMES = ["light", "dark"];

const is = (kind) => `[data-kind="${kind}"]`;
const missing = (channel) => `#error-${channel}:not(:empty)`;
const SENT_BY_SMS = { to: people.phone, until: [is("sent")] };
const SENT_BY_EMAIL = { channel: "email", to: people.email, until: [is("sent")] };
const SENDING = { to: people.phone, until: [is("sending")] };
const LIMIT = { to: people.phone, until: [is("sent"), is("limit")] };
const REJECTED = { to: people.phone, until: [is("rejected")] };

/** How each state of an order's page comes about: what is typed, and what comes at each press. */
const STATES = [
  { state: "empty", shop: "shop" },
  { state: "missing", shop: "shop", until: [missing("sms")] },
  { state: "sent", shop: "shop", ...SENT_BY_SMS },
  { state: "sent-email", shop: "shop", ...SENT_BY_EMAIL },
  { state: "invalid", shop: "shop", to: () => "0212 123 45 67", until: [missing("sms")] },
  { state: "invalid-email", shop: "shop", ...SENT_BY_EMAIL, to: () => "müşteri@example.com", until: [missing("email")] },
  { state: "limit", shop: "shop", ...LIMIT },
  { state: "rejected", shop: "shop", link: "sandbox-failed", ...REJECTED },
  { state: "unknown", shop: "hasty", link: "sandbox-hang", to: people.phone, until: [is("unknown")] },
  { state: "sending", shop: "free", link: "sandbox-slow", ...SENDING },
  { state: "offline", shop: "foreign", to: people.phone, until: [is("offline")] },
];

describe("the looks", { skip: whySkip(["chromium"]) }, () => {
  const keep = endings();
  let shops;
  let browser;
  let axe;
  before(async () => {
    axe = await readFile(AXE, "utf8");
    await mkdir(PICTURES, { recursive: true });
    shops = await keep(startShops());
    browser = await keep(startBrowser());
  });

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

  async function bringAbout(page, { channel, to, until = [] }) {
    await page.waitForSelector("#items li");
    if (channel) await page.check(`input[value="${channel}"]`);
    if (to) await page.fill(channel === "email" ? "#email" : "#phone", to());
    for (const comes of until) await press(page, "#send", comes);
  }

  /** Presses something, and waits for what comes of it. */
  async function press(page, selector, comes) {
    await page.click(selector);
    await page.waitForSelector(comes);
  }

  /** Looks at a page as it is, in both schemes of colours. */
  async function look(page, what) {
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${PICTURES}/${what}-${colorScheme}.png`, fullPage: true });
      await assertAccessible(page, `${what}-${colorScheme}`);
      await assertFits(page, `${what}-${colorScheme}`);
    }
  }

  async function post(url, body) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${url}: ${answer.status}`);
    return answer.json();
  }

  /** Places an order and gives its number, once its link is made. */
  async function order(name, send) {
    const { number } = await post(`${shops.url(name)}/api/orders`, { press: randomUUID(), lang: "tr", send });
    while (!shops.orders(name).find(number).link) await sleep(50);
    return number;
  }

  for (const { screen, viewport, locale } of SCREENS) {
    it(`are accessible and fit, on a ${screen}: the order's page, and a link that is sent`, async (test) => {
      for (const state of STATES) {
        const page = await browser.open(test, shops.page(state.shop, state.link), { viewport, locale });
        await bringAbout(page, state);
        await look(page, `shop-${state.state}-${screen}`);
        await page.context().close();
      }
    });

    it(`are accessible and fit, on a ${screen}: the cart, and the order from there to its end`, async (test) => {
      const page = await browser.open(test, shops.url("free"), { viewport, locale });
      await page.waitForSelector("#items li");
      await look(page, `order-cart-${screen}`);
      await press(page, "#send", missing("sms"));
      await look(page, `order-missing-${screen}`);
      await bringAbout(page, SENT_BY_SMS);
      await look(page, `order-open-${screen}`);
      const orders = shops.orders("free");
      const placed = orders.find(new URL(page.url()).pathname.split("/").pop());
      for (const [state, changes] of [
        ["preparing", { link: undefined }],
        ["failed", { refusal: "paytr_token gonderilmedi veya gecersiz" }],
        ["deleted", { link: { id: "NB2Zlz3" }, isDeleted: true }],
        ["review", { events: [{ id: "evt_1", reasons: ["too_little"] }] }],
        ["refunded", { events: [{ id: "evt_1", reasons: ["too_little"], isRefunded: true }] }],
        ["paid", { isPaid: true }],
      ]) {
        orders.change(placed, changes);
        await page.waitForSelector(`#state[data-state="${state}"]`);
        await look(page, `order-${state}-${screen}`);
      }
    });

    it(`are accessible and fit, on a ${screen}: the staff's page`, async (test) => {
      const name = screen === "phone" ? "brisk" : "hasty";
      const orders = shops.orders(name);
      const act = (number, action, body) => post(`${shops.url(name)}/api/staff/orders/${number}/${action}`, body);
      await post(`${shops.url(name)}/api/staff/shop-is-back`, {});
      const sms = (recipient) => order(name, { channel: "sms", recipient });
      const email = () => order(name, { channel: "email", recipient: people.email() });
      const rows = { open: await sms(people.phone()), mistyped: await sms("0212 123 45 67"), deleted: await email() };
      for (const row of ["less", "refunded"]) rows[row] = await order(name);
      Object.assign(rows, { twice: await email(), late: await order(name) });
      await act(rows.open, "send", { press: randomUUID(), message: orders.find(rows.open).messages[0].id });
      await act(rows.deleted, "delete", {});
      for (const row of ["less", "refunded"]) await act(rows[row], "mishap", { kind: "too_little" });
      await act(rows.twice, "mishap", { kind: "twice" });
      const eventsOf = (row) => orders.find(rows[row]).events;
      while (eventsOf("less").length + eventsOf("refunded").length + eventsOf("twice").length < 4) await sleep(50);
      await act(rows.refunded, "refund", { event: eventsOf("refunded")[0].id });
      await act(rows.late, "mishap", { kind: "shop_down" });
      orders.take("evt_stray", {
        type: "link.payment_review",
        data: { reasons: ["unknown_link"], payment: { merchant_oid: "LNK7", total_amount: 158_000 } },
      });
      const page = await browser.open(test, `${shops.url(name)}/staff`, { viewport, locale });
      await page.waitForSelector("details[open] .late");
      await look(page, `staff-late-${screen}`);
      await page.click(`[data-order="${rows.late}"] summary`);
      for (const row of Object.keys(rows).filter((row) => row !== "late")) {
        const element = page.locator(`[data-order="${rows[row]}"]`);
        await element.locator("summary").click();
        await element.locator(".advice").waitFor();
        if (row === "open") {
          await element.getByRole("button", { name: locale === "tr-TR" ? "Olayları yeniden gönder" : "Send the events again" }).click();
          await page.waitForSelector("#said:not(:empty)");
        }
        await look(page, `staff-${row}-${screen}`);
        await element.locator("summary").click();
      }
    });

    it(`are accessible and fit, on a ${screen}: the outbox`, async (test) => {
      const url = shops.sandbox.url;
      await fetch(`${url}/outbox`, { method: "DELETE" });
      const page = await browser.open(test, url, { viewport, locale });
      await page.waitForSelector("#empty:not([hidden])");
      await look(page, `outbox-empty-${screen}`);
      const shop = await browser.open(test, shops.page("shop"), { locale: "en-GB" });
      await bringAbout(shop, SENT_BY_SMS);
      await bringAbout(shop, SENT_BY_EMAIL);
      await shop.goto(shops.page("shop", "sandbox-failed"));
      await bringAbout(shop, REJECTED);
      await page.waitForSelector("#messages li:nth-child(3)");
      await look(page, `outbox-list-${screen}`);
      const lookAt = async (selector, what) => {
        await page.click(selector);
        await look(page, `outbox-${what}-${screen}`);
        await page.evaluate(() => (location.hash = ""));
      };
      await lookAt("#messages li:nth-child(3) a", "sms");
      await lookAt("#messages li:nth-child(1) a", "refused");
      const { id } = await shops.sandbox.createLink({ max_count: "1" });
      await shops.sandbox.pay(id);
      const payment = { merchant_oid: "LNK7", total_amount: 158_000 };
      const data = { reference: "1001", link: { id, callback_id: "9f86d081".repeat(8) }, payment };
      assert.equal(await shops.sandbox.tell("evt_7", { type: "link.paid", data }), 204);
      for (const list of ["links", "events"]) await lookAt(`#${list} li a`, list);
      await page.click(".known summary");
      await look(page, `outbox-known-${screen}`);
    });

    it(`are accessible and fit, on a ${screen}: the payment page`, async (test) => {
      for (const lang of ["tr", "en"]) {
        const { link } = await shops.sandbox.createLink({ lang, max_count: "1" });
        const page = await browser.open(test, link, { viewport, locale: "de-DE" });
        assert.equal(await page.getAttribute("html", "lang"), lang);
        await page.waitForSelector("#main:not([hidden])");
        await look(page, `payment-open-${lang}-${screen}`);
        await press(page, "#pay", "#payments .payment-head");
        await look(page, `payment-paid-${lang}-${screen}`);
        const pieces = await shops.sandbox.createLink({ lang, min_count: "2", max_count: "6" });
        await page.goto(pieces.link);
        await page.waitForSelector("#quantity");
        await page.fill("#quantity", "7");
        await press(page, "#pay", "#quantity-error:not(:empty)");
        await look(page, `payment-pieces-${lang}-${screen}`);
      }
    });
  }

  it("fit the narrowest screen there is", async (test) => {
    const recipient = `${"m".repeat(64)}@${"e".repeat(24)}.com`;
    const page = await browser.open(test, shops.page("shop"), { viewport: { width: 320, height: 640 } });
    await bringAbout(page, { ...SENT_BY_EMAIL, to: () => recipient });
    await assertFits(page, "320 px");
    const number = await order("shop", { channel: "email", recipient });
    await page.goto(`${shops.url("shop")}/staff`);
    await page.waitForSelector(`[data-order="${number}"] .advice`);
    await assertFits(page, "320 px, the staff's page");
  });

  it("stand still for those who ask for it", async (test) => {
    const animations = {};
    for (const reducedMotion of ["no-preference", "reduce"]) {
      const page = await browser.open(test, shops.page("free", "sandbox-slow"), { reducedMotion });
      await bringAbout(page, SENDING);
      animations[reducedMotion] = await page.evaluate(() => document.getAnimations().length);
    }
    assert.ok(animations["no-preference"] > 0, "nothing moves at all");
    assert.equal(animations.reduce, 0);
  });

  it("tell a screen reader what happened, once, and not every second of the countdown", async (test) => {
    const page = await browser.open(test, shops.page("shop"), { locale: "en-GB" });
    await bringAbout(page, LIMIT);
    const status = page.locator("#result").getByRole("status");
    const said = await status.innerText();
    assert.match(said, /Please wait a little\s+A link was sent to this number not long ago\. You can send another one in \d+ seconds\./);
    const before = await page.innerText("#countdown");
    await page.waitForFunction((text) => document.querySelector("#countdown").textContent !== text, before);
    assert.equal(await status.innerText(), said);
    assert.equal(await page.getAttribute("#countdown", "aria-hidden"), "true");
  });
});

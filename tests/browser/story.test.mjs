// An order from the cart to paid, in a real browser: shop → relay → sandbox → payment → relay → shop, and the shop's staff.
//
// In scope: what customer and staff see of it, mishaps and a killed relay among it. Not in scope: sending a link once more
// (checkout.test.mjs), looks and accessibility (looks.test.mjs), and the back end by itself (tests/examples/checkout.test.mjs).
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { STAFF_WORDS } from "../../examples/checkout/page/staff-words.js";
import { WORDS } from "../../examples/checkout/page/words.js";
import { endings } from "../support/ends.mjs";
import * as people from "../support/people.mjs";
import { whySkip } from "../support/tools.mjs";
import { startBrowser, startShops } from "./support.mjs";

const PHONE = { width: 390, height: 844 };
const SCREENS = [["desktop", { width: 1280, height: 900 }], ["phone", PHONE]];
const WINDOWS = ["tr-TR", "en-GB"].flatMap((locale) => SCREENS.map((screen) => [locale, ...screen]));
const [tr, en] = [STAFF_WORDS.tr, STAFF_WORDS.en];

describe("the story", { skip: whySkip(["chromium"]) }, () => {
  const keep = endings();
  let shops;
  let browser;
  before(async () => {
    shops = await keep(startShops());
    browser = await keep(startBrowser());
  });

  async function openWindow(test, options) {
    const window = await browser.window(options, test);
    window.setDefaultTimeout(20_000);
    return window;
  }

  async function open(window, url) {
    const page = await window.newPage();
    await page.goto(url);
    return page;
  }

  /** Opens a shop's cart. */
  async function openCart(window, name = "free") {
    const page = await open(window, shops.url(name));
    await page.waitForSelector("#items li");
    return page;
  }

  const isIn = (page, state) => page.waitForSelector(`#state[data-state="${state}"]`);
  const until = (page, kind) => page.waitForSelector(`#result[data-kind="${kind}"]`, { state: "attached" });
  const placedOn = (page) => shops.orders("free").find(numberOf(page));
  const numberOf = (page) => new URL(page.url()).pathname.split("/").pop();
  const assertSent = async (to, times) => assert.equal((await shops.sandbox.outbox.to(to)).length, times);

  /** That one order was placed for somebody, and one message sent. */
  async function assertOneOrder(to) {
    assert.equal(shops.orders("free").all().filter(({ send }) => send?.recipient === to).length, 1);
    await assertSent(to, 1);
  }

  async function send(page, to) {
    await page.fill("#phone", to);
    await page.click("#send");
  }

  /** Orders by SMS, and waits until the link was sent: `{ window, page, to }`. */
  async function order(test, { to = people.phone(), name, ...options } = {}) {
    const window = await openWindow(test, options);
    const page = await openCart(window, name);
    await send(page, to);
    await isIn(page, "open");
    await until(page, "sent");
    return { window, page, to };
  }

  /** Pays the order of a page, and waits until the payment page shows this. */
  async function pay(window, page, shown) {
    const payment = await open(window, await page.getAttribute("#pay-at", "href"));
    await payment.click("#pay");
    await payment.waitForSelector(shown);
  }

  /** Opens the staff's page, and on it the order of a page. */
  async function openStaff(window, page) {
    const staff = await open(window, new URL("/staff", page.url()).href);
    const row = staff.locator(`[data-order="${numberOf(page)}"]`);
    await row.waitFor();
    // The newest is open already.
    if ((await row.getAttribute("open")) === null) await row.locator("summary").click();
    await row.locator(".advice").waitFor();
    return {
      staff,
      row,
      press: (name) => row.getByRole("button", { name }).click(),
      has: (text) => row.getByText(text).first().waitFor(),
      said: (text) => staff.locator("#said").getByText(text).waitFor(),
    };
  }

  describe("of customers at the same time", { concurrency: 3 }, () => {
    for (const [locale, screen, viewport] of WINDOWS) {
      it(`goes from the order over the SMS to paid, all by itself: ${locale}, on a ${screen}`, async (test) => {
        const lang = locale.slice(0, 2);
        const words = WORDS[lang];
        const { window, page, to } = await order(test, { locale, viewport });
        assert.ok((await page.innerText("#result")).includes(words.results.sent.sms(to)[1]));
        assert.equal(await page.innerText("#state-title"), words.states.open[0]);

        const outbox = await open(window, shops.sandbox.url);
        await outbox.getByRole("link", { name: to }).click();
        await outbox.click("#chosen .bubble a");
        await outbox.waitForSelector("#main:not([hidden])");
        const name = `${lang === "tr" ? "Sipariş" : "Order"} ${numberOf(page)}`;
        assert.deepEqual([await outbox.innerText("#name"), await outbox.getAttribute("html", "lang")], [name, lang]);
        await outbox.click("#pay");
        await outbox.waitForSelector("#payments .good");

        // Nobody has touched the shop's page meanwhile.
        await page.bringToFront();
        await isIn(page, "paid");
        assert.equal(await page.innerText("#state-title"), words.states.paid[0]);
        assert.deepEqual([await page.isVisible("#form"), await page.isVisible("#pay")], [false, false]);

        const { row, has } = await openStaff(window, page);
        const staffWords = STAFF_WORDS[lang];
        await has(staffWords.advice.paid);
        for (const text of [to, staffWords.by.order, staffWords.outcomes.sent, staffWords.events.delivered(1)]) await has(text);
        assert.equal(await row.getByText(staffWords.types.paid, { exact: true }).count(), 2);
      });
    }

    it("goes without a message, straight to the payment page and back", async (test) => {
      const page = await openCart(await openWindow(test, { viewport: PHONE }));
      await page.click("#no-message");
      await page.waitForURL(/\/link\//);
      await page.click("#pay");
      await page.waitForSelector("#payments .good");
      await page.goBack();
      await isIn(page, "paid");
      assert.match(page.url(), /\/orders\/\d+$/);
      assert.deepEqual(placedOn(page).messages, []);
    });

    it("is one order on a double click", async (test) => {
      const page = await openCart(await openWindow(test));
      const to = people.phone();
      await page.fill("#phone", to);
      await page.dblclick("#send");
      await until(page, "sent");
      await assertOneOrder(to);
    });

    it("is one order when the shop's answer is lost and the customer presses again", async (test) => {
      const page = await openCart(await openWindow(test));
      const to = people.phone();
      const lose = (route) => route.fetch().then(() => route.abort("connectionreset"));
      await page.route("**/api/orders", lose, { times: 1 });
      await send(page, to);
      await until(page, "not-placed");
      await page.click("#send");
      await until(page, "sent");
      await assertOneOrder(to);
    });

    it("goes on when the number was mistyped, and says so where it was typed", async (test) => {
      const page = await openCart(await openWindow(test, { locale: "en-GB" }));
      await send(page, "0212 123 45 67");
      await isIn(page, "open");
      await page.waitForSelector("#error-sms:not(:empty)");
      assert.equal(await page.inputValue("#phone"), "0212 123 45 67");
      assert.equal(await page.evaluate(() => document.activeElement.id), "phone");
      const to = people.phone();
      await send(page, to);
      await until(page, "sent");
      await assertSent(to, 1);
    });

    it("does not send again what nobody knows of the message that went with the order", async (test) => {
      const { page, to } = await order(test);
      const placed = placedOn(page);
      shops.orders("free").keepMessage(placed, { id: placed.messages[0].id, outcome: "unknown" });
      await page.reload();
      await until(page, "unknown");
      assert.equal(await page.inputValue("#phone"), to);
      assert.equal(await page.getAttribute("#send", "aria-disabled"), "true");
      await page.click("#send", { force: true });
      await page.focus("#phone");
      await page.keyboard.press("Enter");
      assert.equal(await page.getAttribute("#result", "data-kind"), "unknown");
      await assertSent(to, 1);
    });

    it("speaks the language that was chosen on the way, on every page of the shop", async (test) => {
      const page = await openCart(await openWindow(test));
      await page.getByRole("button", { name: "English" }).click();
      await send(page, people.phone());
      await isIn(page, "open");
      assert.equal(await page.innerText("#heading"), WORDS.en.heading.link);
      await page.goto(`${shops.url("free")}/staff`);
      assert.equal(await page.innerText("h1"), en.heading);
      await page.getByRole("button", { name: "Türkçe" }).click();
      assert.equal(await page.innerText("h1"), tr.heading);
    });

    for (const [mishap, state, customer, seen] of [
      ["too_little", en.states.review, "refunded", [en.advice.review, en.reasons.too_little, "₺790.00 of ₺1,580.00"]],
      ["twice", en.alsoOpen.paid_before, "paid", [en.advice.paidAndReview, en.reasons.paid_before]],
    ]) {
      it(`shows the staff in plain words what to do: ${mishap}`, async (test) => {
        const { window, page } = await order(test, { locale: "en-GB" });
        const { row, press, has } = await openStaff(window, page);
        await press(en.mishaps[mishap]);
        for (const text of [state, ...seen]) await has(text);
        await press(/^I refunded it/);
        await has(en.types.refunded);
        await row.getByText(state, { exact: true }).first().waitFor({ state: "detached" });
        await page.bringToFront();
        await isIn(page, customer);
      });
    }

    for (const [how, name, tries, then] of [
      ["the relay tries again", "brisk", 1, () => {}],
      // After the second try the relay would wait for five minutes.
      ["the staff has the events sent again", "hasty", 2, ({ press }) => press(tr.replay)],
    ]) {
      it(`is paid though the shop was down meanwhile, once ${how}`, async (test) => {
        const { window, page } = await order(test, { name });
        const shown = await openStaff(window, page);
        await shown.press(tr.mishaps.shop_down);
        await shown.staff.getByText(tr.downTitle).waitFor();
        await shown.has(tr.events.pending(tries));
        await shown.has(tr.advice.onItsWay);
        await shown.staff.getByRole("button", { name: tr.back }).click();
        await then(shown);
        await shown.has(tr.advice.paid);
        await page.bringToFront();
        await isIn(page, "paid");
      });
    }

    it("has its link sent again by the staff at a press, and once more at the next", async (test) => {
      const { window, page, to } = await order(test, { locale: "en-GB" });
      const { row, said } = await openStaff(window, page);
      for (const count of [2, 3]) {
        await row.getByRole("button", { name: en.againTo(to) }).first().click();
        await said(en.results.sent);
        await row.locator(`.rows li:nth-child(${count})`).getByText(en.by.staff).waitFor();
        await assertSent(to, count);
      }
    });

    it("has its link deleted by the staff, if that is meant", async (test) => {
      const { window, page } = await order(test, { locale: "en-GB" });
      const address = await page.getAttribute("#pay-at", "href");
      const { staff, press, has, said } = await openStaff(window, page);
      staff.once("dialog", (dialog) => dialog.dismiss());
      await press(en.delete);
      assert.equal(placedOn(page).isDeleted, undefined);
      staff.once("dialog", (dialog) => dialog.accept());
      await press(en.delete);
      await said(en.results.deleted);
      await has(en.advice.deleted);
      await page.bringToFront();
      await isIn(page, "deleted");
      await (await open(window, address)).waitForSelector("#closed:not([hidden])");
    });

    it("shows the staff what the relay cannot know of a link that was made elsewhere", async (test) => {
      const window = await openWindow(test, { locale: "en-GB" });
      const { row, has } = await openStaff(window, await open(window, shops.page("free")));
      await has(en.elsewhere);
      assert.equal(await row.getByRole("button", { name: en.replay }).count(), 0);
    });
  });

  describe("with a relay that is killed", () => {
    it("before PayTR tells of the payment, goes on as if nothing had been", async (test) => {
      const { window, page } = await order(test);
      await shops.relays.kill();
      await pay(window, page, "#payments .attempts li");
      await page.bringToFront();
      assert.equal(await page.getAttribute("#state", "data-state"), "open");
      await shops.relays.restart();
      await isIn(page, "paid");
      assert.deepEqual(placedOn(page).events.map(({ reasons }) => reasons), [[]]);
    });

    it("between the payment and its event, goes on as if nothing had been", async (test) => {
      const { window, page } = await order(test);
      const mishaps = shops.mishaps("free");
      mishaps.isShopDown = true;
      await pay(window, page, "#payments .good");
      await shops.relays.restart();
      mishaps.isShopDown = false;
      await page.bringToFront();
      await isIn(page, "paid");
    });

    it("while the order is placed, goes on as if nothing had been", async (test) => {
      const page = await openCart(await openWindow(test));
      const to = people.phone();
      await shops.relays.kill();
      await send(page, to);
      await isIn(page, "preparing");
      await shops.relays.restart();
      await until(page, "sent");
      await assertSent(to, 1);
    });

    it("shows the staff what the shop knows meanwhile", async (test) => {
      const { window, page, to } = await order(test, { locale: "en-GB" });
      await shops.relays.kill();
      const { has } = await openStaff(window, page);
      await has(en.noRecord["no-answer"]);
      await has(to);
      await shops.relays.restart();
    });
  });

  it("is in reach of a staff without a mouse, and keeps the focus where one is", async (test) => {
    const { window, page } = await order(test, { locale: "en-GB" });
    const { staff, has } = await openStaff(window, page);
    const focused = () => staff.evaluate(() => document.activeElement.dataset.key ?? document.activeElement.tagName);
    const way = [];
    for (let pressed = 0; pressed < 9; pressed += 1) {
      await staff.keyboard.press("Tab");
      way.push((await focused()).replace(/^send msg_.*|^send order_.*/, "send"));
    }
    assert.deepEqual(way, ["BUTTON", "SUMMARY", "A", "send", "replay", "delete", "mishap too_little", "mishap twice", "mishap shop_down"]);
    await staff.keyboard.press("Shift+Tab");
    await staff.keyboard.press("Enter");
    await has(en.reasons.paid_before);
    assert.equal(await focused(), "mishap twice");
  });
});

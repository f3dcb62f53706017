// The sandbox's payment page and outbox in a real browser: what a payer pays, what the merchant is told and what is seen of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, describe, it } from "node:test";
import { endings } from "../support/ends.mjs";
import { listen } from "../support/listen.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { whySkip } from "../support/tools.mjs";
import { startBrowser } from "./support.mjs";

describe("the payment page", { skip: whySkip(["chromium"]) }, () => {
  const keep = endings();
  let sandbox;
  let browser;
  let merchant;
  let answer;
  before(async () => {
    sandbox = await keep(startSandbox());
    browser = await keep(startBrowser());
    const server = createServer((request, response) => request.resume().on("end", () => response.end(answer)));
    merchant = await keep(listen(server));
  });

  /** A link whose payments the merchant answers with `text`. */
  function create(text, fields) {
    answer = text;
    return sandbox.createLink({ callback_link: `${merchant.url}/callback`, callback_id: "9f86d081884c7d65", ...fields });
  }

  const open = (test, url) => browser.open(test, url, { locale: "en-GB" });

  /** Opens the page of a new link: `{ page, payments }`, the latter giving its payments, each with these members. */
  async function openLink(test, text, fields) {
    const { id, link } = await create(text, fields);
    const page = await open(test, link);
    await page.waitForSelector("#main:not([hidden])");
    const payments = async (...members) => {
      const { payments: all } = await sandbox.read(`/sandbox/links/${id}`);
      return all.map((payment) => members.map((member) => payment[member]));
    };
    return { page, payments };
  }

  it("takes the payment of a link once, and says what the merchant answered", async (test) => {
    const { page, payments } = await openLink(test, "OK", { lang: "en", max_count: "1" });
    assert.equal(await page.innerText("#name"), "Çay takımı");
    await page.selectOption("#installments", "3");
    await page.click("#pay");
    await page.waitForSelector("#payments .good");
    assert.equal(await page.innerText("#thanks"), "Payment received. Thank you!");
    assert.match(await page.innerText("#payments .attempts"), /HTTP 200\s*OK/);
    assert.ok(await page.isHidden("#form"), "the link can still be paid");
    assert.deepEqual(await payments("payment_amount", "installments"), [[158000, 3]]);
  });

  const payAnother = (page) => page.fill("#other-amount", "14,45").then(() => page.click("#pay-other"));
  for (const [what, press, expected] of [
    ["twice", (page) => page.click("#pay-twice"), [[158000, false], [158000, false]]],
    ["as a test", (page) => page.click("#test-payment"), [[158000, true]]],
    ["with another amount", payAnother, [[1445, false]]],
  ]) {
    it(`pays ${what}`, async (test) => {
      const { page, payments } = await openLink(test, "OK", { max_count: "1" });
      await press(page);
      await page.waitForSelector(`#payments li:nth-child(${expected.length}) .good`);
      assert.deepEqual(await payments("total_amount", "test_mode"), expected);
    });
  }

  it("sells as many pieces as are typed, and no others than the link has", async (test) => {
    const { page, payments } = await openLink(test, "OK", { lang: "en", min_count: "2", max_count: "6" });
    assert.deepEqual([await page.inputValue("#quantity"), await page.innerText("#pay")], ["2", "Pay ₺3,160.00"]);
    for (const wrong of ["1", "7", "2.5", "two", ""]) {
      await page.fill("#quantity", wrong);
      await page.click("#pay");
      await page.waitForSelector("#quantity-error:not(:empty)");
      assert.deepEqual(await payments(), [], wrong);
      await page.fill("#quantity", "3");
      await page.waitForFunction(() => document.querySelector("#pay").textContent === "Pay ₺4,740.00");
      await page.press("#quantity", "Tab");
      await page.waitForSelector("#quantity-error", { state: "hidden" });
    }
    await page.click("#pay");
    await page.waitForSelector("#payments .good");
    assert.match(await page.innerText("#about"), /^3 of 6 left/);
    assert.match(await page.innerText("#payments"), /Quantity\s*3/);
    await page.fill("#quantity", "2");
    await page.click("#pay");
    await page.waitForSelector("#form", { state: "hidden" });
    assert.deepEqual(await payments("quantity", "total_amount"), [[3, 474000], [2, 316000]]);
  });

  it("asks for no quantity where a single piece is sold", async (test) => {
    const { page } = await openLink(test, "OK", { max_count: "1" });
    assert.deepEqual([await page.isVisible("#quantity"), await page.isVisible("#pay")], [false, true]);
  });

  it("takes the amount that the payer of a flex link chooses, without a quantity", async (test) => {
    const flex = { link_type: "flex", max_installment: "1", flex_max_price: "500000", min_count: undefined };
    const { page, payments } = await openLink(test, "OK", { lang: "en", ...flex });
    assert.ok(await page.isHidden("#quantity"), "there is a quantity");
    await page.fill("#amount", "2000");
    await page.click("#pay");
    await page.waitForSelector("#payments .payment-head");
    assert.deepEqual(await payments("quantity", "total_amount"), [[null, 200000]]);
  });

  it("says Devam Ediyor until the merchant answers OK, and starts again at a press", async (test) => {
    const { page } = await openLink(test, "PAYTR notification failed: bad hash");
    await page.click("#pay");
    await page.waitForSelector("#payments .attempts:has-text('HTTP 200')");
    assert.match(await page.innerText("#payments"), /Devam Ediyor[^]*HTTP 200\s*PAYTR notification failed: bad hash/);
    answer = "OK";
    await page.click(".again");
    await page.waitForSelector("#payments .good");
  });

  it("refuses an amount that is none, in words", async (test) => {
    const { page, payments } = await openLink(test, "OK", { lang: "en" });
    await page.fill("#other-amount", "a lot");
    await page.click("#pay-other");
    await page.waitForSelector("#other-error:not(:empty)");
    assert.deepEqual(await payments(), []);
  });

  it("changes its language at a press", async (test) => {
    const { page } = await openLink(test, "OK", { lang: "tr" });
    await page.click("text=English");
    await page.waitForSelector('html[lang="en"] #main:not([hidden])');
    assert.match(await page.innerText("#pay"), /^Pay /);
  });

  it("is linked from the outbox, beside what the shop was told", async (test) => {
    const { id } = await create("OK", { name: "Kahve fincanı" });
    const page = await open(test, sandbox.url);
    const payment = { merchant_oid: "LNK7", total_amount: 1445 };
    const data = { reference: "1001", reasons: ["too_little"], link: { id }, payment, unsigned: {} };
    const event = { type: "link.payment_review", timestamp: new Date().toISOString(), data };
    assert.equal(await sandbox.tell("evt_7", event), 204);
    await page.click("#events li a");
    await page.waitForSelector("#chosen:not([hidden])");
    const told = await page.innerText("#chosen");
    for (const part of ["link.payment_review", "1001", "LNK7", "too_little"]) assert.ok(told.includes(part), part);
    await page.click("#chosen >> text=Kahve fincanı");
    await page.click("#chosen >> text=Open the payment page");
    await page.waitForSelector("#main:not([hidden])");
    assert.equal(await page.innerText("#name"), "Kahve fincanı");
  });
});

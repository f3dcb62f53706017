// The sandbox's payment page and outbox in a real browser: what a payer pays, what the merchant is told and what is seen of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { listen } from "../support/listen.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { startBrowser } from "./support.mjs";

describe("the payment page", { skip: whySkip(["chromium"]) }, () => {
  let sandbox;
  let browser;
  let merchant;
  let answer;
  before(async () => {
    sandbox = await startSandbox();
    browser = await startBrowser();
    merchant = await listen(createServer((request, response) => request.resume().on("end", () => response.end(answer))));
  });
  after(async () => {
    merchant?.stop();
    await browser?.stop();
    await sandbox?.stop();
  });

  /** A link whose payments the merchant answers with `text`. */
  function create(text, fields) {
    answer = text;
    return sandbox.createLink({ callback_link: `${merchant.url}/callback`, callback_id: "9f86d081884c7d65", ...fields });
  }

  async function open(test, url, options) {
    const window = await browser.window({ locale: "en-GB", ...options });
    test.after(() => window.close());
    const page = await window.newPage();
    await page.goto(url);
    return page;
  }

  const payments = async (id) => (await (await fetch(`${sandbox.url}/sandbox/links/${id}`)).json()).payments;

  it("takes the payment of a link once, and says what the merchant answered", async (test) => {
    const { id, link } = await create("OK", { lang: "en", max_count: "1" });
    const page = await open(test, link);
    await page.waitForSelector("#main:not([hidden])");
    assert.equal(await page.innerText("#name"), "Çay takımı");
    await page.selectOption("#installments", "3");
    await page.click("#pay");
    await page.waitForSelector("#payments .good");
    assert.equal(await page.innerText("#thanks"), "Payment received. Thank you!");
    assert.match(await page.innerText("#payments .attempts"), /HTTP 200\s*OK/);
    assert.ok(await page.isHidden("#form"), "the link can still be paid");
    assert.deepEqual((await payments(id)).map(({ payment_amount, installments }) => [payment_amount, installments]), [[158000, 3]]);
  });

  for (const [what, press, expected] of [
    ["twice", (page) => page.click("#pay-twice"), [[158000, false], [158000, false]]],
    ["as a test", (page) => page.click("#test-payment"), [[158000, true]]],
    ["with another amount", async (page) => {
      await page.fill("#other-amount", "14,45");
      await page.click("#pay-other");
    }, [[1445, false]]],
  ]) {
    it(`pays ${what}`, async (test) => {
      const { id, link } = await create("OK", { max_count: "1" });
      const page = await open(test, link);
      await press(page);
      await page.waitForSelector(`#payments li:nth-child(${expected.length}) .good`);
      assert.deepEqual((await payments(id)).map(({ total_amount, test_mode }) => [total_amount, test_mode]), expected);
    });
  }

  it("says Devam Ediyor until the merchant answers OK, and starts again at a press", async (test) => {
    const { link } = await create("PAYTR notification failed: bad hash");
    const page = await open(test, link);
    await page.click("#pay");
    await page.waitForSelector("#payments .odd");
    assert.match(await page.innerText("#payments"), /Devam Ediyor[^]*HTTP 200\s*PAYTR notification failed: bad hash/);
    answer = "OK";
    await page.click(".again");
    await page.waitForSelector("#payments .good");
  });

  it("refuses an amount that is none, in words", async (test) => {
    const { id, link } = await create("OK", { lang: "en" });
    const page = await open(test, link);
    await page.fill("#other-amount", "a lot");
    await page.click("#pay-other");
    await page.waitForSelector("#other-error:not(:empty)");
    assert.deepEqual(await payments(id), []);
  });

  it("changes its language at a press", async (test) => {
    const { link } = await create("OK", { lang: "tr" });
    const page = await open(test, link);
    await page.click("text=English");
    await page.waitForSelector('html[lang="en"] #main:not([hidden])');
    assert.match(await page.innerText("#pay"), /^Pay /);
  });

  it("is linked from the outbox, beside what the shop was told", async (test) => {
    const { id } = await create("OK", { name: "Kahve fincanı" });
    const page = await open(test, sandbox.url);
    const event = JSON.stringify({
      type: "link.payment_review",
      timestamp: new Date().toISOString(),
      data: { reference: "1001", reasons: ["too_little"], link: { id }, payment: { merchant_oid: "LNK7", total_amount: 1445 }, unsigned: {} },
    });
    const now = new Date();
    const headers = {
      "webhook-id": "evt_7",
      "webhook-timestamp": `${Math.floor(now / 1000)}`,
      "webhook-signature": new Webhook(EVENTS_SECRET).sign("evt_7", now, event),
    };
    assert.equal((await fetch(`${sandbox.url}/shop/events`, { method: "POST", headers, body: event })).status, 204);
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

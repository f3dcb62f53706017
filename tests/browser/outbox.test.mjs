// The outbox in a real browser, behind a relay: what a developer reads off it, and takes from it.
//
// In scope: links, events and messages as they stand there, copying, clearing. Not in scope: accessibility and small screens
// (looks.test.mjs), the payment page and the way to it (payment-page.test.mjs), the outbox for machines (sandbox/tests/outbox.rs).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { createLink } from "../../examples/send.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import * as people from "../support/people.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { until } from "../support/until.mjs";
import { startBrowser } from "./support.mjs";

describe("the outbox", { skip: whySkip(["chromium"]) }, () => {
  const keep = endings();
  const folder = ownFolder("copied");
  let sandbox;
  let browser;
  let paid;
  let held;
  before(async () => {
    sandbox = await keep(startSandbox());
    const settings = { EVENTS_URL: `${sandbox.url}/shop/events`, SEND_LIMITS: '[{"count": 1, "seconds": 3600}]' };
    const { urls } = await keep(startRelays(sandbox.url, { relay: settings }));
    browser = await keep(startBrowser());
    const cell_phone = people.phone();
    const relay = { url: urls.relay, secret: SECRET };
    const create = (reference, send) =>
      createLink({ name: `Sipariş ${reference}`, price: 158_000, reference, send }, relay);
    paid = (await create("1001", { cell_phone, email: people.email() })).link.id;
    const limited = await create("1002", { cell_phone });
    assert.deepEqual(limited.sends.map(({ outcome }) => outcome), ["limited"]);
    held = limited.link.id;
    await sandbox.pay(paid);
    await until(eventsOf, ({ total }) => total === 1);
  });

  const eventsOf = () => sandbox.read("/sandbox/events");

  async function open(test, { lang = "en", chosen = "", ...options } = {}) {
    const page = await browser.open(test, `${sandbox.url}/?lang=${lang}${chosen}`, options);
    await page.waitForSelector("#events li");
    return page;
  }

  const marksOf = (page, id) => page.locator(`#links a[href="#link-${id}"] .mark`).allInnerTexts();

  for (const [lang, marks] of [
    ["en", ["Paid", "Notification: Başarılı (delivered)", "SMS", "E-mail"]],
    ["tr", ["Ödendi", "PayTR bildirimi: Başarılı", "SMS", "E-posta"]],
  ]) {
    it(`says that a link is paid, and to whom it went: ${lang}`, async (test) => {
      const page = await open(test, { lang });
      assert.deepEqual(await marksOf(page, paid), marks);
    });
  }

  it("has each link once, and counts as messages what customers would have received", async (test) => {
    const page = await open(test);
    const names = await page.locator("#links .to").allInnerTexts();
    assert.deepEqual(names, ["Sipariş 1002", "Sipariş 1001"]);
    assert.deepEqual([await page.innerText("#messages-count"), await page.locator("#messages li").count()], ["2", 2]);
    assert.equal(await page.isVisible("#requests-section"), false, "a create stands beside its link");
    assert.match(await page.title(), /^\(2\) /);
  });

  it("says of a link whose message the relay held back that it was not sent", async (test) => {
    const page = await open(test, { chosen: `#link-${held}` });
    assert.deepEqual(await marksOf(page, held), ["Open", "Not sent"]);
    assert.match(await page.innerText("#chosen"), /Requests\s+\S+\s+Link created\s+Created[^]*the relay held the message back[^]*limited/);
  });

  it("leads from a link to each request about it, and back", async (test) => {
    const page = await open(test, { chosen: `#link-${paid}` });
    await page.click("#chosen >> text=Link created");
    await page.waitForSelector("#chosen >> text=The form as it came");
    assert.equal(await page.getAttribute(`#links a[href="#link-${paid}"]`, "aria-current"), "true");
    await page.click(`#chosen a[href="#link-${paid}"]`);
    await page.waitForSelector("#chosen >> text=Payments");
  });

  it("keeps apart what PayTR refused, which made no link", async (test) => {
    const form = new URLSearchParams({ merchant_id: "0", name: "Sipariş 1003" });
    await fetch(`${sandbox.url}/odeme/api/link/create`, { method: "POST", body: form });
    const page = await open(test);
    assert.match(await page.innerText("#requests"), /Sipariş 1003[^]*Refused/);
    await page.getByRole("radio", { name: "Refused" }).check();
    await page.waitForSelector("#messages-section", { state: "hidden" });
    assert.deepEqual(await page.locator(".rows li:visible .to").allInnerTexts(), ["Sipariş 1003"]);
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`shows the pills of a row that is chosen: ${colorScheme}`, async (test) => {
      const page = await open(test, { colorScheme, chosen: `#link-${paid}` });
      const row = page.locator('.row[aria-current="true"]');
      const backgroundOf = (locator) => locator.evaluate((node) => getComputedStyle(node).backgroundColor.match(/\d+/g).map(Number));
      const under = await backgroundOf(row);
      const pills = await row.locator(".mark").all();
      assert.equal(pills.length, 4);
      for (const pill of pills) {
        const background = await backgroundOf(pill);
        const distance = background.reduce((sum, part, place) => sum + Math.abs(part - under[place]), 0);
        assert.ok(distance >= 24, `${background} on ${under}`);
      }
    });
  }

  it("gives an event whole at one click: its headers, and the very bytes that were signed", async (test) => {
    const page = await open(test);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("#events li a");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [head, body] = copied.split("\n\n");
    const headers = Object.fromEntries(head.split("\n").slice(1).map((line) => line.split(": ")));
    assert.equal(new Webhook(EVENTS_SECRET).verify(body, headers).type, "link.paid");

    const file = join(folder, "request.txt");
    writeFileSync(file, copied);
    const explained = spawnSync(process.execPath, [inRoot("scripts/explain.mjs"), file], {
      env: { ...process.env, LC_ALL: "C", WEBHOOK_SECRET: SECRET, EVENTS_SECRET }, encoding: "utf8",
    });
    assert.equal(explained.status, 0, explained.stdout + explained.stderr);
  });

  it("selects the event for those whose browser does not let it copy", async (test) => {
    const page = await open(test);
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.reload();
    await page.click("#events li a");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: /^Selected/ }).waitFor();
    assert.match(await page.evaluate(() => getSelection().toString()), /^POST \/shop\/events[^]*webhook-signature[^]*link\.paid/);
  });

  it("has the failure scenarios last, and closed; and what is chosen begins where the lists do", async (test) => {
    const page = await open(test);
    const [known, main, chosen, list] = await Promise.all([".known", "#main", "#detail", "#links"].map((selector) => page.locator(selector).boundingBox()));
    assert.ok(known.y >= main.y + main.height, "they come before the lists");
    assert.equal(await page.getAttribute(".known", "open"), null);
    assert.ok(Math.abs(chosen.y - list.y) <= 1, `${chosen.y} beside ${list.y}`);
  });

  it("is in Turkish to the length of a token", async (test) => {
    const page = await open(test, { lang: "tr" });
    await page.click("#messages li a");
    await page.waitForSelector("#chosen >> text=paytr_token");
    assert.match(await page.innerText("#chosen"), /•+ \(44 karakter\)/);
  });

  it("asks before it clears, and clears everything", async (test) => {
    const page = await open(test);
    page.once("dialog", (dialog) => dialog.dismiss());
    await page.click("#clear");
    assert.equal((await eventsOf()).total, 1);
    page.once("dialog", (dialog) => dialog.accept());
    await page.click("#clear");
    await page.waitForSelector("#empty:not([hidden])");
    for (const list of ["/outbox/messages", "/sandbox/links", "/sandbox/events"]) {
      assert.equal((await sandbox.read(list)).total, 0, list);
    }
  });
});

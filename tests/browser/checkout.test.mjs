// An order's page in a real browser, and the link that it sends: page → back end → relay → sandbox → outbox.
//
// In scope: what a customer sees and what PayTR gets, also when the customer, the network or PayTR misbehaves. Not in
// scope: ordering and paying (story.test.mjs), looks and accessibility (looks.test.mjs), and the back end by itself
// (tests/examples/checkout.test.mjs).
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sign } from "../../examples/checkout/sign.mjs";
import { endings } from "../support/ends.mjs";
import * as people from "../support/people.mjs";
import { SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { startBrowser, startShops } from "./support.mjs";

const PATIENCE = { timeout: 30_000 };
const INPUTS = { sms: "#phone", email: "#email" };
const isPost = (request) => request.url().endsWith("/webhook") && request.method() === "POST";

describe("the checkout page", { skip: whySkip(["chromium"]), concurrency: 3 }, () => {
  const keep = endings();
  let shops;
  let browser;
  before(async () => {
    shops = await keep(startShops());
    browser = await keep(startBrowser());
  });

  /** Opens a shop's page. `posts` holds what the page posts to the relay, `hosts` all it talks to. */
  async function open(test, { name = "shop", link, locale } = {}) {
    const page = await (await browser.window(locale && { locale }, test)).newPage();
    const [posts, hosts] = [[], new Set()];
    page.on("request", (request) => {
      hosts.add(new URL(request.url()).origin);
      if (isPost(request)) posts.push({ headers: request.headers(), body: request.postData() });
    });
    await page.goto(shops.page(name, link));
    await page.waitForSelector("#items li");
    return { page, posts, hosts };
  }

  // Attached, not visible: what the field says is not said below the form once more.
  const until = (page, kind) =>
    page.waitForSelector(`#result[data-kind="${kind}"]`, { ...PATIENCE, state: "attached" });
  const textOf = (page) => page.innerText("#result");
  const isLocked = async (page) => (await page.getAttribute("#send", "aria-disabled")) === "true";
  const outbox = (to) => shops.sandbox.outbox.to(to);
  const assertSent = async (to, times) => assert.equal((await outbox(to)).length, times);
  const idsOf = (posts) => new Set(posts.map(({ headers }) => headers["webhook-id"]));
  const signedOf = (posts) => new Set(posts.map(({ headers, body }) => `${headers["webhook-signature"]} ${body}`));

  async function press(page, kind) {
    await page.click("#send");
    await until(page, kind);
  }

  /** Types a recipient, presses, and waits for what comes of it. */
  async function send(page, to, kind = "sent", channel = "sms") {
    if (channel !== "sms") await page.check(`input[value="${channel}"]`);
    await page.fill(INPUTS[channel], to);
    await press(page, kind);
  }

  it("sends an SMS that the outbox shows", async (test) => {
    const { page } = await open(test);
    const to = people.phone();
    await send(page, to);
    assert.match(await textOf(page), new RegExp(`Link gönderildi\\s+${to} numarasına SMS ile gönderdik`));
    await page.goto(shops.sandbox.url);
    await page.getByRole("link", { name: to }).click();
    await page.waitForSelector("#chosen:not(:empty)");
    assert.match(await page.innerText("#chosen"), new RegExp(`SMS: ${to}[^]*paytr.com/link/NB2Zlz3`));
  });

  it("sends an e-mail, in English to those who do not read Turkish", async (test) => {
    const { page } = await open(test, { locale: "de-DE" });
    const to = people.email();
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.getByRole("radio", { name: "E-mail" }).check();
    await page.getByRole("textbox", { name: "Your e-mail address" }).fill(to);
    await press(page, "sent");
    assert.ok((await textOf(page)).includes(`We sent it to ${to} by e-mail`));
    assert.deepEqual((await outbox(to)).map(({ channel, delivered }) => [channel, delivered]), [["email", true]]);
  });

  it("speaks the other language at the press of a button, also about what has happened", async (test) => {
    const { page } = await open(test);
    await send(page, people.phone());
    await page.getByRole("button", { name: "English" }).click();
    assert.match(await textOf(page), /The link is sent/);
    assert.deepEqual([await page.title(), await page.getAttribute("html", "lang")], ["Checkout · Mavi Çömlek", "en"]);
    await page.getByRole("button", { name: "Türkçe" }).click();
    assert.match(await textOf(page), /Link gönderildi/);
  });

  it("talks to shop and relay and to nobody else, and keeps no cookie", async (test) => {
    const { page, hosts, posts } = await open(test);
    await send(page, people.phone());
    assert.deepEqual([...hosts].sort(), [new URL(page.url()).origin, shops.relayUrl("shop")].sort());
    assert.equal(posts[0].headers.cookie, undefined);
    assert.deepEqual(await page.context().cookies(), []);
  });

  it("is refused when the number is changed between signing and posting, and nothing is sent", async (test) => {
    const { page, posts } = await open(test);
    const [wanted, other] = [people.phone(), people.phone()];
    await page.route("**/messages", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(wanted, other) });
    });
    await send(page, wanted, "broken");
    assert.ok(posts[0].body.includes(other), "nothing was changed");
    assert.match(await textOf(page), /Hiçbir şey gönderilmedi/);
    assert.deepEqual([await outbox(wanted), await outbox(other)], [[], []]);
  });

  it("sends once on a double click", async (test) => {
    const { page } = await open(test, { name: "free" });
    const to = people.phone();
    await page.fill("#phone", to);
    await page.dblclick("#send");
    await until(page, "sent");
    await assertSent(to, 1);
  });

  it("sends once even if the page is so broken that it posts one press ten times at once", async (test) => {
    const { page } = await open(test, { name: "free" });
    const to = people.phone();
    const ids = await page.evaluate(async (recipient) => {
      const asked = JSON.stringify({ press: crypto.randomUUID(), channel: "sms", recipient });
      const post = (url, headers, body) => fetch(url, { method: "POST", headers, body });
      const one = async () => {
        const signed = await post(`/api${location.pathname}/messages`, { "content-type": "application/json" }, asked);
        const { url, headers, body } = await signed.json();
        await (await post(url, headers, body)).text();
        return headers["webhook-id"];
      };
      return Promise.all(Array.from({ length: 10 }, one));
    }, to);
    assert.deepEqual([ids.length, new Set(ids).size], [10, 1]);
    await assertSent(to, 1);
  });

  it("sends once when the customer reloads the page in mid-send and presses again", async (test) => {
    const { page, posts } = await open(test, { name: "free", link: "sandbox-slow" });
    const to = people.phone();
    const posted = page.waitForRequest(isPost);
    await page.fill("#phone", to);
    await page.click("#send");
    await posted;
    // Long enough for the request to arrive, much shorter than PayTR takes here.
    await page.waitForTimeout(500);
    await page.reload();
    await send(page, to);
    assert.equal(idsOf(posts).size, 1);
    await assertSent(to, 1);
  });

  it("lets the page post with the headers that tracing and frameworks add, and read every answer", async (test) => {
    const { page } = await open(test, { name: "free" });
    const to = people.phone();
    const answers = await page.evaluate(async (recipient) => {
      const json = { "content-type": "application/json" };
      const asked = JSON.stringify({ press: crypto.randomUUID(), channel: "sms", recipient });
      const signed = await fetch(`/api${location.pathname}/messages`, { method: "POST", headers: json, body: asked });
      const { url, headers, body } = await signed.json();
      const added = {
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=b", baggage: "a=b",
        "sentry-trace": "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1", "x-datadog-trace-id": "1", newrelic: "e30=",
        "X-Requested-With": "XMLHttpRequest", "X-CSRF-TOKEN": "x",
      };
      const post = async (url) => {
        const answer = await fetch(url, { method: "POST", headers: { ...headers, ...added }, body });
        return [answer.status, answer.headers.get("idempotency-replayed"), Object(await answer.json())];
      };
      return [await post(url), await post(url), await post(`${url}/webhook`)];
    }, to);
    assert.deepEqual(
      answers.map(([status, replayed, { outcome, code }]) => [status, replayed, outcome ?? code]),
      [[200, null, "sent"], [200, "true", "sent"], [404, null, "not-found"]],
    );
    await assertSent(to, 1);
  });

  it("is refused by the browser when a page of a foreign origin posts", async (test) => {
    const { page } = await open(test, { name: "foreign" });
    const refusals = [];
    page.on("console", (message) => message.text().includes("CORS policy") && refusals.push(message.text()));
    const to = people.phone();
    await send(page, to, "offline");
    await until(page, "unreachable");
    assert.ok(refusals.length > 0, "no word of CORS");
    assert.match(await page.innerText("#send"), /Yeniden dene/);
    await assertSent(to, 0);
  });

  for (const [channel, bad, english, right] of [
    ["sms", "0212 123 45 67", "Enter the 11-digit number that begins with 05", people.phone],
    ["email", "musteri@example", "This is not an e-mail address", people.email],
  ]) {
    it(`takes the customer back to the field when the relay does not take it: ${channel}`, async (test) => {
      const { page } = await open(test, { locale: "en-GB" });
      const input = INPUTS[channel];
      await send(page, bad, "invalid", channel);
      // Told once, and to a screen reader as well.
      assert.equal((await textOf(page)).trim(), "");
      const alert = page.getByRole("alert").filter({ visible: true, hasText: /./ });
      assert.equal(await alert.getAttribute("id"), `error-${channel}`);
      assert.ok((await alert.innerText()).startsWith(english));
      assert.equal(await page.getAttribute(input, "aria-invalid"), "true");
      assert.equal(await page.evaluate(() => `#${document.activeElement.id}`), input);
      await assertSent(bad, 0);
      const to = right();
      await page.fill(input, to);
      assert.equal(await page.getAttribute(input, "aria-invalid"), "false");
      await page.keyboard.press("Enter");
      await until(page, "sent");
      await assertSent(to, 1);
    });
  }

  for (const [slip, typed] of [["in the domain", "ayse@gmaıl.com"], ["before the @", "ayşe@example.com"]]) {
    it(`sees a Turkish letter ${slip} as it was typed, and writes to nobody`, async (test) => {
      const { page, posts } = await open(test);
      await page.check('input[value="email"]');
      await page.locator("#email").pressSequentially(typed);
      await page.click("#send");
      await page.waitForSelector("#error-email:not(:empty)");
      assert.match(await page.innerText("#error-email"), /Türkçe karakter kullanmadan yazın/);
      assert.equal(await page.inputValue("#email"), typed);
      assert.deepEqual(posts, []);
      for (const to of [typed, "ayse@xn--gmal-nza.com"]) await assertSent(to, 0);
    });
  }

  for (const [channel, right, written] of [
    ["sms", people.phone, (phone) => `\u202a+90 (0)${phone.slice(1, 4)}\u00a0${phone.slice(4)}\u202c`],
    ["email", people.email, (email) => `\u00a0${email}\u200b `],
  ]) {
    it(`sends to what was pasted with characters that nobody sees: ${channel}`, async (test) => {
      const { page } = await open(test);
      const to = right();
      await send(page, written(to), "sent", channel);
      await assertSent(to, 1);
    });
  }

  it("asks for what is missing before it asks anybody else", async (test) => {
    const { page, posts } = await open(test);
    await page.click("#send");
    assert.equal(await page.innerText("#error-sms"), "Cep telefonu numaranızı yazın.");
    assert.equal(await page.evaluate(() => document.activeElement.id), "phone");
    assert.deepEqual(posts, []);
  });

  it("says how long to wait when the recipient has had enough", async (test) => {
    const { page } = await open(test);
    const to = people.phone();
    await send(page, to);
    await press(page, "limit");
    const seconds = Number((await textOf(page)).match(/Bu numaraya kısa süre önce[^]* (\d+) saniye sonra/)?.[1]);
    assert.ok(seconds > 20 && seconds <= 60, String(seconds));
    assert.equal(await isLocked(page), true);
    await assertSent(to, 1);
  });

  it("counts down, and sends again when the time is over", async (test) => {
    const { page } = await open(test, { name: "brisk" });
    const to = people.phone();
    await send(page, to);
    // Notes every text of the countdown from its first on.
    await page.evaluate(() => {
      globalThis.counted = [];
      const note = () => globalThis.counted.push(document.querySelector("#countdown").textContent);
      new MutationObserver(note).observe(document.querySelector("#countdown"), { childList: true });
    });
    await press(page, "limit");
    // All but the page's look at its order.
    const asked = () => page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => !/\/orders\/\d+$/.test(name)).length);
    const before = await asked();
    await page.evaluate(() => document.querySelector("#send").click());
    await until(page, "limit-over");
    assert.equal(await asked(), before, "asked while waiting");
    const counted = [...new Set(await page.evaluate(() => globalThis.counted))];
    assert.match(counted.join(" "), /^(0:04 )?(0:03 )?(0:02 )?0:01$/);
    assert.equal(await isLocked(page), false);
    await press(page, "sent");
    await assertSent(to, 2);
  });

  it("shows PayTR's own words when PayTR says no, and the next press is a new try", async (test) => {
    const { page, posts } = await open(test, { link: "sandbox-failed" });
    const to = people.phone();
    await send(page, to, "rejected");
    assert.match(await textOf(page), /PayTR linki göndermedi[^]*PayTR’ın yanıtı: Invalid id or link has already been deleted/);
    await press(page, "rejected");
    assert.equal(idsOf(posts).size, 2);
    assert.deepEqual((await outbox(to)).map(({ delivered }) => delivered), [false, false]);
  });

  it("says why not to press again when nobody knows, and another press sends nothing", async (test) => {
    const { page, posts } = await open(test, { name: "hasty", link: "sandbox-hang", locale: "en-GB" });
    const to = people.phone();
    await send(page, to, "unknown");
    assert.match(await textOf(page), /do not know whether it was sent[^]*because it could arrive twice[^]*choose e-mail/);
    assert.equal(await isLocked(page), true);
    await page.click("#send", { force: true });
    await page.focus("#phone");
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("#result", "data-kind"), "unknown");
    assert.equal(posts.length, 1);
    await page.check('input[value="email"]');
    assert.equal(await isLocked(page), false);
    await assertSent(to, 1);
  });

  it("takes no other spelling of a number for another one when nobody knows, even after a reload", async (test) => {
    const { page, posts } = await open(test, { name: "hasty", link: "sandbox-hang" });
    const to = people.phone();
    await send(page, to, "unknown");
    const other = to.replace(/^0(...)/, "+90 $1 ");
    await page.fill("#phone", other);
    assert.equal(await isLocked(page), true);
    await page.keyboard.press("Enter");
    assert.equal(posts.length, 1);
    for (const [times, spelling] of [[2, other], [3, to]]) {
      await page.reload();
      await send(page, spelling, "unknown");
      assert.deepEqual([posts.length, idsOf(posts).size], [times, 1]);
    }
    await assertSent(to, 1);
  });

  it("does not send again what nobody knows when another number had its message in between", async (test) => {
    const { page, posts } = await open(test, { name: "hasty", link: "sandbox-hang" });
    const to = people.phone();
    await send(page, to, "unknown");
    await send(page, "0212 123 45 67", "invalid");
    await send(page, to, "unknown");
    assert.equal(idsOf([posts[0], posts[2]]).size, 1);
    await assertSent(to, 1);
  });

  it("does not say that nothing was sent when the shop fails after a message was posted", async (test) => {
    const { page, posts } = await open(test, { name: "free", link: "sandbox-slow" });
    const to = people.phone();
    await send(page, to, "sending");
    while (posts.length === 0) await page.waitForTimeout(20);
    await page.reload();
    await page.route("**/messages", (route) => route.fulfill({ status: 500, json: {} }));
    await send(page, to, "unreachable");
    assert.doesNotMatch(await textOf(page), /Hiçbir şey gönderilmedi/);
    // Of another number that is certain.
    await send(page, people.phone(), "broken");
    assert.match(await textOf(page), /Hiçbir şey gönderilmedi/);
  });

  it("says how long to wait when an order has had enough, and sends after that", async (test) => {
    const { page } = await open(test);
    const to = people.email();
    const refusal = { status: 429, headers: { "retry-after": "2" }, json: {} };
    await page.route("**/messages", (route) => route.fulfill(refusal), { times: 1 });
    await send(page, to, "order-limit", "email");
    assert.match(await textOf(page), /sınıra ulaşıldı\s+Bu sipariş için 2 saniye sonra/);
    assert.equal(await isLocked(page), true);
    await until(page, "limit-over");
    await press(page, "sent");
    await assertSent(to, 1);
  });

  it("asks by itself with the same signed message while the relay is still sending", async (test) => {
    const { page, posts } = await open(test, { name: "free", link: "sandbox-slow" });
    const to = people.phone();
    let lost = false;
    await page.route("**/webhook", async (route) => {
      if (lost || route.request().method() !== "POST") return route.continue();
      lost = true;
      route.fetch().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
      return route.abort("connectionreset");
    });
    await send(page, to, "offline");
    await until(page, "in-progress");
    assert.match(await textOf(page), /Hâlâ gönderiliyor/);
    await until(page, "sent");
    assert.ok(posts.length >= 3, String(posts.length));
    assert.equal(signedOf(posts).size, 1);
    await assertSent(to, 1);
  });

  it("asks again with the same signed message when the connection is lost", async (test) => {
    const { page, posts } = await open(test);
    const to = people.phone();
    let lost = 0;
    await page.route("**/webhook", async (route) => {
      if (route.request().method() !== "POST" || lost >= 2) return route.continue();
      lost += 1;
      // Once on the way there, once on the way back.
      if (lost === 2) await route.fetch();
      return route.abort("connectionfailed");
    });
    await send(page, to, "offline");
    assert.match(await textOf(page), /yeniden deniyoruz…\s+Yeniden denemek güvenlidir: [^]*size iki kez gönderilmez/);
    await until(page, "sent");
    assert.deepEqual([posts.length, signedOf(posts).size], [3, 1]);
    await assertSent(to, 1);
  });

  it("fetches a new signature under the same id when the first one grew too old", async (test) => {
    const { page, posts } = await open(test);
    const to = people.phone();
    let signed = 0;
    await page.route("**/messages", (route) => {
      signed += 1;
      if (signed > 1) return route.continue();
      const { press, channel, recipient } = route.request().postDataJSON();
      const order = shops.orders("shop").find(new URL(page.url()).pathname.split("/").pop());
      const relay = { url: shops.relayUrl("shop"), secret: SECRET };
      const now = new Date(Date.now() - 600_000);
      return route.fulfill({ json: sign({ relay, order, press, channel, recipient, now }) });
    });
    await send(page, to);
    assert.deepEqual([posts.length, idsOf(posts).size], [2, 1]);
    const [first, second] = posts.map(({ headers }) => Number(headers["webhook-timestamp"]));
    assert.ok(second - first >= 600);
    await assertSent(to, 1);
  });

  it("works by keyboard alone, and keeps the focus where the customer is", async (test) => {
    const { page } = await open(test, { locale: "en-GB" });
    const to = people.email();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.value);
    const way = [];
    for (const key of ["Tab", "Tab", "ArrowDown", "Tab"]) {
      await page.keyboard.press(key);
      way.push(await focused());
    }
    assert.deepEqual(way, ["language", "sms", "email", "email"]);
    await page.keyboard.type(to);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "send");
    await page.keyboard.press("Space");
    await until(page, "sent");
    assert.equal(await focused(), "send");
    await assertSent(to, 1);
  });
});

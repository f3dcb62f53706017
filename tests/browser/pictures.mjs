// Takes the pictures in docs/images of the shop's pages and of the outbox: `node tests/browser/pictures.mjs`, after `npm run
// build`. Real pages of a real relay; what of them is not in the story is in looks.test.mjs.
import { ask, createLink, sendMessage } from "../../examples/send.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { SECRET } from "../support/secrets.mjs";
import { startBrowser, startShops } from "./support.mjs";

const PHONE = { width: 390, height: 640 };
const TO = "0532 123 45 67";
const image = (name) => inRoot(`docs/images/${name}.png`);

const browser = await startBrowser();
try {
  await takeOutbox();
  await takeShop();
} finally {
  await browser.stop();
}

/** A window that asks for English. */
const newWindow = (options) => browser.window({ locale: "en-GB", ...options });

async function open(window, url, selector) {
  const page = await window.newPage();
  await page.goto(url);
  await page.waitForSelector(selector);
  return page;
}

/** An SMS of a link made elsewhere, a link that is sent at once, and its payment. */
async function takeOutbox() {
  const sandbox = await startSandbox();
  const relays = await startRelays(sandbox.url, { outbox: { EVENTS_URL: `${sandbox.url}/shop/events` } });
  try {
    const relay = { url: relays.urls.outbox, secret: SECRET };
    const window = await newWindow();
    await ask(relay, "msg_1", sendMessage("sms", "NB2Zlz3", "05321234567"), []);
    const send = { cell_phone: "05331234567", email: "musteri@example.com" };
    const { link } = await createLink({ name: "Order 1001", price: 158_000, reference: "1001", send }, relay);
    const payment = await open(window, link.url, "#main:not([hidden])");
    await payment.click("#pay");
    await payment.waitForSelector("#payments .good");
    const outbox = await open(window, sandbox.url, "#events li");
    await outbox.getByRole("link", { name: "05331234567" }).click();
    await outbox.waitForSelector("#chosen .bubble");
    await outbox.screenshot({ path: image("outbox") });
  } finally {
    await relays.stop();
    await sandbox.stop();
  }
}

/** An order from the cart to paid on a phone, the page of another on a desktop, and what the staff sees of a mishap. */
async function takeShop() {
  const shops = await startShops();
  try {
    const phone = await newWindow({ viewport: PHONE });
    const order = await place(phone, shops);
    const panels = [await order.screenshot()];
    const outbox = await open(phone, shops.sandbox.url, "#messages li");
    await outbox.getByRole("link", { name: TO.replaceAll(" ", "") }).click();
    await outbox.waitForSelector("#chosen .bubble");
    panels.push(await outbox.screenshot());
    await outbox.click("#chosen .bubble a");
    await outbox.click("#pay");
    await order.bringToFront();
    await order.waitForSelector('#state[data-state="paid"]');
    panels.push(await order.screenshot());
    await compose(panels);

    const desktop = await newWindow();
    const page = await place(desktop, shops);
    await page.screenshot({ path: image("checkout"), fullPage: true });
    const staff = await open(desktop, `${shops.url("free")}/staff`, "details[open] .advice");
    await staff.click('[data-key="mishap twice"]');
    await staff.waitForSelector('[data-key^="refund"]');
    await staff.reload();
    await staff.waitForSelector('[data-key^="refund"]');
    await staff.screenshot({ path: image("staff") });
  } finally {
    await shops.stop();
  }
}

async function place(window, shops) {
  const page = await open(window, shops.url("free"), "#items li");
  await page.fill("#phone", TO);
  await page.click("#send");
  await page.waitForSelector('#result[data-kind="sent"]');
  return page;
}

/** The three side by side. */
async function compose(panels) {
  const captions = ["1. The order, and its link", "2. The SMS, and the payment", "3. Paid, and the shop knows"];
  const figures = panels.map((panel, index) =>
    `<figure><figcaption>${captions[index]}</figcaption><img src="data:image/png;base64,${panel.toString("base64")}"></figure>`,
  );
  const window = await newWindow({ viewport: { width: 3 * PHONE.width + 2 * 24 + 2 * 16, height: 100 } });
  const page = await window.newPage();
  await page.setContent(`<style>
    body { display: flex; gap: 24px; margin: 0; padding: 16px; background: #e4e7ea; font: 600 18px system-ui, sans-serif; color: #16202a; }
    figure { margin: 0; } figcaption { margin-bottom: 10px; text-align: center; } img { display: block; border-radius: 12px; }
  </style>${figures.join("")}`);
  await page.screenshot({ path: image("story"), fullPage: true });
}

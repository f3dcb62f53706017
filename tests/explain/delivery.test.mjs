// `npm run explain` with what WooCommerce posts: deliveries of a real shop, as they came and as people spoil them, in
// each form in which they are captured; and what the relay does with an order, by the same table as the Worker.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readOrder } from "../../scripts/explain/order.mjs";
import { readShopifyOrder } from "../../scripts/explain/shopify-order.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { EVENTS_SECRET, SECRET, SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { OTHER_SHOP_SECRET, assertExplained, ownFolder, traceRows } from "./support.mjs";
import { COMMANDS, har, harEntry } from "./written.mjs";

const VECTORS = inRoot("tests/vectors/woocommerce");
const read = (name) => readFileSync(join(VECTORS, name), "latin1");
/** What a case is about that names no other one. */
const USUAL = "order.created.on-hold";
/** As the shared vectors have it: stored with entities by WordPress, signed with the characters. */
const ENTITIES = {
  stored: "a&amp;b&#039;c&lt;0123456789",
  typed: "a&b'c<0123456789",
  body: '{"id":1}',
  signature: "JjQmwPLJka8hWrLGsWffatrl9yjXZz/7zJnCGfQZ6dk=",
  signedWithEntities: "/pd+qccgsk0sH94YcUUVc+EkCZA0Y+tiR3YWl8iA+98=",
};
const given = { env: { STOREFRONT_SECRET: SHOP_SECRET } };
const relays = { env: { STOREFRONTS } };
const folder = ownFolder();
const fileOf = (text) => folder.write(text, { encoding: "latin1", isNew: true });

/** A delivery's head and body. */
function parts(text = read(`${USUAL}.http`)) {
  const at = text.indexOf("\r\n\r\n");
  return { head: text.slice(0, at), body: text.slice(at + 4) };
}

/** The usual delivery with another body behind the same signature, and a content-length that fits. */
const withBody = (change) => {
  const { head, body } = parts();
  const changed = Buffer.from(change(Buffer.from(body, "latin1").toString()));
  return `${head.replace(/Content-Length: \d+/, `Content-Length: ${changed.length}`)}\r\n\r\n${changed.toString("latin1")}`;
};
const BLANK_BEHIND = /blank or a line end behind/;
const sign = (secret, body) => createHmac("sha256", secret).update(body).digest("base64");
const withSignature = (signature, { head, body } = parts()) =>
  `${head.replace(/X-WC-Webhook-Signature: .*/, `X-WC-Webhook-Signature: ${signature}`)}\r\n\r\n${body}`;
const signedWith = (secret) => withSignature(sign(secret, parts().body));
/** The usual delivery with another body, rightly signed. */
const signedAnew = (body) =>
  withSignature(sign(SHOP_SECRET, body), { head: parts().head.replace(/\r\nContent-Length.*/, ""), body });
/** The address is that of a storefront that the settings name; in the deliveries it is not. */
const toShop = (text) => text.replace("/hooks/woocommerce", "/hooks/shop");
const assertSays = (text, how, status, ...says) => assertExplained([fileOf(text)], how, status, ...says);

describe("npm run explain, of a delivery as WooCommerce sent it", () => {
  const follows = {
    "order.created.checkout-block.http": /makes a link of 1\.580,00 TL for order 13, unless it has such a link already\.\n$/,
    "order.created.on-hold.http": /makes a link of 1\.580,00 TL for order 11, unless /,
    "order.created.pending.http": /makes a link of 1\.580,00 TL for order 12, unless /,
    "order.deleted.http": /makes no link for order 13, and deletes one that is open, since it was deleted in the shop\.\n$/,
    "order.updated.amount-changed.http": /makes a link of 3\.160,00 TL for order 14, unless /,
    "order.updated.cancelled.http": /makes no link for order 12, .* since its status is "cancelled"\.\n$/,
    "order.updated.processing.http": /makes no link for order 11, .* since it is paid, with the status "processing"\.\n$/,
    "ping.http": /^This is the ping that WooCommerce sends/,
  };

  const deliveries = readdirSync(VECTORS).filter((name) => name.endsWith(".http"));
  it("there is a case for every one", () => assert.deepEqual(Object.keys(follows).sort(), deliveries.toSorted()));

  for (const [name, says] of Object.entries(follows)) {
    it(name, async () => {
      const output = await assertSays(toShop(read(name)), relays, 0, says);
      if (name !== "ping.http") assert.match(output, /^The signature is right, of the storefront shop\.\n\n/);
    });
  }

  const { body } = parts();
  const asProduct = read(`${USUAL}.http`).replace("order.created\r\n", "product.created\r\n");
  const cod = toShop(signedAnew(body.replace('"payment_method":"bacs"', '"payment_method":"cod"')));
  const alone = /^The signature is right\.\n\nThe relay makes a link of 1\.580,00 TL for order 11, if "bacs" is in pay_by_link, unless/;
  const noLink = /makes no link for order 11, and deletes one that is open, since its payment method is "cod", and pay_by_link has "bacs"\.\n$/;
  const legacy = /The signature is right\.\n\n[^]*API version WP REST API Integration v3/;
  for (const [what, text, how, status, says] of [
    ["says of the secret alone that the payment method has to be among pay_by_link", read(`${USUAL}.http`), given, 0, alone],
    ["asks for no secret where nothing is signed", read("ping.http"), {}, 0, /^This is the ping/],
    ["names the payment method that has no link", cod, relays, 0, noLink],
    ["says that nothing follows from another topic", asProduct, given, 0, /does nothing, since its topic is none of orders/],
    ["says which API version to choose in place of a legacy one", signedAnew(`{"order":${body}}`), given, 1, legacy],
  ]) {
    it(what, () => assertSays(text, how, status, says));
  }
});

describe("npm run explain, of a delivery that the relay refuses, says", () => {
  const usual = read(`${USUAL}.http`);
  const unsigned = usual.replace(/X-WC-Webhook-Signature: .*\r\n/, "");
  const withEnd = Buffer.from(sign(`${SHOP_SECRET}\n`, parts().body), "base64");
  const twoWrong = /^These 2 are wrong together:\n\n1\. The digest is written in hexadecimal\.[^]*2\. The shop's secret has a blank/;
  for (const [what, text, how, says] of [
    ["that a header is missing, which only a ping may do without", unsigned, given,
      /There is no X-WC-Webhook-Signature, and it is not WooCommerce's ping\./],
    ["that it was signed with another secret", signedWith(OTHER_SHOP_SECRET), given,
      /none of the usual slips[^]*another secret than webhook_secret[^]*The body, 2136 bytes, begins/],
    ["whose secret it was, if it is another storefront's", toShop(signedWith("secondShop0123456789abcdefXY")), relays,
      /signed with the webhook_secret of the storefront second\./],
    ["that no storefront has its path", usual, relays,
      /No storefront is named woocommerce: the relay answers 404\. There are: shop, second\./],
    ["that the shop's secret has a line end behind it", signedWith(`${SHOP_SECRET}\n`), given, BLANK_BEHIND],
    ["that the shop's secret has a blank behind it", signedWith(`${SHOP_SECRET} `), given, BLANK_BEHIND],
    ["how the signature is written too", withSignature(withEnd.toString("hex")), given, twoWrong],
    ["that the signature is none", withSignature("none"), given, /is not the base64 of 32 bytes/],
    ["that the length is another one", usual.replace("Content-Length: 2136", "Content-Length: 2100"), given,
      /content-length says 2100, and the body has 2136 bytes/],
  ]) {
    it(what, () => assertSays(text, how, 1, says));
  }

  for (const [name, secret] of Object.entries({ WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET })) {
    const how = { env: { ...given.env, [name]: secret } };
    it(`that it was signed with a secret of ${name}`, () =>
      assertSays(signedWith(secret), how, 1, new RegExp(`signed with a secret of ${name}\\.`)));
  }

  for (const secret of [ENTITIES.stored, ENTITIES.typed]) {
    it(`that the shop signs with HTML entities, and takes the secret itself as ${secret}`, async () => {
      const { body, signature, signedWithEntities } = ENTITIES;
      const head = "POST /hooks/shop HTTP/1.1\r\nX-WC-Webhook-Topic: order.deleted\r\nX-WC-Webhook-Signature: ";
      const request = (value) => `${head}${value}\r\n\r\n${body}`;
      const setting = { name: "shop", webhook_secret: [OTHER_SHOP_SECRET, secret], pay_by_link: ["bacs"] };
      const how = { env: { STOREFRONTS: JSON.stringify([setting]) } };
      await assertSays(request(signature), how, 0, /^The signature is right, of the storefront shop\./);
      const says = /1\. The secret has characters that WordPress stores as HTML entities/;
      await assertSays(request(signedWithEntities), how, 1, says);
    });
  }

  for (const [what, change, says] of [
    ["letters and slashes no more escaped", (body) => JSON.stringify(JSON.parse(body)), /another text than the one that arrived: JSON compact, letters and slashes escaped/],
    ["indented", (body) => JSON.stringify(JSON.parse(body), undefined, 2), /JSON compact, letters and slashes escaped/],
    ["a line end more", (body) => `${body}\r\n\r\n`, /another text than the one that arrived: a line end less/],
    ["a byte order mark more", (body) => `\ufeff${body}`, /a byte order mark less/],
    ["in a JSON string", (body) => JSON.stringify(body), /JSON in a JSON string/],
  ]) {
    const differ = /They differ from byte \d+ on:\n {2}signed {3}.*\n {2}arrived {2}.*\n$/;
    it(`what was done to a body: ${what}`, () => assertSays(withBody(change), given, 1, says, differ));
  }
});

describe("npm run explain reads a delivery", () => {
  const { head, body } = parts();
  const pairs = head.split("\r\n").slice(1).map((line) => line.split(": "));
  const address = "https://relay.example/hooks/shop";
  const right = /^(?:Entry .*\n\n)?The signature is right, of the storefront shop\.\n\nThe relay makes a link/;
  const inHar = (url, status) => har(harEntry({ url, headers: pairs, body, status }));
  const bodiless = `${head}\r\n\r\n`;
  const trace = ["=> Send header", toShop(bodiless), "=> Send data", body];
  const rows = [...traceRows(...trace.slice(0, 2), "latin1"), ...traceRows(...trace.slice(2), "latin1"), ""];
  const php = pairs.map(([name, value]) => `[HTTP_${name.toUpperCase().replaceAll("-", "_")}] => ${value}`);

  for (const [form, text] of Object.entries({
    "in a HAR, by its path": inHar(address, 401),
    "as a curl command": COMMANDS["curl of Postman"]({ url: address, headers: pairs, body }),
    "as curl traces it": rows.join("\n"),
    "as header lines, with the body behind": `${pairs.map((pair) => pair.join(": ")).join("\n")}\n\n${body}`,
    "as PHP has it": `${php.join("\n")}\n\n${body}`,
    "as JSON": JSON.stringify({ headers: Object.fromEntries(pairs), rawBody: body }),
  })) {
    it(form, () => assertSays(text, relays, 0, right));
  }

  it("with its body in a file of its own", async () => {
    const bodyFile = folder.write(body, { name: "body.json", encoding: "latin1", isNew: true });
    await assertExplained([fileOf(toShop(bodiless)), bodyFile], relays, 0, right);
  });

  it("and says that no storefront has the path of one in a HAR", () =>
    assertSays(inHar("https://relay.example/hooks/nobody", 404), relays, 1, /No storefront is named nobody/));

  it("and says that a body is needed where there is none", () => assertSays(bodiless, given, 1, /^No body found/));
});

describe("npm run explain takes the storefront's secret", () => {
  const file = join(VECTORS, `${USUAL}.http`);
  const shop = toShop(read(`${USUAL}.http`));
  const ofShop = /^The signature is right, of the storefront shop\./;

  it("that is piped into it, or all of STOREFRONTS", async () => {
    await assertExplained([file], { input: `${SHOP_SECRET}\n` }, 0, /^The signature is right\./);
    await assertSays(shop, { input: STOREFRONTS }, 0, ofShop);
  });

  it("of .dev.vars, for a relay on this machine", async () => {
    writeFileSync(folder.file(".dev.vars"), `STOREFRONTS='${STOREFRONTS}'\n`);
    await assertSays(shop, { env: { DEV_DIR: folder.path } }, 0, ofShop);
  });

  for (const text of [" ", "[]", "[{}]", "[", '[{"name":"shop","webhook_secret":""}]']) {
    it(`not when there is none in what is given: ${text}`, () =>
      assertExplained([file], { input: text }, 1, /has no webhook_secret\. Give the one/));
  }

  it("and shows nothing of a request that holds it", () => {
    const text = withBody((body) => body.replace('"customer_note":""', `"customer_note":"${SHOP_SECRET}"`));
    return assertSays(text, given, 1, /The secret itself stands in .*request/);
  });
});

/** What was read of an order, as the tables of cases have it. */
const asInCases = ({ says, why, number, price, currency }) =>
  JSON.parse(JSON.stringify({ says, why, number, price: price === undefined ? undefined : Number(price), currency }));

describe("npm run explain reads an order as the Worker does", () => {
  for (const each of JSON.parse(read("cases.json"))) {
    const { delivery = USUAL, topic, order, body, pay_by_link = ["bacs"], ...expected } = each;
    const shown = JSON.stringify(body ?? order ?? topic ?? delivery);
    it(`${expected.says}, ${expected.why ?? expected.price}: ${shown}`, () => {
      const came = parts(read(`${delivery}.http`));
      const header = /X-WC-Webhook-Topic: (.*)\r\n/.exec(came.head)[1];
      const changed = order && Buffer.from(JSON.stringify({ ...JSON.parse(came.body), ...order }));
      const bytes = changed ?? (body === undefined ? Buffer.from(came.body, "latin1") : Buffer.from(body));
      const headers = { "x-wc-webhook-topic": topic === undefined ? header : (topic ?? undefined) };
      assert.deepEqual(asInCases(readOrder(headers, bytes, pay_by_link)), expected);
    });
  }
});

describe("npm run explain, of a delivery of Shopify", () => {
  const shopify = (name, encoding = "latin1") => readFileSync(inRoot(`tests/vectors/shopify/${name}`), encoding);
  const usual = shopify("orders.create.http");
  const secret = "0123456789abcdef0123456789abcdef";
  const shop = { name: "shop", platform: "shopify", webhook_secret: [OTHER_SHOP_SECRET, secret] };
  const relay = { env: { STOREFRONTS: JSON.stringify([{ ...shop, pay_by_link: ["Havale / EFT"] }]) } };
  const { head, body } = parts(usual);
  const resigned = (text, topic = "orders/create") => {
    const headers = { "X-Shopify-Topic": topic, "X-Shopify-Hmac-SHA256": sign(secret, Buffer.from(text, "latin1")) };
    const lines = Object.entries(headers).map((pair) => pair.join(": "));
    return ["POST /hooks/shop HTTP/1.1", ...lines, "", text].join("\r\n");
  };
  const changed = (from, to) => resigned(body.replace(from, to));
  const cancelled = '"cancelled_at":"2026-11-29T19:00:00+03:00"';
  const longer = `${usual}\n`.replace(/Content-Length: \d+/, `Content-Length: ${body.length + 1}`);
  const indented = JSON.stringify(JSON.parse(Buffer.from(body, "latin1")), undefined, 2);
  const bare = head.replace(/\r\nContent-Length.*/, "");
  const foreign = usual.replace(/Hmac-Sha256: .*/, `Hmac-Sha256: ${sign("x".repeat(24), body)}`);

  const link = /^The signature is right, of the storefront shop\.\n\nThe relay makes a link of 1\.580,00 TL for order #1001, unless/;
  for (const [what, text, status, says] of [
    ["a link, of an order", usual, 0, link],
    ["no link, of one that is cancelled", changed('"cancelled_at":null', cancelled), 0,
      /makes no link for order #1001, .* since its status is "cancelled"\.\n$/],
    ["no link, of a test", changed('"test":false', '"test":true'), 0, /since it is a test of Shopify's/],
    ["nothing, of another topic", resigned(body, "products/update"), 0, /none of orders: orders\/create, orders\/updated/],
    ["no link, of another payment method", changed("Havale / EFT", "Nakit"), 0,
      /its payment method is "Nakit", and pay_by_link has "Havale \/ EFT"/],
    ["another secret", foreign, 1,
      /none of the usual slips[^]*Settings > Notifications > Webhooks[^]*not what Shopify sent/],
    ["no signature", usual.replace(/X-Shopify-Hmac-Sha256: .*\r\n/, ""), 1, /There is no X-Shopify-Hmac-SHA256\.\n/],
    ["another text", longer, 1, /Shopify has signed another text than the one that arrived/],
    ["a body that was written anew", `${bare}\r\n\r\n${Buffer.from(indented).toString("latin1")}`, 1, /./],
  ]) {
    it(`says what follows from it: ${what}`, () => assertSays(text, relay, status, says));
  }

  // Ids are over 2^53: what JSON.parse would round is carried through as text.
  const marked = (token) => (token.startsWith('"') ? token : `"@${token}"`);
  const lossless = (text) => JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\d{16,}/g, marked));
  const written = (value) => JSON.stringify(value).replace(/"@(\d+)"/g, "$1");
  const usualOrder = lossless(Buffer.from(body, "latin1").toString());
  for (const each of lossless(shopify("cases.json", "utf8"))) {
    const { topic = "orders/create", order, body: given, pay_by_link = ["Havale / EFT"], ...expected } = each;
    const shown = written(given ?? order ?? topic);
    it(`reads an order as the Worker does: ${expected.says}, ${expected.why ?? expected.price}: ${shown}`, () => {
      const bytes = Buffer.from(given ?? written({ ...usualOrder, ...order }));
      const headers = { "x-shopify-topic": topic ?? undefined };
      assert.deepEqual(asInCases(readShopifyOrder(headers, bytes, pay_by_link)), expected);
    });
  }
});

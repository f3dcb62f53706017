// `npm run explain` with what WooCommerce posts: deliveries of a real shop, as they came and as people spoil them, in every form in
// which they are captured; and what the relay does with an order, to the same table as the Worker.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readOrder } from "../../scripts/explain/order.mjs";
import { readShopifyOrder } from "../../scripts/explain/shopify-order.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { EVENTS_SECRET, SECRET, SHOP_API_KEY, SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { explain } from "./support.mjs";

const VECTORS = inRoot("tests/vectors/woocommerce");
const read = (name) => readFileSync(join(VECTORS, name), "latin1");
const DELIVERIES = readdirSync(VECTORS).filter((name) => name.endsWith(".http"));
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
const OTHER_SECRET = "anotherShop0123456789abcdefXY";
const given = { env: { STOREFRONT_SECRET: SHOP_SECRET } };
const relays = { env: { STOREFRONTS } };

let directory;
before(() => (directory = mkdtempSync(join(tmpdir(), "delivery-"))));
after(() => rmSync(directory, { recursive: true }));

function fileOf(text, encoding = "latin1") {
  const file = join(directory, "request");
  writeFileSync(file, text, encoding);
  return file;
}

/** A delivery's head and body. */
function parts(name = `${USUAL}.http`) {
  const text = read(name);
  const at = text.indexOf("\r\n\r\n");
  return { head: text.slice(0, at), body: text.slice(at + 4) };
}

/** The usual delivery with another body behind the same signature, and a content-length that fits. */
const withBody = (change) => {
  const { head, body } = parts();
  const changed = Buffer.from(change(Buffer.from(body, "latin1").toString()));
  return `${head.replace(/Content-Length: \d+/, `Content-Length: ${changed.length}`)}\r\n\r\n${changed.toString("latin1")}`;
};
const sign = (secret, body) => createHmac("sha256", secret).update(body).digest("base64");
const withSignature = (signature, { head, body } = parts()) =>
  `${head.replace(/X-WC-Webhook-Signature: .*/, `X-WC-Webhook-Signature: ${signature}`)}\r\n\r\n${body}`;

async function assertExplain(args, how, status, says) {
  const { status: ended, output } = await explain(args, how);
  assert.equal(ended, status, output);
  assert.match(output, says);
  for (const secret of [SHOP_SECRET, SHOP_API_KEY, OTHER_SECRET, SECRET.slice(8), EVENTS_SECRET.slice(8)]) {
    assert.ok(!output.includes(secret), output);
  }
  assert.ok(!output.includes("    at "), output);
  return output;
}

describe("npm run explain, of a delivery as WooCommerce sent it", () => {
  const follows = {
    "order.created.checkout-block.http": /makes a link over 1\.580,00 TL for order 13, unless it has such a link already\.\n$/,
    "order.created.on-hold.http": /makes a link over 1\.580,00 TL for order 11, unless /,
    "order.created.pending.http": /makes a link over 1\.580,00 TL for order 12, unless /,
    "order.deleted.http": /makes no link for order 13, and deletes one that is open, since it was deleted in the shop\.\n$/,
    "order.updated.amount-changed.http": /makes a link over 3\.160,00 TL for order 14, unless /,
    "order.updated.cancelled.http": /makes no link for order 12, .* since its status is "cancelled"\.\n$/,
    "order.updated.processing.http": /makes no link for order 11, .* since it is paid, with the status "processing"\.\n$/,
    "ping.http": /^This is the ping that WooCommerce sends/,
  };

  it("there is a case for every one", () => assert.deepEqual(Object.keys(follows).sort(), DELIVERIES.toSorted()));

  for (const [name, says] of Object.entries(follows)) {
    it(name, async () => {
      // The address is that of a storefront that the settings do not name, so that they are told of by a secret alone.
      const shop = read(name).replace("/hooks/woocommerce", "/hooks/shop");
      const output = await assertExplain([fileOf(shop)], relays, 0, says);
      if (name !== "ping.http") assert.match(output, /^The signature is right, of the storefront shop\.\n\n/);
    });
  }

  it("with the secret alone, it says that the payment method has to be among pay_by_link", async () => {
    const says = /^The signature is right\.\n\nThe relay makes a link over 1\.580,00 TL for order 11, if "bacs" is in pay_by_link, unless/;
    await assertExplain([join(VECTORS, `${USUAL}.http`)], given, 0, says);
  });

  it("asks for no secret where nothing is signed", async () => {
    await assertExplain([join(VECTORS, "ping.http")], {}, 0, /^This is the ping/);
  });

  it("names the payment method that has no link", async () => {
    const { head, body } = parts();
    const cod = body.replace('"payment_method":"bacs"', '"payment_method":"cod"');
    const says = /makes no link for order 11, and deletes one that is open, since its payment method is "cod", and pay_by_link has "bacs"\.\n$/;
    const shop = withSignature(sign(SHOP_SECRET, cod), { head: head.replace("/woocommerce", "/shop").replace(/\r\nContent-Length.*/, ""), body: cod });
    await assertExplain([fileOf(shop)], relays, 0, says);
  });

  it("says that nothing follows from another topic", async () => {
    const text = read(`${USUAL}.http`).replace("order.created\r\n", "product.created\r\n");
    await assertExplain([fileOf(text)], given, 0, /does nothing, since its topic is none of orders/);
  });

  it("ends with 1 for a webhook of a legacy API version, and says which one to choose", async () => {
    const { head, body } = parts();
    const legacy = `{"order":${body}}`;
    const text = withSignature(sign(SHOP_SECRET, legacy), { head: head.replace(/\r\nContent-Length.*/, ""), body: legacy });
    await assertExplain([fileOf(text)], given, 1, /The signature is right\.\n\n[^]*API version WP REST API Integration v3/);
  });
});

describe("npm run explain, of a delivery that the relay refuses, says", () => {
  it("that a header is missing, which only a ping may do without", async () => {
    const text = read(`${USUAL}.http`).replace(/X-WC-Webhook-Signature: .*\r\n/, "");
    await assertExplain([fileOf(text)], given, 1, /There is no X-WC-Webhook-Signature, and it is not WooCommerce's ping\./);
  });

  it("that it was signed with another secret", async () => {
    const text = withSignature(sign(OTHER_SECRET, parts().body));
    await assertExplain([fileOf(text)], given, 1, /none of the usual slips[^]*another secret than webhook_secret[^]*The body, 2136 bytes, begins/);
  });

  it("whose secret it was, if it is another storefront's", async () => {
    const text = withSignature(sign("secondShop0123456789abcdefXY", parts().body)).replace("/woocommerce", "/shop");
    await assertExplain([fileOf(text)], relays, 1, /signed with the webhook_secret of the storefront second\./);
  });

  it("that it was signed with a secret of messages or of events", async () => {
    for (const [name, secret] of Object.entries({ WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET })) {
      const env = { ...given.env, [name]: secret };
      const text = withSignature(sign(secret, parts().body));
      await assertExplain([fileOf(text)], { env }, 1, new RegExp(`signed with a secret of ${name}\\.`));
    }
  });

  it("that no storefront has its path", async () => {
    const says = /No storefront is named woocommerce: the relay answers 404\. There are: shop, second\./;
    await assertExplain([join(VECTORS, `${USUAL}.http`)], relays, 1, says);
  });

  it("that the shop signs with HTML entities, and takes either spelling of the secret itself", async () => {
    const { stored, typed, body, signature, signedWithEntities } = ENTITIES;
    const request = (value) => fileOf(`POST /hooks/shop HTTP/1.1\r\nX-WC-Webhook-Topic: order.deleted\r\nX-WC-Webhook-Signature: ${value}\r\n\r\n${body}`);
    for (const secret of [stored, typed]) {
      const env = { STOREFRONTS: JSON.stringify([{ name: "shop", webhook_secret: [OTHER_SECRET, secret], pay_by_link: ["bacs"] }]) };
      await assertExplain([request(signature)], { env }, 0, /^The signature is right, of the storefront shop\./);
      await assertExplain([request(signedWithEntities)], { env }, 1, /1\. The secret has characters that WordPress stores as HTML entities/);
    }
  });

  it("that the shop's secret has something behind it", async () => {
    for (const [end, says] of [["\n", /blank or a line end behind/], [" ", /blank or a line end behind/]]) {
      await assertExplain([fileOf(withSignature(sign(`${SHOP_SECRET}${end}`, parts().body)))], given, 1, says);
    }
  });

  for (const [what, change, says] of [
    ["letters and slashes no more escaped", (body) => JSON.stringify(JSON.parse(body)), /another text than the one that arrived: JSON compact, letters and slashes escaped/],
    ["indented", (body) => JSON.stringify(JSON.parse(body), undefined, 2), /JSON compact, letters and slashes escaped/],
    ["a line end more", (body) => `${body}\r\n\r\n`, /another text than the one that arrived: a line end less/],
    ["a byte order mark more", (body) => `\ufeff${body}`, /a byte order mark less/],
    ["in a JSON string", (body) => JSON.stringify(body), /JSON in a JSON string/],
  ]) {
    it(`what was done to a body: ${what}`, async () => {
      const output = await assertExplain([fileOf(withBody(change))], given, 1, says);
      assert.match(output, /They differ from byte \d+ on:\n {2}signed {3}.*\n {2}arrived {2}.*\n$/);
    });
  }

  it("how the signature is written, and that both are wrong together", async () => {
    const right = Buffer.from(sign(`${SHOP_SECRET}\n`, parts().body), "base64");
    const says = /^These 2 are wrong together:\n\n1\. The digest is written in hexadecimal\.[^]*2\. The shop's secret has a blank/;
    await assertExplain([fileOf(withSignature(right.toString("hex")))], given, 1, says);
    await assertExplain([fileOf(withSignature("none"))], given, 1, /is not the base64 of 32 bytes/);
  });

  it("that the length is another one", async () => {
    const text = read(`${USUAL}.http`).replace("Content-Length: 2136", "Content-Length: 2100");
    await assertExplain([fileOf(text)], given, 1, /content-length says 2100, and the body has 2136 bytes/);
  });
});

describe("npm run explain reads a delivery", () => {
  const { head, body } = parts();
  const pairs = head.split("\r\n").slice(1).map((line) => line.split(": "));
  const address = "https://relay.example/hooks/shop";
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const right = /^(?:Entry .*\n\n)?The signature is right, of the storefront shop\.\n\nThe relay makes a link/;

  it("in a HAR, by its path", async () => {
    const headers = pairs.map(([name, value]) => ({ name, value }));
    const request = { method: "POST", url: address, headers, postData: { text: body } };
    const har = { log: { entries: [{ request, response: { status: 401, headers: [] } }] } };
    await assertExplain([fileOf(JSON.stringify(har))], relays, 0, right);
    const others = { ...request, url: "https://relay.example/hooks/nobody" };
    const unknown = { log: { entries: [{ request: others, response: { status: 404, headers: [] } }] } };
    await assertExplain([fileOf(JSON.stringify(unknown))], relays, 1, /No storefront is named nobody/);
  });

  it("as a curl command", async () => {
    const headers = pairs.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
    await assertExplain([fileOf(`curl ${address} ${headers.join(" ")} --data-raw ${quoted(body)}`)], relays, 0, right);
  });

  it("as curl traces it", async () => {
    const row = (bytes, at) => `${at.toString(16).padStart(4, "0")}: ${bytes.toString("hex").replace(/../g, "$& ").padEnd(48)}...`;
    const rows = (text) => Array.from({ length: Math.ceil(text.length / 16) }, (_, at) => row(Buffer.from(text.slice(at * 16, at * 16 + 16), "latin1"), at * 16));
    const sent = `${head.replace("/woocommerce", "/shop")}\r\n\r\n`;
    const trace = [`=> Send header, ${sent.length} bytes (0x0)`, ...rows(sent), `=> Send data, ${body.length} bytes (0x0)`, ...rows(body), ""];
    await assertExplain([fileOf(trace.join("\n"))], relays, 0, right);
  });

  it("as header lines, as PHP has them, and as JSON, with the body behind or in a file of its own", async () => {
    const php = pairs.map(([name, value]) => `[HTTP_${name.toUpperCase().replaceAll("-", "_")}] => ${value}`);
    await assertExplain([fileOf(`${php.join("\n")}\n\n${body}`)], relays, 0, right);
    await assertExplain([fileOf(`${pairs.map((pair) => pair.join(": ")).join("\n")}\n\n${body}`)], relays, 0, right);
    await assertExplain([fileOf(JSON.stringify({ headers: Object.fromEntries(pairs), rawBody: body }))], relays, 0, right);
    const bodyFile = join(directory, "body.json");
    writeFileSync(bodyFile, body, "latin1");
    await assertExplain([fileOf(`${head.replace("/woocommerce", "/shop")}\r\n\r\n`), bodyFile], relays, 0, right);
  });

  it("and says that a body is needed where there is none", async () => {
    await assertExplain([fileOf(`${head}\r\n\r\n`)], given, 1, /^No body found/);
  });
});

describe("npm run explain takes the storefront's secret", () => {
  const file = join(VECTORS, "order.created.on-hold.http");

  it("that is piped into it, or all of STOREFRONTS", async () => {
    await assertExplain([file], { input: `${SHOP_SECRET}\n` }, 0, /^The signature is right\./);
    const { head, body } = parts();
    const shop = fileOf(`${head.replace("/woocommerce", "/shop")}\r\n\r\n${body}`);
    await assertExplain([shop], { input: STOREFRONTS }, 0, /^The signature is right, of the storefront shop\./);
  });

  it("of .dev.vars, for a relay on this machine", async () => {
    const { head, body } = parts();
    writeFileSync(join(directory, ".dev.vars"), `STOREFRONTS='${STOREFRONTS}'\n`);
    const shop = fileOf(`${head.replace("/woocommerce", "/shop")}\r\n\r\n${body}`);
    await assertExplain([shop], { env: { DEV_DIR: directory } }, 0, /^The signature is right, of the storefront shop\./);
  });

  it("not when there is none in what is given", async () => {
    for (const text of [" ", "[]", "[{}]", "[", '[{"name":"shop","webhook_secret":""}]']) {
      await assertExplain([file], { input: text }, 1, /has no webhook_secret\. Give the one/);
    }
  });

  it("and shows nothing of a request that holds it", async () => {
    const text = withBody((body) => body.replace('"customer_note":""', `"customer_note":"${SHOP_SECRET}"`));
    await assertExplain([fileOf(text)], given, 1, /The secret itself stands in .*request/);
  });
});

describe("npm run explain reads an order as the Worker does", () => {
  for (const { delivery = USUAL, topic, order, body, pay_by_link = ["bacs"], ...expected } of JSON.parse(read("cases.json"))) {
    const shown = JSON.stringify(body ?? order ?? topic ?? delivery);
    it(`${expected.says}, ${expected.why ?? expected.price}: ${shown}`, () => {
      const came = parts(`${delivery}.http`);
      const header = /X-WC-Webhook-Topic: (.*)\r\n/.exec(came.head)[1];
      const changed = order ? JSON.stringify({ ...JSON.parse(came.body), ...order }) : came.body;
      const bytes = body === undefined ? Buffer.from(changed, "latin1") : Buffer.from(body);
      const { says, why, number, price, currency } = readOrder({ "x-wc-webhook-topic": topic === undefined ? header : (topic ?? undefined) }, order ? Buffer.from(changed) : bytes, pay_by_link);
      const found = { says, why, number, price: price === undefined ? undefined : Number(price), currency };
      assert.deepEqual(JSON.parse(JSON.stringify(found)), expected);
    });
  }
});

describe("npm run explain, of a delivery of Shopify", () => {
  const shopify = (name) => readFileSync(inRoot(`tests/vectors/shopify/${name}`), "latin1");
  const usual = shopify("orders.create.http");
  const secret = "0123456789abcdef0123456789abcdef";
  const setting = [{ name: "shop", platform: "shopify", webhook_secret: [OTHER_SECRET, secret], pay_by_link: ["Havale / EFT"] }];
  const relay = { env: { STOREFRONTS: JSON.stringify(setting) } };
  const at = usual.indexOf("\r\n\r\n");
  const [head, body] = [usual.slice(0, at), usual.slice(at + 4)];
  const resigned = (text, topic = "orders/create") =>
    fileOf(
      `POST /hooks/shop HTTP/1.1\r\nX-Shopify-Topic: ${topic}\r\nX-Shopify-Hmac-SHA256: ${sign(secret, Buffer.from(text, "latin1"))}\r\n\r\n${text}`,
    );

  it("says what follows from it", async () => {
    await assertExplain([fileOf(usual)], relay, 0, /^The signature is right, of the storefront shop\.\n\nThe relay makes a link over 1\.580,00 TL for order #1001, unless/);
    const cancelled = body.replace('"cancelled_at":null', '"cancelled_at":"2026-11-29T19:00:00+03:00"');
    await assertExplain([resigned(cancelled)], relay, 0, /makes no link for order #1001, .* since its status is "cancelled"\.\n$/);
    await assertExplain([resigned(body.replace('"test":false', '"test":true'))], relay, 0, /since it is a test of Shopify's/);
    await assertExplain([resigned(body, "products/update")], relay, 0, /none of orders: orders\/create, orders\/updated/);
    const cash = body.replace("Havale / EFT", "Nakit");
    await assertExplain([resigned(cash)], relay, 0, /its payment method is "Nakit", and pay_by_link has "Havale \/ EFT"/);
  });

  it("says what is wrong with its signature", async () => {
    const says = /none of the usual slips[^]*Settings > Notifications > Webhooks[^]*not what Shopify sent/;
    await assertExplain([fileOf(usual.replace(/Hmac-Sha256: .*/, `Hmac-Sha256: ${sign("x".repeat(24), body)}`))], relay, 1, says);
    await assertExplain([fileOf(usual.replace(/X-Shopify-Hmac-Sha256: .*\r\n/, ""))], relay, 1, /There is no X-Shopify-Hmac-SHA256\.\n/);
    const rewritten = JSON.stringify(JSON.parse(Buffer.from(body, "latin1").toString()), undefined, 2);
    const spoiled = `${head.replace(/\r\nContent-Length.*/, "")}\r\n\r\n${Buffer.from(rewritten).toString("latin1")}`;
    assert.equal((await explain([fileOf(spoiled)], relay)).status, 1);
    await assertExplain([fileOf(`${usual}\n`.replace(/Content-Length: \d+/, `Content-Length: ${body.length + 1}`))], relay, 1, /Shopify has signed another text than the one that arrived/);
  });

  // Ids are over 2^53: what JSON.parse would round is carried through as text.
  const lossless = (text) => JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|\d{16,}/g, (token) => (token.startsWith('"') ? token : `"@${token}"`)));
  const written = (value) => JSON.stringify(value).replace(/"@(\d+)"/g, "$1");
  const usualOrder = lossless(Buffer.from(body, "latin1").toString());
  const cases = lossless(readFileSync(inRoot("tests/vectors/shopify/cases.json"), "utf8"));
  for (const { topic = "orders/create", order, body: given, pay_by_link = ["Havale / EFT"], ...expected } of cases) {
    it(`reads an order as the Worker does: ${expected.says}, ${expected.why ?? expected.price}: ${written(given ?? order ?? topic)}`, () => {
      const bytes = Buffer.from(given ?? written({ ...usualOrder, ...order }));
      const { says, why, number, price, currency } = readShopifyOrder({ "x-shopify-topic": topic ?? undefined }, bytes, pay_by_link);
      const found = { says, why, number, price: price === undefined ? undefined : Number(price), currency };
      assert.deepEqual(JSON.parse(JSON.stringify(found)), expected);
    });
  }
});

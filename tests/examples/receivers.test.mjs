// The examples that receive events, as programs: events signed as the relay signs them are posted to each, and the built
// Worker tells each of payments in the sandbox.
//
// In scope: what a shop and its staff see of them, the same for every language. Not in scope: how the relay comes to an
// event and how often it tries.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createLink } from "../../examples/send.mjs";
import { withRelays } from "../api/support/place.mjs";
import { endings } from "../support/ends.mjs";
import { EVENTS_SECRET, FOREIGN_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { until } from "../support/until.mjs";
import { prepareAll } from "./programs.mjs";
import { RECEIVERS, startReceiver } from "./receivers.mjs";
import { paymentEvent, postSigned, signed as signedAs } from "./support.mjs";

const LIMIT_S = 300;
const MAX_BODY_BYTES = 65_536;
const BREAK = "CREATE TRIGGER broken BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'broken'); END";
let count = 0;

/** An event that no other case uses. */
function event(...parts) {
  count += 1;
  return { id: `evt_${String(count).padStart(64, "0")}`, event: paymentEvent(...parts) };
}
const paid = (reference) => event("link.paid", reference);
const review = (reference, ...reasons) => event("link.payment_review", reference, { reasons });
/** A payment of a link of this price. */
const paidLink = (reference, price, currency) => event("link.paid", reference, { link: { price, currency } });
const oid = ({ event: { data } }) => data.payment.merchant_oid;

/** What the relay posts, signed with each of some secrets at a time. */
const signed = ({ id, event }, secrets = [SECRET], at = Date.now()) =>
  signedAs(id, event, { secrets, at: new Date(at) });
const post = async ({ urls: [url] }, request) => (await postSigned(url, request)).status;

/** Posts a body in two chunks, without its length, and gives the answer's status. */
async function postInChunks({ urls: [url] }, { body, headers }) {
  const chunks = [body.slice(0, 100), body.slice(100)].map((text) => Buffer.from(text));
  const answer = await fetch(url, { method: "POST", headers, body: ReadableStream.from(chunks), duplex: "half" });
  return answer.status;
}

/**
 * Writes a request's head to the letter and then a body, until the server ends it or has taken so many megabytes. Resolves
 * with the first line of the answer, and how many were taken.
 */
async function postWithoutEnd({ urls: [url] }, head, megabytes) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  let said = "";
  socket.on("data", (data) => (said += data)).on("error", () => {});
  socket.write([`POST ${pathname} HTTP/1.1`, `host: ${hostname}`, "connection: close", ...head, "", ""].join("\r\n"));
  const ended = new Promise((resolve) => socket.on("close", resolve));
  let taken = 0;
  for (; taken < megabytes && !socket.destroyed; taken += 1) {
    const drained = new Promise((resolve) => socket.once("drain", resolve));
    if (!socket.write(Buffer.alloc(1_048_576, 32))) await Promise.race([drained, ended]);
  }
  socket.end();
  await ended;
  return { line: said.split("\r\n")[0], taken };
}

const isTaken = (status) => status >= 200 && status < 300;
const without = (name) => (request) => delete request.headers[name];
/** Another value of a header, or what is made of the right one. */
const header = (name, value) => ({ headers }) =>
  (headers[name] = typeof value === "function" ? value(headers[name]) : value);
const instead = (secrets, later = 0) => (request) =>
  Object.assign(request, signed(paid("1001"), secrets, Date.now() + later));
/** Beyond the limit: what lies ahead comes nearer while a busy machine gets to it. */
const [AGO_MS, AHEAD_MS] = [5, 60].map((seconds) => (LIMIT_S + seconds) * 1000);

const FORGERIES = [
  ["a signature by another secret", instead([FOREIGN_SECRET])],
  ["no signature", without("webhook-signature")],
  ["no id", without("webhook-id")],
  ["no timestamp", without("webhook-timestamp")],
  ["another id", header("webhook-id", "evt_another")],
  ["a later timestamp than was signed", header("webhook-timestamp", (seconds) => `${Number(seconds) + 2}`)],
  ["a timestamp that is no number", header("webhook-timestamp", "soon")],
  ["a signature without its version", header("webhook-signature", (right) => right.slice(3))],
  ["a signature of another version", header("webhook-signature", (right) => right.replace("v1,", "v2,"))],
  ["a signature that is no base64", header("webhook-signature", "v1,%%%")],
  ["an event of more than five minutes ago", instead([SECRET], -AGO_MS)],
  ["an event of more than five minutes from now", instead([SECRET], AHEAD_MS)],
  ["an altered body", (request) => (request.body = request.body.replace('"1001"', '"1002"'))],
  ["the same JSON written anew", (request) => (request.body = JSON.stringify(JSON.parse(request.body), null, 1))],
  ["a body that is not UTF-8", (request) => (request.body = Buffer.from(`${request.body}\xff`, "latin1"))],
  ["no body", (request) => (request.body = "")],
];

describe("the examples that receive events", { concurrency: 2 }, () => {
  before(() => prepareAll(RECEIVERS));
  for (const program of RECEIVERS) {
    describe(program.name, { skip: whySkip(program.needs), concurrency: true }, () => {
      /** A receiver for one test, with two orders that wait for their payment. */
      const receiverFor = async (test, secrets = SECRET, options = {}) => {
        const receiver = await startReceiver(program, secrets, options);
        test.after(receiver.stop);
        await receiver.add("1001");
        await receiver.add("1002");
        return receiver;
      };
      const UNTOUCHED = ["order 1001: open", "order 1002: open"];
      const PAID = ["order 1001: paid", "order 1002: open"];
      const take = async (receiver, ...events) => {
        for (const each of events) assert.ok(isTaken(await post(receiver, signed(each))), JSON.stringify(each));
      };
      const shown = (each, order, why) => `needs review: order ${order}, payment ${oid(each)}: ${why}`;

      for (const [what, events, orders, ...reviews] of [
        ["marks the order of a payment as paid, and no other one", [paid("1001")], PAID],
        [
          "shows a payment to be reviewed with its reasons, and leaves the order open",
          [review("1001", "too_little", "other_currency"), review(undefined, "unknown_link")],
          UNTOUCHED,
          ["1001", "too_little other_currency"],
          ["unknown", "unknown_link"],
        ],
        [
          "shows a payment that no open order waits for",
          [paid("1001"), paid("1001"), paid("9999"), paid()],
          PAID,
          undefined,
          ["1001", "no_open_order"],
          ["9999", "no_open_order"],
          ["unknown", "no_open_order"],
        ],
        [
          "shows reasons of a later relay as they come",
          [review("1001", "unreadable", "deleted", "changed", "later")],
          UNTOUCHED,
          ["1001", "unreadable deleted changed later"],
        ],
        [
          "still takes the payment of an order of which another payment is under review",
          [review("1001", "not_success"), paid("1001")],
          PAID,
          ["1001", "not_success"],
        ],
        ["takes an event of a type that it does not know, and does nothing", [event("link.later", "1001")], UNTOUCHED],
      ]) {
        it(what, async (test) => {
          const receiver = await receiverFor(test);
          await take(receiver, ...events);
          const lines = reviews.flatMap((each, at) => (each ? [shown(events[at], ...each)] : []));
          assert.deepEqual(await receiver.list(), [...orders, ...lines]);
        });
      }

      it("takes an event that comes again, and does nothing more", async (test) => {
        const receiver = await receiverFor(test);
        const [once, twice] = [paid("1001"), review("1002", "too_little")];
        await take(receiver, once, twice, once, twice);
        // The same id at another second, as the relay signs a retry.
        assert.ok(isTaken(await post(receiver, signed(once, [SECRET], Date.now() - 60_000))));
        assert.deepEqual(await receiver.list(), [...PAID, shown(twice, "1002", "too_little")]);
      });

      it("has one effect of an event that comes many times at once", async (test) => {
        const { urls, list } = await receiverFor(test, SECRET, { processes: 2 });
        const [one, other] = [paid("1001"), review("1002", "test_payment")];
        const six = [one, other, one, other, one, other];
        const requests = six.flatMap((each) => urls.map((url) => post({ urls: [url] }, signed(each))));
        assert.ok((await Promise.all(requests)).every(isTaken));
        assert.deepEqual(await list(), [...PAID, shown(other, "1002", "test_payment")]);
      });

      it("shows a payment of a link over another total than the order's, and leaves the order open", async (test) => {
        const receiver = await receiverFor(test);
        await receiver.add("1003", "5000", "EUR");
        const ofOne = [paidLink("1001", 157999, "TL"), paidLink("1001", 158001, "TL"), paidLink("1001", 158000, "EUR")];
        const others = [...ofOne, paidLink("1003", 5000, "TL")];
        await take(receiver, ...others);
        const reviews = others.map((each) => shown(each, each.event.data.reference, "other_total"));
        assert.deepEqual(await receiver.list(), [...UNTOUCHED, "order 1003: open", ...reviews]);
        await take(receiver, paid("1001"), paidLink("1003", 5000, "EUR"));
        assert.deepEqual(await receiver.list(), [...PAID, "order 1003: paid", ...reviews]);
      });

      it("takes an order's TRY for PayTR's TL", async (test) => {
        const receiver = await receiverFor(test);
        await receiver.add("1003", "158000", "TRY");
        await take(receiver, paid("1003"));
        assert.deepEqual(await receiver.list(), [...UNTOUCHED, "order 1003: paid"]);
      });

      it("takes events at any path", async (test) => {
        const receiver = await receiverFor(test);
        const urls = [new URL("/paytr-events", receiver.urls[0]).href];
        assert.ok(isTaken(await post({ urls }, signed(paid("1001")))));
        assert.deepEqual(await receiver.list(), PAID);
      });

      it("reads a body that comes in chunks, and none that is too long", async (test) => {
        const receiver = await receiverFor(test);
        assert.ok(isTaken(await postInChunks(receiver, signed(paid("1001")))));
        const long = paid("1002");
        long.event.data.padding = "x".repeat(MAX_BODY_BYTES);
        assert.equal(await postInChunks(receiver, signed(long)).catch(() => 413), 413);
        assert.deepEqual(await receiver.list(), PAID);
      });

      for (const [what, head] of [
        ["less than nothing", ["content-length: -1"]],
        ["no number", ["content-length: many"]],
        ["of 5,000 digits", [`content-length: ${"9".repeat(5000)}`]],
        ["never said", []],
        ["said by chunks without an end", ["transfer-encoding: chunked"]],
        // PHP's own server takes any chunk before the program sees it.
        ...(program.name === "receive.php" ? [] : [["said by a chunk that is too long", ["transfer-encoding: chunked", "", "ffffffff"]]]),
      ]) {
        it(`does not read a body whose length is ${what}, and takes the next event`, async (test) => {
          const receiver = await receiverFor(test);
          const { line, taken } = await postWithoutEnd(receiver, head, 64);
          assert.match(line, /^(HTTP\/1\.[01] 4\d\d .*)?$/);
          assert.ok(taken < 32, `${taken} MB were taken`);
          await take(receiver, paid("1001"));
        });
      }

      it("refuses what the relay did not sign, and stores nothing", async (test) => {
        const receiver = await receiverFor(test);
        for (const [what, forge] of FORGERIES) {
          const request = signed(paid("1001"));
          forge(request);
          assert.equal(await post(receiver, request), 401, what);
        }
        assert.deepEqual(await receiver.list(), UNTOUCHED);
      });

      it("does not let a refused event stand in the way of the true one", async (test) => {
        const receiver = await receiverFor(test);
        const one = paid("1001");
        assert.equal(await post(receiver, signed(one, [FOREIGN_SECRET])), 401);
        await take(receiver, one);
        assert.deepEqual(await receiver.list(), PAID);
      });

      it("takes what is signed with the old or the new secret, or both, while they are rotated", async (test) => {
        const receiver = await receiverFor(test, `${LONG_SECRET} ${SECRET}`);
        for (const secrets of [[SECRET], [LONG_SECRET], [FOREIGN_SECRET, SECRET], [LONG_SECRET, FOREIGN_SECRET]]) {
          assert.ok(isTaken(await post(receiver, signed(paid("1001"), secrets))));
        }
        assert.equal(await post(receiver, signed(paid("1002"), [FOREIGN_SECRET])), 401);
        assert.equal((await receiver.list())[1], "order 1002: open");
      });

      it("answers 500 while it cannot store, and takes the event when it comes again", async (test) => {
        const receiver = await startReceiver(program, SECRET, { database: "not-mounted/shop.sqlite" });
        test.after(receiver.stop);
        const one = paid("1001");
        assert.equal(await post(receiver, signed(one)), 500);
        await mkdir(join(receiver.directory, "not-mounted"));
        await receiver.add("1001");
        await take(receiver, one);
        assert.deepEqual(await receiver.list(), ["order 1001: paid"]);
      });

      it("forgets an event whose order could not be changed, so that nothing is lost", async (test) => {
        const receiver = await receiverFor(test);
        const one = paid("1001");
        await receiver.sql(BREAK);
        assert.equal(await post(receiver, signed(one)), 500);
        assert.deepEqual(await receiver.list(), UNTOUCHED);
        await receiver.sql("DROP TRIGGER broken");
        await take(receiver, one);
        assert.deepEqual(await receiver.list(), PAID);
      });

      it("takes POST alone", async (test) => {
        const receiver = await receiverFor(test);
        assert.equal((await fetch(receiver.urls[0])).status, 405);
      });

      it("refuses a body that is longer than any event, or hangs up", async (test) => {
        const receiver = await receiverFor(test);
        const long = { ...paid("1001"), id: "evt_long" };
        long.event.data.padding = "x".repeat(MAX_BODY_BYTES);
        assert.equal(await post(receiver, signed(long)).catch(() => 413), 413);
        assert.deepEqual(await receiver.list(), UNTOUCHED);
      });

      it("writes no body, signature or secret into its log", async (test) => {
        const receiver = await receiverFor(test);
        const request = signed(paid("1001"));
        await receiver.sql(BREAK);
        await post(receiver, request);
        await post(receiver, signed(paid("1002"), [FOREIGN_SECRET]));
        for (const line of [/Event not stored: .*broken/, /Event refused: EVENTS_SECRET does not sign it, or not now\./]) {
          // What a program writes can come later than its answer.
          for (let looked = 0; looked < 100 && !line.test(receiver.output()); looked += 1) await sleep(20);
          assert.match(receiver.output(), line);
        }
        assert.doesNotMatch(receiver.output(), /whsec_|v1,|merchant_oid|oid\d|callback_id/);
      });

      describe("told by a relay", () => {
        const keep = endings();
        let receiver;
        const place = withRelays(async () => {
          receiver = await keep(startReceiver(program, EVENTS_SECRET));
          return { shop: { EVENTS_URL: new URL("/paytr-events", receiver.urls[0]).href } };
        });

        it("marks an order paid by a link over its total, and shows one that was paid over another", async () => {
          await receiver.add("1001", "158000");
          await receiver.add("1002", "160000");
          await receiver.add("1003", "5000", "EUR");
          await receiver.add("1004", "5000", "USD");
          const pay = async (reference, price, more) => {
            const order = { name: `Order ${reference}`, price, reference, ...more };
            const { link } = await createLink(order, { url: place.urls.shop, secret: SECRET });
            await place.sandbox.pay(link.id);
          };
          await pay("1001", 158_000);
          await pay("1003", 5000, { currency: "EUR" });
          // The second order had another amount when its link was made, and the fourth another currency.
          await pay("1002", 158_000);
          await pay("1004", 5000);
          const expected = [
            "needs review: order 1002, payment …: other_total", "needs review: order 1004, payment …: other_total",
            "order 1001: paid", "order 1002: open", "order 1003: paid", "order 1004: open",
          ];
          const list = async () => (await receiver.list()).map((line) => line.replace(/payment \S+:/, "payment …:")).sort();
          await until(list, (seen) => seen.join() === expected.join());
        });
      });
    });
  }
});

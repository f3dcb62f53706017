// The examples that send from a shop's back end, as programs, against the built Worker and the sandbox.
//
// In scope: what a shop sees of them, the same for every language, and that the same command goes on once what was wrong is
// mended. Not in scope: the shop with a page (checkout.test.mjs, tests/browser), and answers that a real relay gives only when
// PayTR is in trouble (create.test.mjs).
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { withRelays } from "../api/support/place.mjs";
import { call } from "../support/call.mjs";
import { startFlakyProxy } from "../support/flaky-proxy.mjs";
import * as people from "../support/people.mjs";
import { REFUSAL, startRefusingPaytr } from "../support/refusing-paytr.mjs";
import { startRelays } from "../support/relay.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { PROGRAMS, prepareAll } from "./programs.mjs";

const place = withRelays({
  free: {},
  patient: { PAYTR_TIMEOUT_MS: "10000" },
  long: { WEBHOOK_SECRETS: LONG_SECRET },
  wrong: { SEND_LIMITS: "none" },
  once: { SEND_LIMITS: '[{"count": 1, "seconds": 3600}]' },
});
let orders = 0;
const newOrder = () => `${1000 + (orders += 1)}`;
const sentTo = (recipient) => place.sandbox.outbox.to(recipient);
before(() => prepareAll(PROGRAMS));

const GO_ON = "Once the cause is mended, ask again for this order: its next id is taken by itself.";
const SENT = /^Sent \((msg_[A-Za-z0-9_-]{20,})\)\.\n$/;

describe("the examples for back ends", { concurrency: true }, () => {
  for (const { name, needs, command } of PROGRAMS) {
    describe(name, { skip: whySkip(needs), concurrency: 3 }, () => {
      const send = (args, env) => call(command, args, { RELAY_URL: place.urls.free, WEBHOOK_SECRET: SECRET, ...env });
      const create = (options, order = newOrder(), env = {}) =>
        send(["create", `Order ${order}`, "158000", "--reference", order, ...options], env);

      it("sends one SMS", async () => {
        const to = people.phone();
        const { status, out, err } = await send(["sms", "NB2Zlz3", to]);
        assert.deepEqual([status, err], [0, ""]);
        assert.match(out, SENT);
        const messages = (await sentTo(to)).map(({ channel, link_id, delivered }) => [channel, link_id, delivered]);
        assert.deepEqual(messages, [["sms", "NB2Zlz3", true]]);
      });

      it("sends one e-mail to an address with characters that need quoting", async () => {
        const to = people.email();
        const { status, out } = await send(["email", "NB2Zlz3", to]);
        assert.equal(status, 0);
        assert.match(out, SENT);
        const messages = await sentTo(to);
        assert.deepEqual(messages.map(({ channel, delivered }) => [channel, delivered]), [["email", true]]);
      });

      for (const [what, env] of [
        ["the longest secret there may be", () => ({ RELAY_URL: place.urls.long, WEBHOOK_SECRET: LONG_SECRET })],
        ...["/", "/webhook", "/webhook/"].map((end) => [
          `an address of a relay that ends in ${end}`,
          () => ({ RELAY_URL: place.urls.free + end }),
        ]),
      ]) {
        it(`takes ${what}`, async () => {
          const to = people.phone();
          const { status, err } = await send(["sms", "NB2Zlz3", to], env());
          assert.deepEqual([status, err, (await sentTo(to)).length], [0, "", 1]);
        });
      }

      it("gives every message an id of its own", async () => {
        const ids = [];
        for (const to of [people.phone(), people.phone()]) ids.push((await send(["sms", "NB2Zlz3", to])).out.match(SENT)?.[1]);
        assert.ok(ids.every(Boolean), String(ids));
        assert.notEqual(ids[0], ids[1]);
      });

      const settings = /SEND_LIMITS must be a JSON list of limits, such as \[\{"count": 1, "seconds": 60\}\]\./;
      const wrong = () => ({ RELAY_URL: place.urls.wrong });
      for (const [what, detail, { link = "NB2Zlz3", to = people.phone(), env } = {}] of [
        ["a number that is none", /Change the fields listed under errors\./, { to: "12345" }],
        ["a link id with a quote in it", /Change the fields listed under errors\./, { link: 'a"b\\' }],
        ["a secret that is not known", /do not sign this body/, { env: () => ({ WEBHOOK_SECRET: FOREIGN_SECRET }) }],
        ["PayTR's no", /^PayTR did not send the link[^\n]*\nPayTR's words: \S[^\n]*\n$/, { link: "sandbox-failed" }],
        ["a settings mistake of the relay", settings, { env: wrong }],
      ]) {
        it(`ends with the relay's detail on ${what}, and nothing was delivered`, async () => {
          const { status, out, err } = await send(["sms", link, to], env?.());
          assert.deepEqual([status, out], [1, ""]);
          assert.match(err, detail);
          assert.doesNotMatch(err, /whsec_/);
          assert.deepEqual((await sentTo(to)).filter(({ delivered }) => delivered), []);
        });
      }

      it("asks PayTR once and says that nobody knows when PayTR does not answer", async () => {
        const to = people.phone();
        const { status, out, err } = await send(["sms", "sandbox-closed", to]);
        assert.deepEqual([status, out, (await sentTo(to)).length], [1, "", 1]);
        assert.match(err, /may or may not have gone out/);
      });

      it("does not wait for a recipient who has had enough", async () => {
        const to = people.phone();
        const env = { RELAY_URL: place.urls.once };
        assert.equal((await send(["sms", "NB2Zlz3", to], env)).status, 0);
        const { status, err } = await send(["sms", "NB2Zlz3", to], env);
        assert.deepEqual([status, (await sentTo(to)).length], [1, 1]);
        assert.match(err, /This recipient has had as many messages/);
      });

      for (const [what, lost, statuses, relay = "free", link = "NB2Zlz3"] of [
        ["a request is lost", "request", [undefined, 200]],
        ["an answer is lost", "answer", [200, 200]],
        ["an answer is cut off half-way", "half", [200, 200]],
        ["an answer in chunks is cut off half-way", "half a chunk", [200, 200]],
        ["the relay is still sending", "patience", [200, 409, 200], "patient", "sandbox-slow"],
      ]) {
        it(`asks again with the same id and a fresh timestamp when ${what}, and PayTR is asked once`, async (test) => {
          const proxy = await startFlakyProxy(place.urls[relay], (n) => n === 1 && lost);
          test.after(proxy.stop);
          const to = people.phone();
          const { status, out, err } = await send(["sms", link, to], { RELAY_URL: proxy.url });
          assert.deepEqual([status, err], [0, ""]);
          assert.deepEqual(proxy.seen.map((request) => request.status), statuses);
          assert.deepEqual(new Set(proxy.seen.map(({ id }) => id)), new Set([out.match(SENT)?.[1]]));
          assert.equal(new Set(proxy.seen.map(({ timestamp }) => timestamp)).size, statuses.length);
          assert.equal((await sentTo(to)).length, 1);
        });
      }

      it("asks again when a refusal is cut off half-way, and ends with the relay's detail", async (test) => {
        const proxy = await startFlakyProxy(place.urls.free, (n) => n === 1 && "half");
        test.after(proxy.stop);
        const { status, out, err } = await send(["sms", "NB2Zlz3", "12345"], { RELAY_URL: proxy.url });
        assert.deepEqual([status, out], [1, ""]);
        assert.deepEqual(proxy.seen.map((request) => request.status), [422, 422]);
        assert.match(err, /^Nothing was sent\. Change the fields listed under errors\. \/data\/cell_phone .+\.\n$/);
      });

      it("gives up after five tries, naming the id to ask again with", async (test) => {
        const proxy = await startFlakyProxy(place.urls.free, () => "request");
        test.after(proxy.stop);
        const { status, out, err } = await send(["sms", "NB2Zlz3", people.phone()], { RELAY_URL: proxy.url });
        assert.deepEqual([status, out], [1, ""]);
        assert.equal(proxy.seen.length, 5);
        assert.ok(err.includes(proxy.seen[0].id), err);
      });

      it("does not take another server's friendly page for a success", async () => {
        const { status, out, err } = await send(["sms", "NB2Zlz3", people.phone()], { RELAY_URL: place.sandbox.url });
        assert.deepEqual([status, out], [1, ""]);
        assert.match(err, /HTTP \d{3}/);
      });

      it("prints PayTR's words, and goes on by the same command once their cause is mended", async (test) => {
        const paytr = await startRefusingPaytr(place.sandbox.url);
        test.after(paytr.stop);
        const ownRelay = await startRelays(paytr.url, { own: {} });
        test.after(ownRelay.stop);
        const to = people.phone();
        const order = newOrder();
        const same = () => create(["--cell-phone", to], order, { RELAY_URL: ownRelay.urls.own });
        for (const asked of [1, 2]) {
          const { status, out, err } = await same();
          assert.deepEqual([status, out], [1, ""]);
          const [detail, ...lines] = err.split("\n");
          assert.match(detail, /^PayTR did not create the link/);
          assert.deepEqual(lines, [`PayTR's words: ${REFUSAL}`, GO_ON, ""]);
          assert.equal(paytr.asked(), asked);
        }
        paytr.mend();
        const mended = await same();
        assert.deepEqual([mended.status, mended.err], [0, ""]);
        assert.match(mended.out, /^Created \(order_[0-9a-f]{32}_3\)\.\nid: /);
        const again = await same();
        assert.deepEqual([again.status, again.err], [0, ""]);
        const [first, ...rest] = again.out.split("\n");
        assert.match(first, /^Created earlier \(order_[0-9a-f]{32}_3\); a second link on purpose takes another --reference\.$/);
        assert.deepEqual(rest, mended.out.split("\n").slice(1));
        assert.equal((await sentTo(to)).length, 1);
      });

      for (const [what, number] of [["is a land line", "0212 555 66 77"], ["is foreign", "+49 170 1234567"], ["is empty", ""]]) {
        it(`sends by e-mail alone when the number ${what}`, async () => {
          const to = people.email();
          const { status, out, err } = await create(["--cell-phone", number, "--email", to]);
          assert.deepEqual([status, err], [number ? 1 : 0, ""]);
          assert.match(out, number ? /^link\.send_email: sent\nleft out: \/data\/send\/cell_phone [^\n]+\.\n$/m : /^link\.send_email: sent\n$/m);
          assert.deepEqual((await sentTo(to)).map(({ channel }) => channel), ["email"]);
        });
      }

      it("sends by SMS alone when the address has a Turkish letter, and makes the link when neither is one", async () => {
        const to = people.phone();
        const one = await create(["--cell-phone", to, "--email", "ayşe@example.com"]);
        assert.deepEqual([one.status, one.err], [1, ""]);
        assert.match(one.out, /^link\.send_sms: sent\nleft out: \/data\/send\/email [^\n]+\.\n$/m);
        assert.equal((await sentTo(to)).length, 1);
        const none = await create(["--cell-phone", "0212 555 66 77", "--email", "ayşe@example.com"]);
        assert.match(none.out, /^url: \S+\n(callback_id: \S+\n)?left out: \/data\/send\/cell_phone [^\n]+\.\nleft out: \/data\/send\/email [^\n]+\.\n$/m);
      });

      it("says how it is called when it is called wrongly", async () => {
        const { status, out, err } = await send(["sms"]);
        assert.notEqual(status, 0);
        assert.equal(out, "");
        assert.match(err, /usage: /);
      });
    });
  }
});

// The examples that send from a shop's back end, as programs, against the built Worker and the sandbox.
//
// In scope: what a shop sees of them, the same for every language. Not in scope: the shop with a page (checkout.test.mjs,
// tests/browser).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { call } from "../support/call.mjs";
import { startFlakyProxy } from "../support/flaky-proxy.mjs";
import * as people from "../support/people.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { FOREIGN_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { PROGRAMS } from "./programs.mjs";

let sandbox;
let relays;
before(async () => {
  for (const { needs, prepare } of PROGRAMS) if (!whySkip(needs)) await prepare?.();
  sandbox = await startSandbox();
  relays = await startRelays(sandbox.url, {
    free: {},
    patient: { PAYTR_TIMEOUT_MS: "10000" },
    long: { WEBHOOK_SECRETS: LONG_SECRET },
    wrong: { SEND_LIMITS: "none" },
    once: { SEND_LIMITS: '[{"count": 1, "seconds": 3600}]' },
  });
});
after(async () => {
  await relays?.stop();
  await sandbox?.stop();
});

const SENT = /^Sent \((msg_[A-Za-z0-9_-]{20,})\)\.\n$/;

describe("the examples for back ends", { concurrency: true }, () => {
  for (const { name, needs, command } of PROGRAMS) {
    describe(name, { skip: whySkip(needs), concurrency: 3 }, () => {
      const send = (args, env) => call(command, args, { RELAY_URL: relays.urls.free, WEBHOOK_SECRET: SECRET, ...env });

      it("sends one SMS", async () => {
        const to = people.phone();
        const { status, out, err } = await send(["sms", "NB2Zlz3", to]);
        assert.deepEqual([status, err], [0, ""]);
        assert.match(out, SENT);
        const messages = await sandbox.outbox.to(to);
        assert.deepEqual(messages.map(({ channel, link_id, delivered }) => ({ channel, link_id, delivered })), [
          { channel: "sms", link_id: "NB2Zlz3", delivered: true },
        ]);
      });

      it("sends one e-mail to an address with characters that need quoting", async () => {
        const to = people.email();
        const { status, out } = await send(["email", "NB2Zlz3", to]);
        assert.equal(status, 0);
        assert.match(out, SENT);
        const messages = await sandbox.outbox.to(to);
        assert.deepEqual(messages.map(({ channel, delivered }) => [channel, delivered]), [["email", true]]);
      });

      it("takes the longest secret there may be", async () => {
        const to = people.phone();
        const env = { RELAY_URL: relays.urls.long, WEBHOOK_SECRET: LONG_SECRET };
        const { status, err } = await send(["sms", "NB2Zlz3", to], env);
        assert.deepEqual([status, err], [0, ""]);
        assert.equal((await sandbox.outbox.to(to)).length, 1);
      });

      for (const end of ["/", "/webhook", "/webhook/"]) {
        it(`takes an address of a relay that ends in ${end}`, async () => {
          const to = people.phone();
          const { status, err } = await send(["sms", "NB2Zlz3", to], { RELAY_URL: relays.urls.free + end });
          assert.deepEqual([status, err], [0, ""]);
          assert.equal((await sandbox.outbox.to(to)).length, 1);
        });
      }

      it("gives every message an id of its own", async () => {
        const ids = [];
        for (const to of [people.phone(), people.phone()]) ids.push((await send(["sms", "NB2Zlz3", to])).out.match(SENT)?.[1]);
        assert.ok(ids.every(Boolean), String(ids));
        assert.notEqual(ids[0], ids[1]);
      });

      const refusals = [
        { what: "a number that is none", args: () => ["sms", "NB2Zlz3", "12345"], detail: "Change the fields listed under errors." },
        { what: "a link id with a quote in it", args: () => ["sms", 'a"b\\', people.phone()], detail: "Change the fields listed under errors." },
        { what: "a secret that the relay does not know", args: () => ["sms", "NB2Zlz3", people.phone()], env: () => ({ WEBHOOK_SECRET: FOREIGN_SECRET }), detail: "do not sign this body" },
        { what: "PayTR's no", args: () => ["sms", "sandbox-failed", people.phone()], detail: "PayTR did not send the link" },
        { what: "a settings mistake of the relay", args: () => ["sms", "NB2Zlz3", people.phone()], env: () => ({ RELAY_URL: relays.urls.wrong }), detail: "SEND_LIMITS must be a JSON list of limits, such as [{\"count\": 1, \"seconds\": 60}]." },
      ];
      for (const { what, args, env, detail } of refusals) {
        it(`ends with the relay's detail on ${what}, and nothing was delivered`, async () => {
          const [channel, link, to] = args();
          const { status, out, err } = await send([channel, link, to], env?.());
          assert.equal(status, 1);
          assert.equal(out, "");
          assert.ok(err.includes(detail), err);
          assert.doesNotMatch(err, /whsec_/);
          const messages = await sandbox.outbox.to(to);
          assert.deepEqual(messages.filter(({ delivered }) => delivered), []);
        });
      }

      it("asks PayTR once and says that nobody knows when PayTR does not answer", async () => {
        const to = people.phone();
        const { status, out, err } = await send(["sms", "sandbox-closed", to]);
        assert.equal(status, 1);
        assert.equal(out, "");
        assert.match(err, /may or may not have gone out/);
        assert.equal((await sandbox.outbox.to(to)).length, 1);
      });

      it("does not wait for a recipient who has had enough", async () => {
        const to = people.phone();
        const env = { RELAY_URL: relays.urls.once };
        assert.equal((await send(["sms", "NB2Zlz3", to], env)).status, 0);
        const { status, err } = await send(["sms", "NB2Zlz3", to], env);
        assert.equal(status, 1);
        assert.match(err, /This recipient has had as many messages/);
        assert.equal((await sandbox.outbox.to(to)).length, 1);
      });

      const losses = [
        { what: "a request is lost", lose: (n) => n === 1 && "request", statuses: [undefined, 200] },
        { what: "an answer is lost", lose: (n) => n === 1 && "answer", statuses: [200, 200] },
        { what: "an answer is cut off half-way", lose: (n) => n === 1 && "half", statuses: [200, 200] },
        { what: "an answer in chunks is cut off half-way", lose: (n) => n === 1 && "half a chunk", statuses: [200, 200] },
        { what: "the relay is still sending", relay: "patient", link: "sandbox-slow", lose: (n) => n === 1 && "patience", statuses: [200, 409, 200] },
      ];
      for (const { what, relay = "free", link = "NB2Zlz3", lose, statuses } of losses) {
        it(`asks again with the same id and a fresh timestamp when ${what}, and PayTR is asked once`, async (test) => {
          const proxy = await startFlakyProxy(relays.urls[relay], lose);
          test.after(proxy.stop);
          const to = people.phone();
          const { status, out, err } = await send(["sms", link, to], { RELAY_URL: proxy.url });
          assert.deepEqual([status, err], [0, ""]);
          assert.deepEqual(proxy.seen.map((request) => request.status), statuses);
          assert.deepEqual(new Set(proxy.seen.map(({ id }) => id)), new Set([out.match(SENT)?.[1]]));
          assert.equal(new Set(proxy.seen.map(({ timestamp }) => timestamp)).size, statuses.length);
          assert.equal((await sandbox.outbox.to(to)).length, 1);
        });
      }

      it("asks again when a refusal is cut off half-way, and ends with the relay's detail", async (test) => {
        const proxy = await startFlakyProxy(relays.urls.free, (n) => n === 1 && "half");
        test.after(proxy.stop);
        const { status, out, err } = await send(["sms", "NB2Zlz3", "12345"], { RELAY_URL: proxy.url });
        assert.deepEqual([status, out], [1, ""]);
        assert.deepEqual(proxy.seen.map((request) => request.status), [422, 422]);
        assert.match(err, /^Nothing was sent\. Change the fields listed under errors\. \/data\/cell_phone .+\.\n$/);
      });

      it("gives up after five tries, naming the id to ask again with", async (test) => {
        const proxy = await startFlakyProxy(relays.urls.free, () => "request");
        test.after(proxy.stop);
        const { status, out, err } = await send(["sms", "NB2Zlz3", people.phone()], { RELAY_URL: proxy.url });
        assert.deepEqual([status, out], [1, ""]);
        assert.equal(proxy.seen.length, 5);
        assert.ok(err.includes(proxy.seen[0].id), err);
      });

      it("does not take another server's friendly page for a success", async (test) => {
        const proxy = await startFlakyProxy(sandbox.url, () => undefined);
        test.after(proxy.stop);
        const { status, out, err } = await send(["sms", "NB2Zlz3", people.phone()], { RELAY_URL: proxy.url });
        assert.deepEqual([status, out], [1, ""]);
        assert.match(err, /HTTP \d{3}/);
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

// The examples that create links, as programs, where something is wrong at first: against the built Worker and the sandbox.
//
// In scope: that the same command goes on once it can, and what it says until then. Not in scope: answers that a real relay
// gives only when PayTR is in trouble (create.test.mjs).
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { withRelays } from "../api/support/place.mjs";
import { call } from "../support/call.mjs";
import * as people from "../support/people.mjs";
import { REFUSAL, startRefusingPaytr } from "../support/refusing-paytr.mjs";
import { startRelays } from "../support/relay.mjs";
import { SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { PROGRAMS, prepareAll } from "./programs.mjs";

const GO_ON = "Once the cause is mended, ask again for this order: its next id is taken by itself.";

describe("the examples that create links, where something is wrong at first", { concurrency: true }, () => {
  const place = withRelays({ free: {} });
  before(() => prepareAll(PROGRAMS));

  let orders = 0;
  const newOrder = () => `${1000 + (orders += 1)}`;

  for (const { name, needs, command } of PROGRAMS) {
    describe(name, { skip: whySkip(needs), concurrency: true }, () => {
      const run = (args, url = place.urls.free) => call(command, args, { RELAY_URL: url, WEBHOOK_SECRET: SECRET });
      const create = (options, { order = newOrder(), url } = {}) =>
        run(["create", `Order ${order}`, "158000", "--reference", order, ...options], url);

      it("prints PayTR's words, and goes on by the same command once their cause is mended", async (test) => {
        const paytr = await startRefusingPaytr(place.sandbox.url);
        test.after(paytr.stop);
        const ownRelay = await startRelays(paytr.url, { own: {} });
        test.after(ownRelay.stop);
        const to = people.phone();
        const order = newOrder();
        const same = () => create(["--cell-phone", to], { order, url: ownRelay.urls.own });
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
        assert.equal((await place.sandbox.outbox.to(to)).length, 1);
      });

      it("prints PayTR's words on a send that it refuses", async () => {
        const { status, out, err } = await run(["sms", "sandbox-rejected", people.phone()]);
        assert.deepEqual([status, out], [1, ""]);
        assert.match(err, /^PayTR did not send the link[^\n]*\nPayTR's words: \S[^\n]*\n$/);
      });

      for (const [what, number] of [["is a land line", "0212 555 66 77"], ["is foreign", "+49 170 1234567"], ["is empty", ""]]) {
        it(`sends by e-mail alone when the number ${what}`, async () => {
          const to = people.email();
          const { status, out, err } = await create(["--cell-phone", number, "--email", to]);
          assert.deepEqual([status, err], [number ? 1 : 0, ""]);
          assert.match(out, number ? /^link\.send_email: sent\nleft out: \/data\/send\/cell_phone [^\n]+\.\n$/m : /^link\.send_email: sent\n$/m);
          assert.deepEqual((await place.sandbox.outbox.to(to)).map(({ channel }) => channel), ["email"]);
        });
      }

      it("sends by SMS alone when the address has a Turkish letter, and makes the link when neither is one", async () => {
        const to = people.phone();
        const one = await create(["--cell-phone", to, "--email", "ayşe@example.com"]);
        assert.deepEqual([one.status, one.err], [1, ""]);
        assert.match(one.out, /^link\.send_sms: sent\nleft out: \/data\/send\/email [^\n]+\.\n$/m);
        assert.equal((await place.sandbox.outbox.to(to)).length, 1);
        const none = await create(["--cell-phone", "0212 555 66 77", "--email", "ayşe@example.com"]);
        assert.match(none.out, /^url: \S+\n(callback_id: \S+\n)?left out: \/data\/send\/cell_phone [^\n]+\.\nleft out: \/data\/send\/email [^\n]+\.\n$/m);
      });
    });
  }
});

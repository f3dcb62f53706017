// The examples that create a link and send it in one call, as programs.
//
// In scope: what they ask for, when they ask again and under which id, and what they print: the same for every language.
// The relay's answers come from a script here. Not in scope: what the relay does with a message.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, describe, it } from "node:test";
import { Service } from "../../scripts/processes.mjs";
import { call } from "../support/call.mjs";
import { listen } from "../support/listen.mjs";
import { SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { PROGRAMS, prepareAll } from "./programs.mjs";
import { LINK, SMS, created, invalid, problem, refused, startScriptedRelay, unknown } from "./scripted-relay.mjs";

const EMAIL = { type: "link.send_email", outcome: "sent" };
const REASON = 'Gönderilemedi: "url":"https://example.com", {"type":"link.send_sms","outcome":"sent"}';
const NO_EMAIL = { ...EMAIL, outcome: "rejected", code: "paytr-rejected", paytr: { status: "error", reason: REASON } };
const LIMITED = { ...SMS, outcome: "limited", code: "recipient-limit", retry_after: 4200 };
const UNKNOWN_SMS = { ...SMS, outcome: "unknown", code: "outcome-unknown", resend_safe: false };

const REPLAYED = { "idempotency-replayed": "true" };
const replayed = (answer) => (id) => ({ ...answer(id), headers: REPLAYED });
const ODD_REASON = "Mağaza \\ aktif değil";
const GO_ON = "Once the cause is mended, ask again for this order: its next id is taken by itself.";
const REUSED = "This order was asked for with other data before. Ask with the same, or delete that link and take another reference, such as 1001-2.";
const PATIENCE_MS = 60_000;
const soon = { "retry-after": "1" };

const ORDER = ["create", "Order 1001", "158000", "--reference", "1001"];
const BOTH = [...ORDER, "--cell-phone", "05321234567", "--email", "musteri@example.com"];
const printed = (id, ...sends) =>
  [`Created (${id}).`, "id: NB2Zlz3", `url: ${LINK.url}`, `callback_id: ${LINK.callback_id}`, ...sends, ""].join("\n");

describe("the examples that create links", { concurrency: 3 }, () => {
  before(() => prepareAll(PROGRAMS));
  for (const { name, needs, command } of PROGRAMS) {
    describe(name, { skip: whySkip(needs), concurrency: true }, () => {
      const create = async (test, args, answers) => {
        const relay = await startScriptedRelay(test, answers);
        const said = await call(command, args, { RELAY_URL: relay.url, WEBHOOK_SECRET: SECRET });
        return { ...said, seen: relay.seen, ids: relay.seen.map(({ id }) => id) };
      };

      /** Asserts that a link is created at once, with these sends, and resolves with the data that were asked for. */
      const assertCreated = async (test, args, sends, link) => {
        const { status, out, err, seen, ids } = await create(test, args, [created(sends, link)]);
        assert.deepEqual([status, err], [0, ""]);
        const lines = printed(ids[0], ...(sends ?? []).map(({ type }) => `${type}: sent`));
        assert.equal(out, link ? lines.replace(/^callback_id: .*\n/m, "") : lines);
        assert.deepEqual(seen.map(({ path, message }) => [path, message.type]), [["/webhook", "link.create"]]);
        return seen[0].message.data;
      };

      const TITLE = 'Sipariş "ığüşöç İ" & 50 % \\ 🎁';
      const [EXPIRY, ODD, QUOTED] = ["2036-12-31 23:59:59", 'a "quote"', "o'ne+\"two\"@example.com"];
      const [cell_phone, email] = ["05321234567", "musteri@example.com"];
      const asked = { name: "Order 1001", price: 158000, reference: "1001" };
      const toBoth = { ...asked, send: { cell_phone, email } };
      const quoted = [...ORDER, "--email", QUOTED];
      for (const [what, args, sends, data] of [
        ["asks for a link and both sends in one message", BOTH, [SMS, EMAIL], toBoth],
        ["creates a link for nobody", ORDER, undefined, asked],
        ["creates a link for a number", BOTH.slice(0, -2), [SMS], { ...asked, send: { cell_phone } }],
        ["creates a link for an address", quoted, [EMAIL], { ...asked, send: { email: QUOTED } }],
        [
          "keeps Turkish letters, quotes and signs of a name",
          ["create", TITLE, "1", "--reference", "A/1.2#3"],
          undefined,
          { name: TITLE, price: 1, reference: "A/1.2#3" },
        ],
        [
          "says until when the link can be paid, as it was given",
          [...BOTH, "--expiry-date", EXPIRY],
          [SMS],
          { ...toBoth, expiry_date: EXPIRY },
        ],
        ["says so with quotes", [...ORDER, "--expiry-date", ODD], undefined, { ...asked, expiry_date: ODD }],
        [
          "sends to whom it can when a number is empty, and asks once",
          [...ORDER, "--cell-phone", "", "--email", email],
          [EMAIL],
          { ...asked, send: { email } },
        ],
      ]) {
        it(what, async (test) => assert.deepEqual(await assertCreated(test, args, sends), data));
      }

      it("prints no callback_id where the relay has none", (test) =>
        assertCreated(test, ORDER, undefined, { id: LINK.id, url: LINK.url }));

      it("names the message after the order, the same on every run, and within what the relay takes", async (test) => {
        const runs = await Promise.all([ORDER, BOTH, [...ORDER.slice(0, 4), "1.001"]].map((args) => create(test, args, [created()])));
        const [first, second, other] = runs.map(({ ids: [id] }) => id);
        assert.equal(first, second);
        assert.notEqual(first, other);
        assert.match(first, /^[!-~]{1,256}$/);
        assert.doesNotMatch(first, /[.,]/);
      });

      for (const [what, first, isSame] of [
        ["asks again with the same id after a lost connection", undefined, true],
        ["asks again with the same id after 409", problem(409, "in-progress", {}, soon), true],
        ["asks again with the same id after 429", problem(429, "recipient-limit", {}, soon), true],
        ["asks again with the same id after 503", problem(503, "ledger-unavailable", {}, soon), true],
        ["takes the order's next id where nobody knows whether there is a link", unknown(true), false],
      ]) {
        it(what, async (test) => {
          const { status, out, ids } = await create(test, BOTH, [first, created([SMS])]);
          assert.deepEqual([status, out], [0, printed(ids[1], "link.send_sms: sent")]);
          assert.deepEqual([ids.length, ids[0] === ids[1]], [2, isSame]);
        });
      }

      it("asks PayTR for three links at most in one run, and goes on after those on the next run", async (test) => {
        const first = await create(test, ORDER, [unknown(true)]);
        assert.deepEqual([first.status, first.out, first.err], [1, "", "What to do.\n"]);
        assert.equal(new Set(first.ids).size, 3);
        const earlier = first.ids.map(() => unknown(true, REPLAYED));
        const { status, ids } = await create(test, ORDER, [...earlier, created()]);
        assert.equal(status, 0);
        assert.deepEqual(ids.slice(0, 3), first.ids);
        assert.equal(new Set(ids).size, 4);
      });

      const errors = [
        { pointer: "/data/name", detail: "is too short" },
        { pointer: "/data/send/cell_phone", detail: "is a land line" },
      ];
      for (const [what, answer, says = "What to do.\n"] of [
        ["an unknown outcome that may do harm", unknown(false)],
        ["a setting that is wrong", problem(500, "misconfigured")],
        ["a signature that the relay does not take", problem(401, "invalid-signature")],
        ["an order that was asked for with other data", problem(422, "webhook-id-reused"), `What to do.\n${REUSED}\n`],
        ["a refusal of PayTR's", refused(REASON), `What to do.\nPayTR's words: ${REASON}\n${GO_ON}\n`],
        ["one with a backslash", refused(ODD_REASON), `What to do.\nPayTR's words: ${ODD_REASON}\n${GO_ON}\n`],
        ["one without words", problem(422, "paytr-rejected"), `What to do.\n${GO_ON}\n`],
        [
          "fields to change",
          problem(422, "invalid-field", { errors }),
          "What to do. /data/name is too short. /data/send/cell_phone is a land line.\n",
        ],
      ]) {
        it(`asks once and ends with the relay's detail on ${what}`, async (test) => {
          const { status, out, err, ids } = await create(test, BOTH, [answer]);
          assert.deepEqual([status, out, err, ids.length], [1, "", says, 1]);
        });
      }

      it("goes on under the order's next id where PayTR refused it on an earlier run", async (test) => {
        const earlier = [refused("one", REPLAYED), unknown(true, REPLAYED), refused("three", REPLAYED)];
        const { status, out, err, ids } = await create(test, BOTH, [...earlier, created([SMS])]);
        assert.deepEqual([status, err], [0, ""]);
        assert.equal(out, printed(ids[3], "link.send_sms: sent"));
        assert.equal(new Set(ids).size, 4);
        const again = await create(test, BOTH, [refused("one", REPLAYED), refused("two")]);
        assert.deepEqual([again.status, again.err], [1, `What to do.\nPayTR's words: two\n${GO_ON}\n`]);
        assert.deepEqual(again.ids, ids.slice(0, 2));
      });

      it("takes a refusal for this run's own if its first answer was lost, and does not ask PayTR again", async (test) => {
        const { status, err, ids } = await create(test, BOTH, [undefined, refused("now", REPLAYED)]);
        assert.deepEqual([status, err], [1, `What to do.\nPayTR's words: now\n${GO_ON}\n`]);
        assert.deepEqual(ids, [ids[0], ids[0]]);
      });

      it("says that a link was created by an earlier run, and how to get another one", async (test) => {
        const { status, out, ids } = await create(test, BOTH, [replayed(created([SMS]))]);
        assert.equal(status, 0);
        const first = `Created earlier (${ids[0]}); a second link on purpose takes another --reference.`;
        assert.equal(out, printed(ids[0], "link.send_sms: sent").replace(/^.*/, first));
      });

      for (const [what, args, refusals, sends, left] of [
        ["a number is none", BOTH, [["send/cell_phone"]], [EMAIL], { email }],
        ["an address is none", BOTH, [["send/email"]], [SMS], { cell_phone }],
        ["both are none", BOTH, [["send/cell_phone", "send/email"]], undefined, undefined],
        ["both are none, one after the other", BOTH, [["send/email"], ["send/cell_phone"]], undefined, undefined],
        ["the only one is none", BOTH.slice(0, -2), [["send/cell_phone"]], undefined, undefined],
      ]) {
        it(`creates the link under the same id for whom it can when ${what}, and says whom it left out`, async (test) => {
          const answers = [...refusals.map((fields) => invalid(...fields)), created(sends)];
          const { status, out, err, ids, seen } = await create(test, args, answers);
          assert.deepEqual([status, err], [1, ""]);
          const leftOut = refusals.flat().map((field) => `left out: /data/${field} is none.`);
          assert.equal(out, printed(ids[0], ...(sends ?? []).map(({ type }) => `${type}: sent`), ...leftOut));
          assert.deepEqual(seen.at(-1).message.data.send, left);
          assert.equal(new Set(ids).size, 1);
        });
      }

      it("does not ask for ever when what the relay refuses is not there", async (test) => {
        const { status, ids } = await create(test, ORDER, [invalid("send/cell_phone")]);
        assert.deepEqual([status, ids.length], [1, 1]);
      });

      it("prints the link and each send's outcome when not all was sent, asks for nothing anew, and ends with 1", async (test) => {
        const rejected = `link.send_email: rejected (paytr-rejected): ${REASON}`;
        for (const [sends, lines] of [
          [[SMS, NO_EMAIL], ["link.send_sms: sent", rejected]],
          [[NO_EMAIL, SMS], [rejected, "link.send_sms: sent"]],
          [[LIMITED], ["link.send_sms: limited (recipient-limit), ask again in 4200 s"]],
          [[UNKNOWN_SMS, NO_EMAIL], ["link.send_sms: unknown (outcome-unknown)", rejected]],
        ]) {
          const { status, out, ids } = await create(test, BOTH, [created(sends)]);
          assert.deepEqual([status, out, ids.length], [1, printed(ids[0], ...lines), 1]);
        }
      });

      it("asks again with the same id for what was limited, once its time has come", async (test) => {
        const limited = { ...LIMITED, retry_after: 1 };
        const answers = [created([limited, EMAIL]), replayed(created([SMS, EMAIL]))];
        const { status, out, err, ids } = await create(test, BOTH, answers);
        assert.deepEqual([status, err], [0, "The recipient has had a message not long ago; asking again in 1 s.\n"]);
        assert.equal(out, printed(ids[0], "link.send_sms: sent", "link.send_email: sent"));
        assert.deepEqual(ids, [ids[0], ids[0]]);
      });

      it("asks for what was limited once more and no oftener, and still says whom it left out", async (test) => {
        const limited = { ...LIMITED, retry_after: 1 };
        const answer = (id, { data: { send } }) => (send?.email ? invalid("send/email")() : created([limited])(id));
        const { status, out, ids } = await create(test, BOTH, [answer]);
        assert.equal(status, 1);
        assert.equal(out, printed(ids[0], "link.send_sms: limited (recipient-limit), ask again in 1 s", "left out: /data/send/email is none."));
      });

      it("says at once that nobody listens at the relay's address", async (test) => {
        const { url, stop } = await listen(createServer());
        stop();
        const [program, ...first] = command;
        const { PATH, HOME } = process.env;
        const env = { PATH, HOME, RELAY_URL: url, WEBHOOK_SECRET: SECRET };
        const service = new Service(name, program, [...first, ...ORDER], { env });
        test.after(() => service.stop("SIGKILL"));
        const line = await service.first((line) => line, PATIENCE_MS);
        assert.match(line, /^No answer from http:\S+ yet \(.*(connect|refused).*\); trying again\.$/i);
        assert.ok(line.includes(` ${url}/webhook `), line);
      });

      it("does not read an answer without an end", async (test) => {
        let sent = 0;
        const server = createServer((request, response) => {
          request.resume();
          response.writeHead(200, { "content-type": "text/plain" });
          const more = () => {
            while (!response.destroyed && response.write(" ".repeat(65_536))) sent += 65_536;
            sent += 65_536;
          };
          response.on("drain", more);
          more();
        });
        const { url, stop } = await listen(server);
        test.after(stop);
        const { status, out, err } = await call(command, ORDER, { RELAY_URL: url, WEBHOOK_SECRET: SECRET });
        assert.deepEqual([status, out], [1, ""]);
        assert.match(err, /^(HTTP 200|No final answer from the relay after several tries\. Asking again as \S+ is safe\.)\n$/);
        assert.ok(sent < 100 * 1_048_576, `${sent} bytes were taken`);
      });

      for (const [what, args] of [
        ["no order", ORDER.slice(0, 3)],
        ["no price", ["create", "Order 1001", "--reference", "1001"]],
        ["a price with a point", ["create", "Order 1001", "14.45", "--reference", "1001"]],
        ["an option that there is not", [...ORDER, "--phone", "05321234567"]],
        ["an option without its value", [...ORDER, "--email"]],
      ]) {
        it(`says how it is called when there is ${what}`, async (test) => {
          const { status, out, err, ids } = await create(test, args, [created()]);
          assert.deepEqual([status, out, ids], [2, "", []]);
          assert.match(err, /usage: /);
        });
      }
    });
  }
});

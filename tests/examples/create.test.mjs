// The examples that create a link and send it in one call, as programs.
//
// In scope: what they ask for, when they ask again and under which id, and what they print: the same for every language.
// The relay's answers come from a script here, because a real one says most of them only when PayTR is in trouble. Not in
// scope: what the relay does with a message.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { before, describe, it } from "node:test";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { Service } from "../../scripts/processes.mjs";
import { call } from "../support/call.mjs";
import { listen } from "../support/listen.mjs";
import { LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { PROGRAMS } from "./programs.mjs";

const CALLBACK_ID = "9f".repeat(16);
const LINK = { id: "NB2Zlz3", url: "https://www.paytr.com/link/NB2Zlz3", callback_id: CALLBACK_ID };
const SMS = { type: "link.send_sms", outcome: "sent" };
const REASON = 'Gönderilemedi: "url":"https://example.com", {"type":"link.send_sms","outcome":"sent"}';
const NO_EMAIL = { type: "link.send_email", outcome: "rejected", code: "paytr-rejected", paytr: { status: "error", reason: REASON } };
const LIMITED = { type: "link.send_sms", outcome: "limited", code: "recipient-limit", retry_after: 4200 };
const UNKNOWN_SMS = { type: "link.send_sms", outcome: "unknown", code: "outcome-unknown", resend_safe: false };

const created = (sends, link = LINK) => (id) => ({
  status: 200,
  json: { outcome: "created", webhook_id: id, reference: "1001", link, ...(sends && { sends }), paytr: { status: "success" } },
});
const problem = (status, code, more = {}, headers = {}) => () => ({
  status,
  headers,
  json: { status, title: "Trouble", code, detail: "What to do.", ...more },
});
const unknown = (resend_safe, headers) => problem(502, "outcome-unknown", { resend_safe }, headers);
const REPLAYED = { "idempotency-replayed": "true" };
const refused = (reason, headers) => problem(422, "paytr-rejected", { paytr: { status: "error", reason } }, headers);
const invalid = (...fields) => problem(422, "invalid-field", { errors: fields.map((field) => ({ pointer: `/data/${field}`, detail: "is none" })) });
const replayed = (answer) => (id) => ({ ...answer(id), headers: REPLAYED });
const GO_ON = "Once the cause is mended, ask again for this order: its next id is taken by itself.";
const REUSED = "This order was asked for with other data before. Ask with the same, or delete that link and take another reference, such as 1001-2.";
const PATIENCE_MS = 60_000;
const soon = { "retry-after": "1" };

/** Answers the n-th request with the n-th of `answers`, and the last one for ever; undefined hangs up. */
async function startRelay(test, answers) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    new Webhook(SECRET).verify(body, request.headers);
    const id = request.headers["webhook-id"];
    const message = JSON.parse(body);
    const answer = answers[Math.min(seen.length, answers.length - 1)]?.(id, message);
    seen.push({ id, path: request.url, message });
    if (!answer) return request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    return response.end(JSON.stringify(answer.json));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, seen };
}

const ORDER = ["create", "Order 1001", "158000", "--reference", "1001"];
const BOTH = [...ORDER, "--cell-phone", "05321234567", "--email", "musteri@example.com"];
const printed = (id, ...sends) =>
  [`Created (${id}).`, "id: NB2Zlz3", `url: ${LINK.url}`, `callback_id: ${CALLBACK_ID}`, ...sends, ""].join("\n");

describe("the examples that create links", { concurrency: 3 }, () => {
  before(async () => {
    for (const { needs, prepare } of PROGRAMS) if (!whySkip(needs)) await prepare?.();
  });
  for (const { name, needs, command } of PROGRAMS) {
    describe(name, { skip: whySkip(needs), concurrency: true }, () => {
      const create = async (test, args, answers) => {
        const relay = await startRelay(test, answers);
        const said = await call(command, args, { RELAY_URL: relay.url, WEBHOOK_SECRET: SECRET });
        return { ...said, seen: relay.seen, ids: relay.seen.map(({ id }) => id) };
      };

      it("asks for a link and both sends in one message, and prints what came of them", async (test) => {
        const email = { type: "link.send_email", outcome: "sent" };
        const { status, out, err, seen, ids } = await create(test, BOTH, [created([SMS, email])]);
        assert.deepEqual([status, err], [0, ""]);
        assert.equal(out, printed(ids[0], "link.send_sms: sent", "link.send_email: sent"));
        const send = { cell_phone: "05321234567", email: "musteri@example.com" };
        const data = { name: "Order 1001", price: 158000, reference: "1001", send };
        assert.deepEqual(seen.map(({ path, message }) => [path, message]), [["/webhook", { type: "link.create", data }]]);
      });

      const recipients = [
        ["nobody", [], undefined],
        ["a number", ["--cell-phone", "05321234567"], { cell_phone: "05321234567" }],
        ["an address", ["--email", "o'ne+\"two\"@example.com"], { email: "o'ne+\"two\"@example.com" }],
      ];
      for (const [who, options, send] of recipients) {
        it(`creates a link for ${who}`, async (test) => {
          const sends = send && [{ type: send.email ? "link.send_email" : "link.send_sms", outcome: "sent" }];
          const { status, out, err, seen, ids } = await create(test, [...ORDER, ...options], [created(sends)]);
          assert.deepEqual([status, err], [0, ""]);
          assert.equal(out, printed(ids[0], ...(sends ?? []).map(({ type }) => `${type}: sent`)));
          assert.deepEqual(seen[0].message.data.send, send);
        });
      }

      it("keeps Turkish letters, quotes and signs of a name", async (test) => {
        const title = 'Sipariş "ığüşöç İ" & 50 % \\ 🎁';
        const { status, seen } = await create(test, ["create", title, "1", "--reference", "A/1.2#3"], [created()]);
        assert.equal(status, 0);
        assert.deepEqual(seen[0].message.data, { name: title, price: 1, reference: "A/1.2#3" });
      });

      it("says until when the link can be paid, as it was given", async (test) => {
        const [expiry, odd] = ["2036-12-31 23:59:59", 'a "quote"'];
        const { status, err, seen } = await create(test, [...BOTH, "--expiry-date", expiry], [created([SMS])]);
        assert.deepEqual([status, err], [0, ""]);
        const send = { cell_phone: "05321234567", email: "musteri@example.com" };
        assert.deepEqual(seen[0].message.data, { name: "Order 1001", price: 158000, reference: "1001", expiry_date: expiry, send });
        const other = await create(test, [...ORDER, "--expiry-date", odd], [created()]);
        assert.equal(other.seen[0].message.data.expiry_date, odd);
      });

      it("prints no callback_id where the relay has none", async (test) => {
        const { status, out } = await create(test, ORDER, [created(undefined, { id: LINK.id, url: LINK.url })]);
        assert.equal(status, 0);
        assert.doesNotMatch(out, /callback_id/);
      });

      it("names the message after the order, the same on every run, and within what the relay takes", async (test) => {
        const runs = await Promise.all([ORDER, BOTH, [...ORDER.slice(0, 4), "1.001"]].map((args) => create(test, args, [created()])));
        const [first, second, other] = runs.map(({ ids: [id] }) => id);
        assert.equal(first, second);
        assert.notEqual(first, other);
        assert.match(first, /^[!-~]{1,256}$/);
        assert.doesNotMatch(first, /[.,]/);
      });

      for (const [what, answers] of [
        ["a lost connection", [undefined]],
        ["409", [problem(409, "in-progress", {}, soon)]],
        ["429", [problem(429, "recipient-limit", {}, soon)]],
        ["503", [problem(503, "ledger-unavailable", {}, soon)]],
      ]) {
        it(`asks again with the same id after ${what}`, async (test) => {
          const { status, out, ids } = await create(test, BOTH, [...answers, created([SMS])]);
          assert.equal(status, 0);
          assert.equal(out, printed(ids[0], "link.send_sms: sent"));
          assert.deepEqual(ids, [ids[0], ids[0]]);
        });
      }

      it("takes the order's next id where nobody knows whether there is a link", async (test) => {
        const { status, out, ids } = await create(test, BOTH, [unknown(true), created([SMS])]);
        assert.equal(status, 0);
        assert.equal(out, printed(ids[1], "link.send_sms: sent"));
        assert.equal(new Set(ids).size, 2);
      });

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

      for (const [what, answer] of [
        ["an unknown outcome that may do harm", unknown(false)],
        ["a setting that is wrong", problem(500, "misconfigured")],
        ["a signature that the relay does not take", problem(401, "invalid-signature")],
      ]) {
        it(`asks once and ends with the relay's detail on ${what}`, async (test) => {
          const { status, out, err, ids } = await create(test, BOTH, [answer]);
          assert.deepEqual([status, out, err, ids.length], [1, "", "What to do.\n", 1]);
        });
      }

      it("prints PayTR's words and how to go on when PayTR refuses, and asks once", async (test) => {
        for (const [reason, printed] of [[REASON, REASON], ["Mağaza \\ aktif değil", "Mağaza \\ aktif değil"]]) {
          const { status, out, err, ids } = await create(test, BOTH, [refused(reason)]);
          assert.deepEqual([status, out, err, ids.length], [1, "", `What to do.\nPayTR's words: ${printed}\n${GO_ON}\n`, 1]);
        }
        const { err } = await create(test, BOTH, [problem(422, "paytr-rejected")]);
        assert.equal(err, `What to do.\n${GO_ON}\n`);
      });

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
        const [first, ...rest] = out.split("\n");
        assert.equal(first, `Created earlier (${ids[0]}); a second link on purpose takes another --reference.`);
        assert.deepEqual(rest, printed(ids[0], "link.send_sms: sent").split("\n").slice(1));
      });

      it("says how to go on when the order was asked for with other data", async (test) => {
        const { status, err, ids } = await create(test, BOTH, [problem(422, "webhook-id-reused")]);
        assert.deepEqual([status, err, ids.length], [1, `What to do.\n${REUSED}\n`, 1]);
      });

      it("names the fields to change", async (test) => {
        const errors = [{ pointer: "/data/name", detail: "is too short" }, { pointer: "/data/send/cell_phone", detail: "is a land line" }];
        const { status, err, ids } = await create(test, BOTH, [problem(422, "invalid-field", { errors })]);
        assert.deepEqual([status, err, ids.length], [1, "What to do. /data/name is too short. /data/send/cell_phone is a land line.\n", 1]);
      });

      for (const [what, args, refusals, sends, left] of [
        ["a number is none", BOTH, [["send/cell_phone"]], [{ type: "link.send_email", outcome: "sent" }], { email: "musteri@example.com" }],
        ["an address is none", BOTH, [["send/email"]], [SMS], { cell_phone: "05321234567" }],
        ["both are none", BOTH, [["send/cell_phone", "send/email"]], undefined, undefined],
        ["both are none, one after the other", BOTH, [["send/email"], ["send/cell_phone"]], undefined, undefined],
        ["the only one is none", BOTH.slice(0, -2), [["send/cell_phone"]], undefined, undefined],
      ]) {
        it(`creates the link under the same id for whom it can when ${what}, and says whom it left out`, async (test) => {
          const { status, out, err, ids, seen } = await create(test, args, [...refusals.map((fields) => invalid(...fields)), created(sends)]);
          assert.deepEqual([status, err], [1, ""]);
          const lines = [...(sends ?? []).map(({ type }) => `${type}: sent`), ...refusals.flat().map((field) => `left out: /data/${field} is none.`)];
          assert.equal(out, printed(ids[0], ...lines));
          assert.deepEqual(seen.at(-1).message.data.send, left);
          assert.equal(new Set(ids).size, 1);
        });
      }

      it("sends to whom it can when a number is empty, and asks once", async (test) => {
        const email = { type: "link.send_email", outcome: "sent" };
        const { status, seen } = await create(test, [...ORDER, "--cell-phone", "", "--email", "musteri@example.com"], [created([email])]);
        assert.equal(status, 0);
        assert.deepEqual(seen.map(({ message }) => message.data.send), [{ email: "musteri@example.com" }]);
      });

      it("does not ask for ever when what the relay refuses is not there", async (test) => {
        const { status, ids } = await create(test, ORDER, [invalid("send/cell_phone")]);
        assert.deepEqual([status, ids.length], [1, 1]);
      });

      it("prints the link and each send's outcome when not all was sent, asks for nothing anew, and ends with 1", async (test) => {
        for (const [sends, lines] of [
          [[SMS, NO_EMAIL], ["link.send_sms: sent", `link.send_email: rejected (paytr-rejected): ${REASON}`]],
          [[NO_EMAIL, SMS], [`link.send_email: rejected (paytr-rejected): ${REASON}`, "link.send_sms: sent"]],
          [[LIMITED], ["link.send_sms: limited (recipient-limit), ask again in 4200 s"]],
          [[UNKNOWN_SMS, NO_EMAIL], ["link.send_sms: unknown (outcome-unknown)", `link.send_email: rejected (paytr-rejected): ${REASON}`]],
        ]) {
          const { status, out, ids } = await create(test, BOTH, [created(sends)]);
          assert.deepEqual([status, out, ids.length], [1, printed(ids[0], ...lines), 1]);
        }
      });

      it("asks again with the same id for what was limited, once its time has come", async (test) => {
        const limited = { ...LIMITED, retry_after: 1 };
        const email = { type: "link.send_email", outcome: "sent" };
        const { status, out, err, ids } = await create(test, BOTH, [created([limited, email]), replayed(created([SMS, email]))]);
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
        const { port, stop } = await listen(createServer());
        stop();
        const [program, ...first] = command;
        const { PATH, HOME } = process.env;
        const env = { PATH, HOME, RELAY_URL: `http://127.0.0.1:${port}`, WEBHOOK_SECRET: SECRET };
        const service = new Service(name, program, [...first, ...ORDER], { env });
        test.after(() => service.stop("SIGKILL"));
        const line = await service.first((line) => line, PATIENCE_MS);
        assert.match(line, /^No answer from http:\S+ yet \(.*(connect|refused).*\); trying again\.$/i);
        assert.ok(line.includes(` http://127.0.0.1:${port}/webhook `), line);
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

      it("signs with the longest secret there may be", async () => {
        const server = createServer(async (request, response) => {
          new Webhook(LONG_SECRET).verify(await text(request), request.headers);
          response.end(JSON.stringify(created()(request.headers["webhook-id"]).json));
        }).listen(0, "127.0.0.1");
        await once(server, "listening");
        const env = { RELAY_URL: `http://127.0.0.1:${server.address().port}`, WEBHOOK_SECRET: LONG_SECRET };
        const { status } = await call(command, ORDER, env);
        server.close();
        assert.equal(status, 0);
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

// `npm run trigger`: what it posts, to whom, and what it says of the answer.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { execa } from "execa";
import { Webhook } from "standardwebhooks";
import { parse } from "yaml";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { EVENT_TYPES, sampleEvent } from "../../scripts/trigger/samples.mjs";
import { TEXTS } from "../../scripts/trigger/texts.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { LOCALES } from "../support/call.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { listen, unheard } from "../support/listen.mjs";
import { EVENTS_SECRET, LONG_SECRET, SECRET } from "../support/secrets.mjs";
import { NODE } from "../support/tools.mjs";
import { callbackId, run } from "./support.mjs";

const PATIENCE_MS = 30_000;
const NOBODY = "http://127.0.0.1:9/";

const directory = ownFolder("trigger");
const keep = endings();
let receiver;
before(async () => {
  receiver = await keep(startReceiver());
});

const trigger = (args, env) => run("trigger", args, { EVENTS_SECRET, ...env });
let paths = 0;
/** A path of its own, and what came there. */
const mailbox = () => {
  const path = `/receiver${++paths}`;
  return { url: receiver.url + path, path, events: () => receiver.events(path, 1) };
};

describe("a sample is what the documentation shows:", () => {
  const { webhooks } = parse(readFileSync(inRoot("openapi.yaml"), "utf8"));
  const exampleOf = (type) => Object.values(webhooks[type].post.requestBody.content["application/json"].examples)[0].value;

  it("there is one of each event, and no other", () => {
    assert.deepEqual(EVENT_TYPES.toSorted(), Object.keys(webhooks).sort());
  });

  for (const type of Object.keys(webhooks)) {
    it(`${type}, in openapi.yaml`, () => assert.deepEqual(sampleEvent(type), exampleOf(type)));
  }

  for (const page of ["docs/reference.md", "docs/reference.tr.md", "docs/payments.md", "docs/payments.tr.md"]) {
    it(`link.paid, in ${page}, but for the ids that it leaves out`, () => {
      const [, text] = /```json\n(\{"type": "link\.paid"[^]*?)\n```/.exec(readFileSync(inRoot(page), "utf8"));
      const shown = JSON.parse(text);
      const { link, payment, unsigned } = shown.data;
      const sample = sampleEvent("link.paid", { callbackId: link.callback_id, merchantOid: payment.merchant_oid });
      assert.deepEqual({ ...sample, data: { ...sample.data, unsigned } }, shown);
      assert.deepEqual({ ...sample.data.unsigned, merchant_id: unsigned.merchant_id }, unsigned);
    });
  }
});

describe("npm run trigger", () => {
  for (const type of EVENT_TYPES) {
    it(`posts ${type}, signed, as the relay does`, async () => {
      const { url, events } = mailbox();
      const { status, out, err } = await trigger([type, url]);
      assert.deepEqual([status, err], [0, ""]);
      assert.ok(!out.includes(EVENTS_SECRET.slice(8)), out);
      const [{ headers, body }] = await events();
      const event = new Webhook(EVENTS_SECRET).verify(body, headers);
      assert.equal(event.type, type);
      assert.match(headers["webhook-id"], /^evt_[0-9a-f]{64}$/);
      assert.equal(headers["content-type"], "application/json");
      assert.ok(Math.abs(Date.parse(event.timestamp) - Date.now()) < 10_000);
      assert.match(out, new RegExp(`^Posting ${type} to ${url} as ${headers["webhook-id"]}\nHTTP 204 after \\d+ ms\\. .* count the event as delivered\\.\n$`));
    });
  }

  it("fits an order of one's own", async () => {
    const { url, events } = mailbox();
    const order = ["--reference", "A-7", "--price", "250", "--currency", "EUR", "--link-id", "abc", "--callback-id", callbackId(4), "--merchant-oid", "IN7"];
    assert.equal((await trigger(["link.paid", url, ...order, "--id", "evt_once"])).status, 0);
    const [{ headers, body }] = await events();
    assert.equal(headers["webhook-id"], "evt_once");
    const { reference, link, payment, unsigned } = JSON.parse(body).data;
    assert.equal(reference, "A-7");
    assert.deepEqual(link, { id: "abc", callback_id: callbackId(4), price: 250, currency: "EUR" });
    assert.deepEqual(payment, { merchant_oid: "IN7", status: "success", total_amount: 250 });
    assert.deepEqual([unsigned.payment_amount, unsigned.currency], [250, "EUR"]);
  });

  it("is an event and a payment of its own each time, signed with each of several secrets", async () => {
    const { url, path } = mailbox();
    for (const _ of [1, 2]) await trigger(["link.paid", url], { EVENTS_SECRET: `${LONG_SECRET} ${EVENTS_SECRET}` });
    const came = await receiver.events(path, 2);
    for (const { headers, body } of came) {
      for (const secret of [LONG_SECRET, EVENTS_SECRET]) new Webhook(secret).verify(body, headers);
    }
    assert.equal(new Set(came.map(({ headers }) => headers["webhook-id"])).size, 2);
    assert.equal(new Set(came.map(({ body }) => JSON.parse(body).data.payment.merchant_oid)).size, 2);
  });

  it("takes the secret of .dev.vars for a receiver on this machine, and none for messages in its place", async () => {
    const { url, events } = mailbox();
    writeFileSync(join(directory, ".dev.vars"), `WEBHOOK_SECRETS=${SECRET}\nEVENTS_SECRETS=${EVENTS_SECRET}\n`);
    const env = { EVENTS_SECRET: "", WEBHOOK_SECRET: SECRET };
    assert.equal((await run("trigger", ["link.paid", url], { ...env, DEV_DIR: directory })).status, 0);
    const [{ headers, body }] = await events();
    new Webhook(EVENTS_SECRET).verify(body, headers);
    const { status, err } = await run("trigger", ["link.paid", url], env);
    assert.equal(status, 2);
    assert.match(err, /events' secret \(standard input\)/);
  });

  for (const [answer, code, english, turkish] of [
    [200, 0, /count the event as delivered/, /iletilmiş sayardı/],
    [299, 0, /count the event as delivered/, /iletilmiş sayardı/],
    [410, 1, /give the event up at once: it would be dead/, /bu olaydan hemen vazgeçerdi/],
    [302, 1, /try the event again, [^]*follows no redirect.*: \/elsewhere/, /yeniden denerdi\.\nRelay yönlendirmeleri izlemez.*: \/elsewhere/],
    [401, 1, /try the event again, [^]*Does the receiver check with the secret/, /yeniden denerdi\.\nAlıcı, bu olayı imzalayan/],
    [404, 1, /try the event again, [^]*Nothing takes events at this path/, /yeniden denerdi\.\nBu yolda/],
    [500, 1, /HTTP 500\. The relay would try the event again, ten times/, /HTTP 500\. Relay bu olayı/],
  ]) {
    it(`says what the relay would make of ${answer}`, async () => {
      const { url } = await keep(listen(createServer((request, response) => {
        request.resume();
        response.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {}).end();
      })));
      for (const [language, says] of [["en", english], ["tr", turkish]]) {
        const { status, output } = await trigger(["link.paid", url], { LC_ALL: LOCALES[language] });
        assert.equal(status, code, output);
        assert.match(output, says);
      }
    });
  }

  it("says that nobody listens", async () => {
    const { status, err } = await trigger(["link.paid", await unheard()]);
    assert.equal(status, 1);
    assert.match(err, /Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. The relay would try the event again/);
  });

  for (const [args, says] of [
    [[], /Which event\?/],
    [["link.created", NOBODY], /There is no event link\.created/],
    [["link.paid"], /receiver's address is missing/],
    [["link.paid", "shop.example"], /shop\.example is not an address/],
    [["link.paid", "http://shop.example/events"], /Plain http is for this machine only/],
    [["link.paid", NOBODY, "--price", "15.80"], /--price cannot be 15\.80/],
    [["link.paid", NOBODY, "--callback-id", "9f"], /--callback-id cannot be 9f/],
    [["link.paid", NOBODY, "--currency", "TRY"], /--currency cannot be TRY/],
    [["link.paid", NOBODY, "--id", "a.b"], /--id cannot be a\.b/],
    [["link.paid", NOBODY, "--amount", "1"], /There is no option --amount/],
    [["relay.ping", NOBODY, "--price", "1"], /relay\.ping is of no order/],
  ]) {
    it(`ends with 2 and posts nothing: ${args.join(" ") || "nothing"}`, async () => {
      for (const [language, LC_ALL] of Object.entries(LOCALES)) {
        const { status, out, err } = await trigger(args, { LC_ALL });
        assert.deepEqual([status, out], [2, ""]);
        if (language === "en") assert.match(err, says);
        else assert.doesNotMatch(err, says);
      }
    });
  }

  for (const [language, LC_ALL] of Object.entries(LOCALES)) {
    it(`has --help (${language})`, async () => {
      const { status, out } = await trigger(["--help"], { LC_ALL });
      assert.deepEqual([status, out], [0, `${TEXTS[language].usage(EVENT_TYPES)}\n`]);
    });
  }
});

describe("a receiver of the examples", () => {
  it("marks the order as paid that a sample fits", async () => {
    const shop = { SHOP_DB: join(directory, "shop.sqlite"), EVENTS_SECRET };
    const receive = inRoot("examples/receive.mjs");
    const env = { ...process.env, ...shop, PORT: "0" };
    await execa(NODE, [receive, "add", "A-7", "250"], { env });
    const running = new Service("receiver", NODE, [receive], { env });
    try {
      const url = await running.first((line) => /taken at (http:\S+)/.exec(line)?.[1], PATIENCE_MS);
      const { status, output } = await trigger(["link.paid", url, "--reference", "A-7", "--price", "250"]);
      assert.equal(status, 0, output);
    } finally {
      await running.stop();
    }
    assert.match((await execa(NODE, [receive, "list"], { env })).stdout, /^order A-7: paid$/m);
  });
});

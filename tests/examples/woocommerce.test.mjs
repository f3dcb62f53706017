// The lines for WooCommerce in send.php's head, as a plugin: taken from there to the letter, and run with as much of
// WordPress as they call, against the built Worker and the sandbox.
//
// In scope: the notes that an order gets, and who is written to. Not in scope: WooCommerce itself.
import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { withRelays } from "../api/support/place.mjs";
import { call } from "../support/call.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import * as people from "../support/people.mjs";
import { REFUSAL, startRefusingPaytr } from "../support/refusing-paytr.mjs";
import { SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";

const SEND = inRoot("examples/send.php");

describe("send.php's lines for WooCommerce", { skip: whySkip(["php"]), concurrency: true }, () => {
  const keep = endings();
  const directory = ownFolder("woocommerce");
  const place = withRelays(async (sandbox) => {
    const refusing = await keep(startRefusingPaytr(sandbox.url));
    return {
      free: {},
      minute: { SEND_LIMITS: '[{"count": 1, "seconds": 3}]' },
      refused: { PAYTR_BASE_URL: refusing.url },
    };
  });
  before(async () => {
    await copyFile(SEND, join(directory, "paytr-link.php"));
    const [head] = (await readFile(SEND, "utf8")).split(" */");
    const lines = head.split("\n").filter((line) => line.startsWith(" *   ")).map((line) => line.slice(5));
    const first = lines.findIndex((line) => line.startsWith("require_once"));
    await writeFile(join(directory, "plugin.php"), ["<?php", ...lines.slice(first), ""].join("\n"));
  });

  let orders = 0;
  const PLACED = `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 19)}Z`;
  const order = (more) => ({ id: 1000 + (orders += 1), status: "on-hold", total: "19.99", placed: PLACED, phone: "", email: "", ...more });

  /** Places orders, and resolves with the notes of each, in order. */
  async function notesOf(relay, ...placed) {
    const shop = { ORDERS: JSON.stringify(placed), PLUGIN: join(directory, "plugin.php") };
    const env = { ...shop, RELAY: place.urls[relay], SECRET };
    const { status, out, err } = await call(["php", inRoot("tests/examples/woocommerce/wordpress.php")], [], env);
    assert.deepEqual([status, err], [0, ""]);
    const notes = out.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    return placed.map(({ id }) => notes.filter((note) => note.order === id).map(({ note }) => note));
  }

  it("make an order's link over its total, and send it", async () => {
    const [phone, email] = [people.phone(), people.email()];
    const [[note, ...more]] = await notesOf("free", order({ phone, email }));
    assert.deepEqual(more, []);
    assert.match(note, /^PayTR link:\nid: \S+\nurl: http\S+\n(callback_id: \S+\n)?link\.send_sms: sent\nlink\.send_email: sent$/);
    const [{ link_id }] = await place.sandbox.outbox.to(phone);
    const made = await place.sandbox.read(`/sandbox/links/${link_id}`);
    assert.deepEqual([made.price, made.currency], [1999, "TL"]);
    assert.equal(made.expires_at, Date.parse(PLACED) + 7 * 86_400_000);
    assert.equal((await place.sandbox.outbox.to(email)).length, 1);
  });

  for (const [what, phone] of [["has no phone", ""], ["has a land line", "0212 555 66 77"]]) {
    it(`send the link by e-mail alone when an order ${what}`, async () => {
      const email = people.email();
      const [[note]] = await notesOf("free", order({ phone, email }));
      assert.match(note, phone ? /link\.send_email: sent\nleft out: \/data\/send\/cell_phone [^\n]+\.$/ : /link\.send_email: sent$/);
      assert.equal((await place.sandbox.outbox.to(email)).length, 1);
    });
  }

  it("note PayTR's words and how to go on when it refuses", async () => {
    const [[note]] = await notesOf("refused", order());
    assert.match(note, /^PayTR link: PayTR did not create the link/);
    assert.ok(note.includes(`\nPayTR's words: ${REFUSAL}\nOnce the cause is mended, `), note);
  });

  it("send the link of a second order to one number once the limit's time is over", async () => {
    const phone = people.phone();
    const placed = Array.from({ length: 3 }, () => order({ phone }));
    const notes = await notesOf("minute", ...placed);
    assert.ok(notes.flat().some((note) => /link\.send_sms: limited \(recipient-limit\), ask again in \d s$/.test(note)));
    for (const last of notes.map((each) => each.at(-1))) assert.match(last, /link\.send_sms: sent$/);
    const links = (await place.sandbox.outbox.to(phone)).map(({ link_id }) => link_id);
    assert.deepEqual([links.length, new Set(links).size], [3, 3]);
  });

  for (const [what, more] of [
    ["is paid or gone meanwhile", { status: "processing" }],
    ["waits for another payment method", { method: "cheque" }],
  ]) {
    it(`do nothing for an order that ${what}`, async () => {
      const email = people.email();
      assert.deepEqual(await notesOf("free", order({ email, ...more })), [[]]);
      assert.deepEqual(await place.sandbox.outbox.to(email), []);
    });
  }
});

// `npm run relay`: what it asks for, what it shows at the width of a terminal and in both languages, and how it ends.
//
// In scope: everything, against a relay that answers as the case says. Not in scope: what a relay answers
// (questions.test.mjs), the signing, which the scripted relay checks by a library, and that both languages have the same
// texts (tests/docs/terminal.test.mjs).
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import stringWidth from "string-width";
import { inRoot } from "../../scripts/paths.mjs";
import { events } from "../../scripts/relay/events.mjs";
import { link } from "../../scripts/relay/link.mjs";
import { links } from "../../scripts/relay/links.mjs";
import { moment } from "../../scripts/relay/moment.mjs";
import { replay } from "../../scripts/relay/replay.mjs";
import { status } from "../../scripts/relay/status.mjs";
import { table } from "../../scripts/relay/table.mjs";
import { TEXTS } from "../../scripts/relay/texts.mjs";
import { timeUntil } from "../../scripts/relay/written.mjs";
import { UsageError } from "../../scripts/user-error.mjs";
import { LOCALES } from "../support/call.mjs";
import { endings } from "../support/ends.mjs";
import { unheard } from "../support/listen.mjs";
import { FOREIGN_SECRET, SECRET } from "../support/secrets.mjs";
import { atTerminal } from "../support/terminal.mjs";
import { whySkip } from "../support/tools.mjs";
import { callbackId, run, startScriptedRelay } from "./support.mjs";

// Times are shown by this machine's clock.
process.env.TZ = "Europe/Istanbul";

const linkOf = (number) => {
  const id = `NB2Zlz${number}`;
  return { id, url: `https://www.paytr.com/link/${id}`, callback_id: callbackId(number) };
};
const SMS = { type: "link.send_sms", outcome: "sent" };
const EMAIL = { type: "link.send_email", outcome: "rejected", code: "paytr-rejected" };
const OPEN = { reference: "1003", link: linkOf(3), state: "open", price: 158_000, currency: "TL", sends: [SMS, EMAIL] };
const PAID = { reference: "1002", link: linkOf(2), state: "paid", price: 49_900, currency: "EUR", sends: [SMS] };
const UNKNOWN = { link: { callback_id: callbackId(1) }, state: "unknown", price: 5, currency: "TL", sends: [] };
const LINKS = [
  { ...OPEN, created_at: "2026-11-30T10:05:00Z" },
  { ...PAID, storefront: "shop", created_at: "2026-11-29T21:30:00Z" },
  { ...UNKNOWN, created_at: "2026-11-29T10:00:00Z" },
];
const DEAD = { webhook_id: `evt_${callbackId(7)}`, type: "link.paid", state: "dead", attempts: 10 };
const PENDING = { webhook_id: `evt_${callbackId(8)}`, type: "link.payment_review", state: "pending", attempts: 3 };
const IN_FIVE_HOURS = new Date(Date.now() + 5 * 3_600_000).toISOString();
const PAID_BY = { reference: "1002", callback_id: callbackId(2), merchant_oid: "LNK0123456789" };
const EVENTS = [
  { ...DEAD, created_at: "2026-11-27T10:00:00Z", ...PAID_BY },
  { ...PENDING, next_at: IN_FIVE_HOURS, created_at: "2026-11-26T10:00:00Z", callback_id: callbackId(9) },
];
const PAYMENT = {
  merchant_oid: "LNK0123456789",
  type: "link.paid",
  status: "success",
  total_amount: 158_000,
  unsigned: { currency: "TL" },
  received_at: "2026-11-30T10:20:00Z",
  event: { webhook_id: `evt_${callbackId(7)}`, state: "delivered", attempts: 2 },
};
const FOUND = { outcome: "found", ...LINKS[0], payments: [PAYMENT] };
const STATUS = {
  outcome: "status",
  last_24_hours: { links_created: 12, links_paid: 9 },
  events: { pending: 0, dead: 0 },
  late_partitions: 0,
  version: "0.1.0",
};

const keep = endings();

/** A relay that answers so, a way of running the command with it, and what it was asked. */
async function relayThat(answer) {
  const { url, asked } = await keep(startScriptedRelay(answer));
  const env = { RELAY_URL: url, WEBHOOK_SECRET: SECRET };
  return { env, asked, relay: (args, more) => run("relay", args, { ...env, ...more }) };
}

const listed = (member, items) => ({ outcome: "listed", [member]: items });
const refusing = () => relayThat(() => [500, {}]);
const answering = (...answer) => relayThat(() => answer);
const SHOWN = readdirSync(inRoot("tests/relay/shown"));
const read = (file) => readFileSync(inRoot(`tests/relay/shown/${file}`), "utf8");
/** What is to be seen: in `shown/links-80.en.txt`, or in `shown/status.en.txt` where the width makes no difference. */
function shown(what, columns, language) {
  const file = `${what}-${columns}.${language}.txt`;
  return read(SHOWN.includes(file) ? file : `${what}.${language}.txt`);
}

describe("npm run relay shows", () => {
  /** The command, what it has found, and what stands above the case's own text. */
  const CASES = {
    links: [links, listed("links", LINKS)],
    "links-more": [links, { ...listed("links", LINKS), cursor: "c2" }, "links"],
    "links-none": [links, listed("links", [])],
    events: [events, listed("events", EVENTS)],
    "events-none": [events, listed("events", [])],
    link: [link, { links: [FOUND] }],
    "link-unknown": [link, { links: [{ outcome: "found", ...LINKS[2], payments: [] }] }],
    replay: [replay, { outcome: "replayed", events: 1 }],
    "replay-many": [replay, { outcome: "replayed", events: 12 }],
    "replay-none": [replay, { outcome: "replayed", events: 0 }],
    status: [status, STATUS],
  };

  for (const [language, LC_ALL] of Object.entries(LOCALES)) {
    for (const columns of [80, 200]) {
      for (const [what, [command, result, above]] of Object.entries(CASES)) {
        it(`${what} at ${columns} columns (${language})`, async () => {
          const lines = await command.show({ texts: TEXTS[language], width: columns, now: new Date() }, result);
          const expected = [above, what].filter(Boolean).map((part) => shown(part, columns, language));
          assert.equal(`${lines.join("\n")}\n`, expected.join("\n"));
        });
      }

      it(`that, and nothing else, at ${columns} columns (${language})`, async () => {
        const { relay } = await answering(200, listed("links", LINKS));
        const { status: code, out, err } = await relay(["links"], { LC_ALL, COLUMNS: `${columns}` });
        assert.deepEqual([code, err, out], [0, "", shown("links", columns, language)]);
      });
    }
  }

  it("no line that is wider than the terminal", () => {
    assert.ok(SHOWN.length >= 2 * Object.keys(CASES).length);
    for (const file of SHOWN) {
      const [, columns = 80] = /-(\d+)\.(?:en|tr)\.txt$/.exec(file) ?? [];
      // Sentences are wrapped by the terminal; tables are not to be.
      const lines = read(file).split("\n").filter((line) => !/[.:]$/.test(line));
      for (const line of lines) assert.ok(stringWidth(line) <= Number(columns), `${file}: ${line}`);
    }
  });

  it("all of it where the output is no terminal", async () => {
    const reference = "A".repeat(64);
    const { relay } = await answering(200, listed("links", [{ ...LINKS[0], reference }]));
    const { out } = await relay(["links"]);
    assert.match(out, new RegExp(`${reference} .* ${callbackId(3)}\n`));
  });

  it("a table as wide as the terminal, whatever COLUMNS says", { skip: whySkip(["python3"]) }, async () => {
    const { env } = await answering(200, listed("links", LINKS));
    const around = { ...env, DEV_DIR: "/nowhere", TZ: "Europe/Istanbul", LC_ALL: LOCALES.en, COLUMNS: "200" };
    const command = [process.execPath, inRoot("scripts/relay.mjs"), "links"];
    const { status, out } = await atTerminal(command, [], around, undefined, 80);
    assert.deepEqual([status, out.replaceAll("\r\n", "\n")], [0, shown("links", 80, "en")]);
  });

  it("nothing that a terminal would obey, whoever wrote it", async () => {
    const paytr = { reason: "A\u001b[31mB\u001b[0m\u009b2JC\r\nD\u0007" };
    const { relay } = await answering(200, { ...FOUND, sends: [{ ...EMAIL, type: "link.send_sms", paytr }] });
    const { out } = await relay(["link", callbackId(3)]);
    assert.doesNotMatch(out, /[\0-\x09\x0b-\x1f\x7f-\x9f]/);
    assert.match(out, /rejected \(paytr-rejected\): ABC D\s/);
  });
});

it("the time until a next try is said in minutes, then in hours", () => {
  const now = new Date("2026-11-30T10:00:00Z");
  const said = (seconds) => timeUntil(TEXTS.en, new Date(now.getTime() + seconds * 1000).toISOString(), now);
  assert.deepEqual([-60, 20, 60, 3500, 3600, 86_400].map(said), ["now", "now", "1 min", "58 min", "1 h", "24 h"]);
});

describe("a table", () => {
  const columns = [
    { title: "one", of: ({ one }) => one, mayBeCut: true },
    { title: "two", of: ({ two }) => two, mayBeCut: true },
    { title: "none", of: () => "" },
    { title: "key", of: ({ key }) => key, isCopied: true },
  ];
  const row = { one: "ığüşöç".repeat(5), two: "漢字".repeat(10), key: "k".repeat(30) };

  for (const width of Array.from({ length: 90 }, (_, at) => at + 34)) {
    it(`fits ${width} columns and keeps the key whole`, async () => {
      const lines = await table(columns, [row, { one: "1", two: "2", key: "3" }], width);
      for (const line of lines) assert.ok(stringWidth(line) <= width, line);
      assert.ok(lines.some((line) => line.includes(row.key)));
      assert.ok(!lines.join("").includes("none"));
    });
  }

  it("leaves out what can be spared before it cuts", async () => {
    const spare = { title: "spare", of: () => "s".repeat(9), isSpare: true };
    const [titles, , first] = await table([columns[0], spare, columns[1]], [{ one: "a".repeat(10), two: "b".repeat(10) }], 30);
    assert.equal(titles, "one         two");
    assert.equal(first, `${"a".repeat(10)}  ${"b".repeat(10)}`);
  });

  it("cuts the widest column first, and says so by a sign", async () => {
    const [, , first] = await table(columns.slice(0, 2), [{ one: "a".repeat(30), two: "b".repeat(10) }], 30);
    assert.equal(first, `${"a".repeat(17)}…  ${"b".repeat(10)}`);
  });
});

describe("npm run relay --json", () => {
  for (const [what, args, answer, expected = answer] of [
    ["links", ["links"], listed("links", LINKS)],
    ["events", ["events"], listed("events", EVENTS)],
    ["a link", ["link", callbackId(3)], FOUND, { links: [FOUND] }],
    ["replay", ["replay", "--dead"], { outcome: "replayed", events: 3 }],
    ["status", ["status"], STATUS],
  ]) {
    it(`prints one document and nothing else: ${what}`, async () => {
      const { relay } = await answering(200, answer);
      for (const LC_ALL of Object.values(LOCALES)) {
        const { status, out, err } = await relay([...args, "--json"], { LC_ALL });
        assert.deepEqual([status, err, JSON.parse(out)], [0, "", expected]);
      }
    });
  }
});

describe("npm run relay asks for", () => {
  const ANSWERS = {
    "link.list": listed("links", []),
    "event.list": listed("events", []),
    "link.get": FOUND,
    "event.replay": { outcome: "replayed", events: 1 },
    "relay.status": STATUS,
  };
  const id = callbackId(3);
  for (const [command, type, data] of [
    ["links", "link.list", { limit: 20 }],
    ["links --state open --reference=1001 --limit 7", "link.list", { state: "open", reference: "1001", limit: 7 }],
    ["links --since 2026-11-30 --until 2026-12-01T14:30 --cursor öç", "link.list",
      { created_after: "2026-11-29T21:00:00Z", created_before: "2026-12-01T11:30:00Z", limit: 20, cursor: "öç" }],
    ["events --dead", "event.list", { state: "dead", limit: 20 }],
    ["events --pending --all", "event.list", { state: "pending", limit: 100 }],
    ["events --delivered", "event.list", { state: "delivered", limit: 20 }],
    [`link ${id}`, "link.get", { callback_id: id }],
    [`replay ${id}`, "event.replay", { callback_id: id }],
    [`replay ${id} --since 2026-11-30T10:00:00+03:00`, "event.replay",
      { callback_id: id, created_after: "2026-11-30T07:00:00Z" }],
    ["replay --dead", "event.replay", { state: "dead" }],
    ["replay --dead --since 2026-11-30", "event.replay", { state: "dead", created_after: "2026-11-29T21:00:00Z" }],
    ["status", "relay.status"],
  ]) {
    it(command, async () => {
      const { relay, asked } = await relayThat(({ type }) => [200, ANSWERS[type]]);
      const { status, output } = await relay(command.split(" "));
      assert.equal(status, 0, output);
      assert.deepEqual(asked, [data ? { type, data } : { type }]);
    });
  }

  /** A list of so many links, in pages as long as they are asked for. */
  const pages = (count) => ({ data: { limit, cursor = "0" } }) => {
    const from = Number(cursor);
    const to = Math.min(count, from + limit);
    const links = Array.from({ length: to - from }, (_, at) => ({ ...LINKS[0], link: { callback_id: callbackId(from + at) } }));
    return [200, { outcome: "listed", links, ...(to < count && { cursor: `${to}` }) }];
  };

  for (const [command, limits, count, cursor] of [
    ["links --all", [100, 100, 100], 250, undefined],
    ["links --limit 150", [100, 50], 150, "150"],
    ["links --limit 300", [100, 100, 100], 250, undefined],
    ["links", [20], 20, "20"],
    ["links --cursor 240", [20], 10, undefined],
  ]) {
    it(`${command}: pages of ${limits}, each link once`, async () => {
      const { relay, asked } = await relayThat(pages(250));
      const { links, cursor: next } = JSON.parse((await relay([...command.split(" "), "--json"])).out);
      assert.deepEqual(asked.map(({ data }) => data.limit), limits);
      const names = links.map(({ link }) => link.callback_id);
      assert.deepEqual([names.length, new Set(names).size, next], [count, count, cursor]);
    });
  }

  it("all links of a reference, newest first, and all payments with --all", async () => {
    const answer = ({ type, data }) => {
      if (type === "link.list") return [200, listed("links", LINKS.slice(0, 2))];
      const isFirst = data.cursor === undefined;
      const payments = [{ ...PAYMENT, merchant_oid: isFirst ? "LNKNEW" : "LNKOLD" }];
      const { link } = LINKS.find((each) => each.link.callback_id === data.callback_id);
      return [200, { ...FOUND, link, payments, ...(isFirst && { cursor: "older" }) }];
    };
    const { relay, asked } = await relayThat(answer);
    const { links } = JSON.parse((await relay(["link", "1001", "--all", "--json"])).out);
    assert.deepEqual(asked[0], { type: "link.list", data: { reference: "1001", limit: 100 } });
    assert.deepEqual(links.map(({ link }) => link.callback_id), [callbackId(3), callbackId(2)]);
    for (const { payments, cursor } of links) {
      assert.deepEqual([payments.map(({ merchant_oid: oid }) => oid), cursor], [["LNKOLD", "LNKNEW"], undefined]);
    }
    assert.match((await relay(["link", "1001"])).out, /There are older payments: --all shows them\./);
  });

  it("a replay of each link of a reference, and counts them together", async () => {
    const replayed = { outcome: "replayed", events: 2 };
    const answer = (type) => (type === "link.list" ? listed("links", LINKS) : replayed);
    const { relay, asked } = await relayThat(({ type }) => [200, answer(type)]);
    const { out } = await relay(["replay", "1001"]);
    assert.equal(asked.length, 4);
    assert.match(out, /^6 events go to your shop again, now\.\n$/);
  });
});

describe("npm run relay ends", () => {
  const waiting = (hours) => {
    const oldest_pending_at = new Date(Date.now() - hours * 3_600_000).toISOString();
    return { events: { pending: 2, dead: 0, oldest_pending_at } };
  };
  for (const [what, found, code, says] of [
    ["nobody is needed", {}, 0, /No event is dead/],
    ["an event waits for minutes", waiting(0.5), 0, /No event is dead/],
    ["an event is dead", { events: { pending: 0, dead: 1 } }, 3, /Dead events[^]*replay --dead/],
    ["an event waits for hours", waiting(2), 3, /more than an hour/],
    ["work is late", { late_partitions: 2 }, 3, /Work is late in 2 of the relay's 32 partitions\.[^]*Late work/],
  ]) {
    it(`with ${code} when ${what}, of status, with --json too`, async () => {
      const { relay } = await answering(200, { ...STATUS, ...found });
      const english = await relay(["status"]);
      assert.match(english.out, says);
      const turkish = await relay(["status"], { LC_ALL: LOCALES.tr });
      assert.match(turkish.out, code === 0 ? /Vazgeçilen ya da/ : /npm run relay|wrangler tail/);
      const document = await relay(["status", "--json"]);
      assert.deepEqual([english.status, turkish.status, document.status], [code, code, code]);
    });
  }

  const id = callbackId(3);
  for (const [command, says] of [
    ["", /Which command\?/],
    ["list", /There is no command list\. One of\n {2}npm run relay -- links/],
    ["links --stat open", /There is no option --stat here/],
    ["links open", /Nothing here takes open/],
    ["links --state", /--state wants a value/],
    ["links --state closed", /--state wants one of open, paid, deleted, unknown\. closed is none/],
    ["links --state open --state paid", /--state is given twice/],
    ["links --since soon", /--since wants a time .* soon is none/],
    ["links --until 2026-02-30", /--until wants a time/],
    ["links --limit 0", /--limit wants a number from 1 on/],
    ["links --limit 5 --all", /Either --limit or --all, not both/],
    ["events --dead --pending", /Either --pending or --dead, not both/],
    ["events --state dead", /There is no option --state here/],
    ["link", /Which link\?/],
    ["link 1001 1002", /Nothing here takes 1002/],
    ["replay", /Which events\?/],
    [`replay ${id} --dead`, /not both/],
    ["status now", /Nothing here takes now/],
    ["links --relay relay.example", /relay\.example is not an address/],
    ["links --relay http://relay.example", /Plain http is for this machine only/],
  ]) {
    it(`with 2 and asks nobody: ${command || "no command"}`, async () => {
      const { relay, asked } = await refusing();
      const args = command.split(" ").filter(Boolean);
      const [english, turkish] = await Promise.all(Object.values(LOCALES).map((LC_ALL) => relay(args, { LC_ALL })));
      assert.deepEqual([english.status, turkish.status, english.out, turkish.out, asked], [2, 2, "", "", []]);
      assert.match(english.err, says);
      assert.doesNotMatch(turkish.err, says);
    });
  }

  for (const [what, command, env, says] of [
    ["without an address", "links", { RELAY_URL: "" },
      /address is missing:\n {2}export RELAY_URL=https:\/\/relay\.example/],
    ["with a secret that is none", "links", { WEBHOOK_SECRET: "whsec_short" },
      /WEBHOOK_SECRET\) does not begin with whsec_/],
    ["when npm has kept an option for itself", "replay", { npm_config_dead: "true" },
      /npm has kept --dead for itself\. .*\n {2}npm run … -- … --dead …/],
  ]) {
    it(`with 2 ${what}, and asks nobody`, async () => {
      const { relay, asked } = await refusing();
      const { status, err } = await relay([command], env);
      assert.deepEqual([status, asked], [2, []]);
      assert.match(err, says);
    });
  }

  const errors = [{ pointer: "/data/cursor", detail: "must be a cursor" }];
  for (const [what, status, answer, says] of [
    ["refuses", 422, { code: "invalid-field", detail: "See errors.", errors },
      /invalid-field\. See errors\.\n {2}\/data\/cursor must be a cursor/],
    ["is not ready", 503, { code: "ledger-unavailable", detail: "Words." },
      /The relay refused: HTTP 503, ledger-unavailable\. Words\./],
    ["is older than lists", 422, { code: "unknown-type", detail: "Words." },
      /older relay that has no link\.list \(unknown-type\)/],
    ["answers something else", 200, { outcome: "pong" }, /is no relay/],
  ]) {
    it(`with 1 when the relay ${what}, and with --json prints nothing else`, async () => {
      const { relay } = await answering(status, answer);
      for (const args of [["links"], ["links", "--json"]]) {
        const ended = await relay(args);
        assert.deepEqual([ended.status, ended.out], [1, ""]);
        assert.match(ended.err, says);
      }
    });
  }

  it("with 1 when the relay is away", async () => {
    const { status, err } = await run("relay", ["status"], { RELAY_URL: await unheard(), WEBHOOK_SECRET: SECRET });
    assert.equal(status, 1);
    assert.match(err, /Nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
  });

  it("with 1 with a secret that the relay does not know, and never shows one", async () => {
    const { relay } = await answering(200, STATUS);
    const { status, output } = await relay(["status"], { WEBHOOK_SECRET: FOREIGN_SECRET });
    assert.equal(status, 1);
    assert.match(output, /invalid-signature/);
    for (const secret of [SECRET, FOREIGN_SECRET]) assert.ok(!output.includes(secret.slice(8)), output);
  });

  it("with 1 when there is no link of this name", async () => {
    const unknown = [404, { code: "link-not-found", detail: "Words." }];
    const { relay } = await relayThat(({ type }) => (type === "link.list" ? [200, listed("links", [])] : unknown));
    for (const [name, says] of [["1001", /no link with the reference 1001/], [id, /no link of this callback_id/]]) {
      for (const command of ["link", "replay"]) {
        const { status, err } = await relay([command, name]);
        assert.equal(status, 1);
        assert.match(err, says);
      }
    }
  });
});

describe("npm run relay -- --help", () => {
  const names = ["links", "events", "link", "replay", "status"];
  for (const [language, texts] of Object.entries(TEXTS)) {
    const LC_ALL = LOCALES[language];
    it(`lists every command, option and exit code (${language})`, async () => {
      const { status, out, err } = await run("relay", ["--help"], { LC_ALL });
      assert.deepEqual([status, err, out], [0, "", `${texts.usage(names)}\n`]);
      for (const word of [...names, ..."state reference pending delivered dead since until limit all cursor json relay".split(" ")]) {
        assert.match(out, new RegExp(`\\b${word}\\b`));
      }
      for (const code of [0, 1, 2, 3]) assert.match(out, new RegExp(`[ :;] ?${code} `));
    });
    for (const name of names) {
      it(`says what is of ${name} alone (${language})`, async () => {
        const { status, out } = await run("relay", [name, "--help"], { LC_ALL });
        assert.deepEqual([status, out], [0, `${texts.usage([name])}\n`]);
        const others = names.filter((other) => other !== name).filter((other) => out.includes(`npm run relay -- ${other} `));
        assert.deepEqual(others, []);
      });
    }
  }
});

describe("a time", () => {
  const now = new Date("2026-11-30T10:00:00.500Z");
  const local = (...parts) => new Date(...parts).toISOString().replace(".000Z", "Z");
  for (const [text, expected] of [
    ["90m", "2026-11-30T08:30:00Z"],
    ["24h", "2026-11-29T10:00:00Z"],
    ["7d", "2026-11-23T10:00:00Z"],
    ["today", local(2026, 10, 30)],
    ["bugün", local(2026, 10, 30)],
    ["yesterday", local(2026, 10, 29)],
    ["dün", local(2026, 10, 29)],
    ["2026-11-30", local(2026, 10, 30)],
    ["2026-11-30 14:05", local(2026, 10, 30, 14, 5)],
    ["2026-11-30T14:05:30", local(2026, 10, 30, 14, 5, 30)],
    ["2026-11-30T14:05:30+03:00", "2026-11-30T11:05:30Z"],
    ["2026-11-30t14:05:30.25z", "2026-11-30T14:05:30Z"],
  ]) {
    it(`${text} is ${expected}`, () => assert.equal(moment(TEXTS.en, "--since", text, now), expected));
  }

  for (const text of ["", "soon", "7", "7w", "-1d", "2026-13-01", "2026-02-30", "2026-11-30 25:00", "30.11.2026", "constructor"]) {
    it(`"${text}" is none`, () => assert.throws(() => moment(TEXTS.en, "--since", text, now), UsageError));
  }
});

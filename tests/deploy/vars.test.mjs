// `npm run deploy` with vars that the relay would refuse, or that cannot work at Cloudflare: nothing is uploaded, and what
// is wrong is named, the relay's refusals in its own words.
//
// In scope: either environment, to an account that is played on this machine. Not in scope: every way in which a setting
// can be wrong (tests/pure/config.rs), which hosts are out of reach (reachable.test.mjs), options (options.test.mjs),
// deploys that go well without vars to check (deploy.test.mjs).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { EVENTS_SECRET, SECRET, SHOP_API_KEY, SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { atTerminal } from "../support/terminal.mjs";
import { whySkip } from "../support/tools.mjs";
import { startAccount } from "./support/cloudflare.mjs";
import { QUIET } from "./support/wrangler.mjs";

const MERCHANT_ID = "0123456";
const DEPLOY = ["node", inRoot("scripts/deploy.mjs")];
const TURKISH = { LC_ALL: "", LC_MESSAGES: "", LANG: "tr_TR.UTF-8" };

// What is replaced in a section of wrangler.toml.
const NUMBER = ['PAYTR_MERCHANT_ID = ""', `PAYTR_MERCHANT_ID = "${MERCHANT_ID}"`];
const NO_NUMBER = [NUMBER[1], NUMBER[0]];
const SLASH = ["ALLOWED_ORIGINS = []", 'ALLOWED_ORIGINS = ["https://shop.example/"]'];
const base = (url) => ['PAYTR_BASE_URL = "https://www.paytr.com"', `PAYTR_BASE_URL = "${url}"`];
const events = (url) => ['EVENTS_URL = ""', `EVENTS_URL = "${url}"`];
const LOOPBACK = events("http://127.0.0.1:8791/paytr-events");
const added = (line) => ['LEDGER_LOCATION = "eeur"', `${line}\nLEDGER_LOCATION = "eeur"`];

// What is said, line by line.
const below = (headline, details) => [headline, ...details.map((detail) => `  ${detail}`)];
const refused = (where, ...details) => below(`The relay would refuse ${where}, and then send nothing:`, details);
const outOfReach = (where, ...details) => below(`Cloudflare cannot reach an address in ${where}:`, details);
const [PRODUCTION, TEST] = ["[vars] of wrangler.toml", "[env.test.vars] of wrangler.toml"];
const ORIGINS_DETAIL =
  "ALLOWED_ORIGINS must hold origins as a browser writes them: https:// and a host in lower case, a port only if it is not 443, nothing after it; http:// only on a loopback host.";
const DEBUG_DETAIL = "PAYTR_DEBUG_ON must be 0 or 1.";

const directory = ownFolder("vars");
const keep = endings();
let account;
before(async () => {
  const right = { PAYTR_MERCHANT_ID: MERCHANT_ID, PAYTR_TIMEOUT_MS: 20000, PAYTR_DEBUG_ON: 0, ALLOWED_ORIGINS: "[]" };
  const lines = Object.entries(right).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(directory, ".dev.vars"), lines.join(""));
  account = await keep(startAccount());
});

/** wrangler.toml with good vars, changed: `production` and `test` are pairs of what is replaced in either section. */
function configuration({ production = [], test = [] } = {}) {
  const replaced = (text, pairs) =>
    pairs.reduce((changed, [from, to]) => {
      assert.ok(changed.includes(from), from);
      return changed.replace(from, to);
    }, text);
  const absolute = [
    ['main = "build/index.js"', `main = ${JSON.stringify(inRoot("build/index.js"))}`],
    ["[build]", `[build]\ncwd = ${JSON.stringify(inRoot(""))}`],
    ['watch_dir = "src"', `watch_dir = ${JSON.stringify(inRoot("src"))}`],
  ];
  const [top, bottom] = readFileSync(inRoot("wrangler.toml"), "utf8").split(/(?=\[env\.test\.vars\])/);
  const file = join(directory, "wrangler.toml");
  writeFileSync(file, replaced(top, [...absolute, NUMBER, ...production]) + replaced(bottom, [NUMBER, ...test]));
  return `--config=${file}`;
}

/** Runs it as npm does, but for the build, and where a .dev.vars would make everything right. */
const deploy = (...args) => call(DEPLOY, args, environment(), directory);

/** A plain PATH, but for the project's own Node, which npm puts in front. */
function environment(env) {
  const PATH = `${inRoot("node_modules/.bin")}:${process.env.PATH}`;
  return { ...process.env, ...QUIET, ...account.env, PATH, ...env };
}

/** Asserts that a deploy failed, and that the account has not seen anything. */
function assertNothing({ status, output }) {
  assert.equal(status, 1, output);
  assert.deepEqual(account.workers, {}, "something was uploaded");
}

/** Asserts that a deploy is refused for these lines. */
async function assertRefused(args, lines) {
  const ended = await deploy(...args);
  assertNothing(ended);
  const said = [...lines, "Nothing was uploaded. Correct them and deploy again.", "", ""].join("\n");
  assert.equal(ended.output.replace(/^\n/, "").replaceAll(/ of .*wrangler\.toml/g, " of wrangler.toml"), said);
}

/** Asserts that a deploy goes well. Gives what was said, and the Worker of this name, which the account forgets. */
async function deployed(worker, ...args) {
  const { status, output } = await deploy(...args);
  assert.equal(status, 0, output);
  const { [worker]: uploaded } = account.workers;
  delete account.workers[worker];
  return { output, uploaded };
}

/** A file of secrets, with what is else in it. */
function secretsFile(others) {
  const file = join(directory, "secrets");
  const paytr = { PAYTR_MERCHANT_KEY: "0123456789abcdef", PAYTR_MERCHANT_SALT: "0123456789abcdef" };
  writeFileSync(file, JSON.stringify({ ...paytr, WEBHOOK_SECRETS: SECRET, ...others }));
  return file;
}

describe("npm run deploy says what the page shows", () => {
  for (const [what, page, config, env] of [
    ["what stands in wrangler.toml at first", "docs/deploy.md", () => `--config=${inRoot("wrangler.toml")}`],
    ["an address on this machine", "docs/deploy.md", () => configuration({ test: [LOOPBACK] })],
    ["an empty number", "docs/deploy.tr.md", () => configuration({ test: [NO_NUMBER] }), TURKISH],
    ["an address on this machine", "docs/deploy.tr.md", () => configuration({ test: [LOOPBACK] }), TURKISH],
  ]) {
    it(`of ${what}: ${page}`, async () => {
      const given = config();
      const ended = await call(DEPLOY, [given, "--env=test"], environment(env), directory);
      assertNothing(ended);
      const place = relative(directory, given.slice("--config=".length));
      const shown = `\n\`\`\`text\n${ended.output.trim().replace(place, "wrangler.toml")}\n\`\`\`\n`;
      assert.ok(readFileSync(inRoot(page), "utf8").includes(shown), `not on the page:\n${shown}`);
    });
  }
});

describe("npm run deploy refuses", () => {
  const test = "--env=test";
  const unreachable = [base("https://forwarder.internal"), LOOPBACK];
  const UNREACHABLE_DETAILS = [
    "PAYTR_BASE_URL leads nowhere: forwarder.internal ends in .internal, which the internet does not know.",
    "EVENTS_URL leads nowhere: 127.0.0.1 is a loopback address, which is the machine itself.",
  ];
  const none = ["{ count = 1, seconds = 60 }", "{ count = 0, seconds = 60 }"];
  const threeWrong = [NO_NUMBER, base("http://www.paytr.com"), none];
  const THREE_DETAILS = [
    "PAYTR_MERCHANT_ID is empty.",
    "PAYTR_BASE_URL must be https:// and a host, in lower case and without a path; http:// only on a loopback host.",
    "SEND_LIMITS must hold limits of a count from 1 to 1000 and seconds from 1 to 2678400, which are 31 days, and nothing else.",
  ];
  const EVENTS_DETAIL =
    "EVENTS_URL must be https://, a host in lower case and a path, such as https://shop.example/paytr-events, at most 400 characters; http:// only on a loopback host; empty turns events off.";
  for (const [what, changes, args, lines] of [
    ["an origin with a slash", { production: [SLASH] }, ["--env="], refused(PRODUCTION, ORIGINS_DETAIL)],
    ["one with --env and its value apart", { test: [SLASH] }, ["--env", "test"], refused(TEST, ORIGINS_DETAIL)],
    ["one with -e", { test: [SLASH] }, ["-e", "test"], refused(TEST, ORIGINS_DETAIL)],
    ["a text that is no list", { test: [["ALLOWED_ORIGINS = []", 'ALLOWED_ORIGINS = "https://shop.example"']] }, [test],
      refused(TEST, 'ALLOWED_ORIGINS must be a JSON list of texts, such as ["https://shop.example"].')],
    ["seconds for milliseconds", { production: [["PAYTR_TIMEOUT_MS = 20000", "PAYTR_TIMEOUT_MS = 0.5"]] }, ["--env="],
      refused(PRODUCTION, "PAYTR_TIMEOUT_MS must be milliseconds, a whole number from 1 to 120000.")],
    ["an address for events that is not on https", { production: [events("http://shop.example/paytr-events")] },
      ["--env="], refused(PRODUCTION, EVENTS_DETAIL)],
    ["three that are wrong", { test: threeWrong }, [test], refused(TEST, ...THREE_DETAILS)],
    ["a var that is given as an option", {}, [test, "--var", "PAYTR_DEBUG_ON:yes"], refused(TEST, DEBUG_DETAIL)],
    ["every one of several vars behind one option", {},
      ["--var", "PAYTR_TIMEOUT_MS:1000", "SEND_LIMITS:nope", "PAYTR_DEBUG_ON:yes", test],
      refused(TEST, DEBUG_DETAIL, 'SEND_LIMITS must be a JSON list of limits, such as [{"count": 1, "seconds": 60}].')],
    ["with --dry-run=false, which is not dry", {}, [test, "--dry-run=false", "--var=PAYTR_DEBUG_ON:2"],
      refused(TEST, DEBUG_DETAIL)],
    ["addresses that the relay would take and Cloudflare cannot reach, in production", { production: unreachable },
      ["--env="], outOfReach(PRODUCTION, ...UNREACHABLE_DETAILS)],
    ["addresses that the relay would take and Cloudflare cannot reach, in test", { test: unreachable },
      [test], outOfReach(TEST, ...UNREACHABLE_DETAILS)],
    ["such an address that is given as an option, wherever it stands behind it", {},
      ["--var", "PAYTR_TIMEOUT_MS:1000", "EVENTS_URL:https://shop:8443/paytr-events", test],
      outOfReach(TEST, "EVENTS_URL leads nowhere: shop is a name without a dot, which only its own network knows.")],
    ["what the relay would not take and what is out of reach together", {},
      [test, "--var", "EVENTS_URL:https://10.0.0.1/x", "PAYTR_DEBUG_ON:yes"], [
        ...refused(TEST, DEBUG_DETAIL),
        ...outOfReach(TEST, "EVENTS_URL leads nowhere: 10.0.0.1 is an address of a private network."),
      ]],
  ]) {
    it(what, () => assertRefused([configuration(changes), ...args], lines));
  }

  it("a secret among the vars, in the file and as an option, and does not show it", async () => {
    const detail = "is a secret, which stands in no file and in no command: npx wrangler secret put asks for it.";
    const headline = `What is secret must not stand in ${TEST}:`;
    const config = configuration({ test: [added(`STOREFRONTS = '''${STOREFRONTS}'''`)] });
    await assertRefused([config, test], below(headline, [`STOREFRONTS ${detail}`]));
    const given = ["--var", `STOREFRONTS:${STOREFRONTS}`, `EVENTS_SECRETS:${EVENTS_SECRET}`];
    const details = [`EVENTS_SECRETS ${detail}`, `STOREFRONTS ${detail}`];
    await assertRefused([configuration(), test, ...given], below(headline, details));
    const ended = await deploy(configuration({ test: [added(`WEBHOOK_SECRETS = "${SECRET}"`)] }), test);
    assertNothing(ended);
    assert.match(ended.output, /WEBHOOK_SECRETS assigned to Environment Variable and Secret/);
    const secrets = [SHOP_SECRET, SHOP_API_KEY, EVENTS_SECRET.slice(8), SECRET.slice(8)];
    for (const secret of secrets) assert.ok(!ended.output.includes(secret), ended.output);
  });

  const [shop, second] = JSON.parse(STOREFRONTS);
  const atHome = { ...second, url: "http://127.0.0.1:8080" };
  const third = { ...second, name: "third", url: "https://shop.local/wp" };
  for (const [what, shops, says, ...details] of [
    ["that the relay would not take", [{ ...shop, url: "http://shop.example" }], refused,
      "STOREFRONTS has a shop whose url is not https:// and the shop's host in lower case, with WordPress' own folder if it has one; http:// only on a loopback host."],
    ["with a secret of the relay's own", [{ ...shop, webhook_secret: SECRET }], refused,
      "STOREFRONTS holds a secret that is among WEBHOOK_SECRETS or EVENTS_SECRETS too; make one of its own."],
    ["that Cloudflare cannot reach, each by its name", [shop, atHome, third], outOfReach,
      "STOREFRONTS leads nowhere for second: 127.0.0.1 is a loopback address, which is the machine itself.",
      "STOREFRONTS leads nowhere for third: shop.local ends in .local, which the internet does not know."],
  ]) {
    it(`shops of a file of secrets ${what}`, async () => {
      const file = secretsFile({ STOREFRONTS: JSON.stringify(shops) });
      await assertRefused([configuration(), test, `--secrets-file=${file}`], says(file, ...details));
    });
  }

  it("an address for events without a secret to sign them with, until there is one", async () => {
    const set = () => configuration({ test: [events("https://shop.example/paytr-events")] });
    const put = "  npx wrangler secret put EVENTS_SECRETS --env test";
    const lines = [`EVENTS_URL is set in ${TEST}, and the relay has nothing to sign events with:`, put];
    const where = [test, "--name=signed"];
    await assertRefused([set(), ...where], lines);
    await assertRefused([set(), ...where, `--secrets-file=${secretsFile({})}`], lines);
    const { uploaded } = await deployed("signed", configuration(), ...where, `--secrets-file=${secretsFile({})}`);
    account.workers.signed = uploaded;
    try {
      const again = await deploy(set(), ...where);
      assert.deepEqual([again.status, uploaded.uploads.length], [1, 1], again.output);
      assert.ok(again.output.includes(put), again.output);
      uploaded.secrets.add("EVENTS_SECRETS");
      await deployed("signed", set(), ...where);
    } finally {
      delete account.workers.signed;
    }
  });

  it("an environment that there is not", async () => {
    const ended = await deploy(configuration(), "--env=tset");
    assertNothing(ended);
    assert.match(ended.output, /No environment found in configuration with name "tset"/);
    assert.match(ended.output, /available configured environment names are: \["test"\]/);
  });
});

describe("npm run deploy", () => {
  it("deploys good shops of a file of secrets, and shows nothing of them", async () => {
    const args = ["--env=test", "--name=shops", `--secrets-file=${secretsFile({ STOREFRONTS })}`];
    const { output, uploaded } = await deployed("shops", configuration(), ...args);
    assert.ok(uploaded.secrets.has("STOREFRONTS"));
    for (const secret of [SHOP_SECRET, SHOP_API_KEY]) assert.ok(!output.includes(secret), output);
  });

  it("warns when the relay loses an address that it was deployed with", async () => {
    const where = ["--env=", "--name=moved"];
    const route = 'workers_dev = false\nroutes = [{ pattern = "relay.shop.example", custom_domain = true }]';
    const moved = () => configuration({ production: [["workers_dev = true", route]] });
    const isWarned = ({ status, output }) => {
      assert.equal(status, 0, output);
      return output.includes("The relay no longer answers at an address that it had:\n  moved on workers.dev\n");
    };
    const dryRuns = async () => [
      isWarned(await deploy(moved(), ...where, "--dry-run")),
      isWarned(await deploy(configuration(), ...where, "--dry-run")),
    ];
    assert.deepEqual(await dryRuns(), [false, false]);
    try {
      assert.ok(!isWarned(await deploy(configuration(), ...where, `--secrets-file=${secretsFile({})}`)));
      assert.deepEqual(await dryRuns(), [true, false]);
    } finally {
      delete account.workers.moved;
    }
  });

  describe("at a terminal, of somebody who does not say which relay", { skip: whySkip(["python3"]) }, () => {
    const ENGLISH = [
      "The test relay is --env test. Replace production? (y/N) ",
      "Without --env this replaces the production relay: the Worker paytr-link-relay, PAYTR_MERCHANT_ID 0123456.",
      "Nothing was uploaded.",
    ];
    const IN_TURKISH = ["Canlı relay değiştirilsin mi? (e/H) "];
    const asked = (question, answer) => {
      const command = [...DEPLOY, configuration(), `--secrets-file=${secretsFile({})}`];
      const env = environment(question === IN_TURKISH[0] && { LC_ALL: "tr_TR.UTF-8" });
      return atTerminal(command, [[question, answer]], env, directory);
    };

    for (const [answer, [question, ...says]] of [["", ENGLISH], ["n", ENGLISH], ["test", ENGLISH], ["h", IN_TURKISH]]) {
      it(`says which it would replace, asks, and uploads nothing after ${JSON.stringify(answer)}`, async () => {
        const ended = await asked(question, answer);
        assertNothing(ended);
        for (const text of says) assert.ok(ended.output.includes(text), ended.output);
      });
    }

    for (const [answer, [question]] of [["y", ENGLISH], ["evet", IN_TURKISH]]) {
      it(`deploys production after ${answer}`, async () => {
        const { status, output } = await asked(question, answer);
        assert.equal(status, 0, output);
        assert.deepEqual(Object.keys(account.workers), ["paytr-link-relay"]);
        delete account.workers["paytr-link-relay"];
      });
    }
  });

  it("says the same before a dry run, and goes on", async () => {
    const { status, output } = await deploy(configuration({ test: [SLASH] }), "--dry-run", "--env=test");
    assert.equal(status, 0, output);
    assert.ok(output.includes(`nothing:\n  ${ORIGINS_DETAIL}\nA deploy that is not dry would end here.`), output);
    assert.match(output, /--dry-run: exiting now\./);
  });

  it("deploys good vars, whatever is wrong in the other environment, and shows nothing of a secret", async () => {
    const config = configuration({ production: [SLASH], test: [events("https://shop.example/paytr-events")] });
    const args = [config, "--env=test", `--secrets-file=${secretsFile({ EVENTS_SECRETS: EVENTS_SECRET })}`];
    const { output, uploaded } = await deployed("paytr-link-relay-test", ...args);
    assert.doesNotMatch(output, /refuse/);
    const [{ metadata }] = uploaded.uploads;
    assert.equal(metadata.observability.enabled, true);
    assert.equal(metadata.observability.logs.invocation_logs, false);
    const bound = Object.fromEntries(metadata.bindings.map(({ name, text, json }) => [name, text ?? json]));
    assert.deepEqual([bound.PAYTR_MERCHANT_ID, bound.ALLOWED_ORIGINS], [MERCHANT_ID, []]);
    assert.ok(!output.includes(SECRET.slice(8)), output);
  });
});

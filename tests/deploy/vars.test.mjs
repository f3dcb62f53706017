// `npm run deploy` with vars that the relay would refuse, or that cannot work at Cloudflare: nothing is uploaded, and what
// is wrong is named, the relay's refusals in its own words.
//
// In scope: either environment, to an account that is played on this machine. Not in scope: every way in which a setting
// can be wrong (tests/pure/config.rs), which hosts are out of reach (reachable.test.mjs), options (options.test.mjs),
// deploys that go well without vars to check (deploy.test.mjs).
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { EVENTS_SECRET, SECRET, SHOP_API_KEY, SHOP_SECRET, STOREFRONTS } from "../support/secrets.mjs";
import { atTerminal } from "../support/terminal.mjs";
import { whySkip } from "../support/tools.mjs";
import { startAccount } from "./support/cloudflare.mjs";

const MERCHANT_ID = "0123456";
const SLASH = ["ALLOWED_ORIGINS = []", 'ALLOWED_ORIGINS = ["https://shop.example/"]'];
const ORIGINS_DETAIL =
  "ALLOWED_ORIGINS must hold origins as a browser writes them: https:// and a host in lower case, a port only if it is not 443, nothing after it; http:// only on a loopback host.";

let directory;
let account;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "vars-"));
  const right = { PAYTR_MERCHANT_ID: MERCHANT_ID, PAYTR_TIMEOUT_MS: 20000, PAYTR_DEBUG_ON: 0, ALLOWED_ORIGINS: "[]" };
  writeFileSync(
    join(directory, ".dev.vars"),
    Object.entries(right)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  account = await startAccount();
});
after(() => {
  account.stop();
  rmSync(directory, { recursive: true });
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
  const number = ['PAYTR_MERCHANT_ID = ""', `PAYTR_MERCHANT_ID = "${MERCHANT_ID}"`];
  const [top, bottom] = readFileSync(inRoot("wrangler.toml"), "utf8").split(/(?=\[env\.test\.vars\])/);
  const file = join(directory, "wrangler.toml");
  writeFileSync(file, replaced(top, [...absolute, number, ...production]) + replaced(bottom, [number, ...test]));
  return `--config=${file}`;
}

const DEPLOY = ["node", inRoot("scripts/deploy.mjs")];

/** Runs it as npm does, but for the build, and where a .dev.vars would make everything right. */
const deploy = (...args) => call(DEPLOY, args, environment(), directory);

function environment() {
  const quiet = { WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", WRANGLER_WRITE_LOGS: "false" };
  // A plain PATH, but for the project's own Node, which npm puts in front.
  return { ...process.env, ...quiet, ...account.env, PATH: `${inRoot("node_modules/.bin")}:${process.env.PATH}` };
}

describe("npm run deploy says in Turkish what docs/deploy.tr.md shows", () => {
  for (const [what, change] of [
    ["an empty number", [`PAYTR_MERCHANT_ID = "${MERCHANT_ID}"`, 'PAYTR_MERCHANT_ID = ""']],
    ["an address on this machine", ['EVENTS_URL = ""', 'EVENTS_URL = "http://127.0.0.1:8791/paytr-events"']],
  ]) {
    it(what, async () => {
      const env = { ...environment(), LC_ALL: "", LC_MESSAGES: "", LANG: "tr_TR.UTF-8" };
      const { status, output } = await call(DEPLOY, [configuration({ test: [change] }), "--env=test"], env, directory);
      assert.equal(status, 1, output);
      const shown = `\n\`\`\`text\n${output.trim().replace(join(directory, "wrangler.toml"), "wrangler.toml")}\n\`\`\`\n`;
      assert.ok(readFileSync(inRoot("docs/deploy.tr.md"), "utf8").includes(shown), `not on the page:\n${shown}`);
      assert.deepEqual(account.workers, {}, "something was uploaded");
    });
  }
});

const REFUSED = (section) => `The relay would refuse ${section} of wrangler.toml, and then send nothing:`;
const OUT_OF_REACH = (section) => `Cloudflare cannot reach an address in ${section} of wrangler.toml:`;

/** Asserts that a deploy is refused for these lines, and that the account has not seen anything. */
async function assertRefused(args, section, lines, headline = REFUSED) {
  await assertAllRefused(args, [headline(section), ...lines.map((line) => `  ${line}`)]);
}

async function assertAllRefused(args, lines) {
  const { status, output } = await deploy(...args);
  assert.equal(status, 1, output);
  const said = [...lines, "Nothing was uploaded. Correct them and deploy again.", "", ""].join("\n");
  assert.equal(output.replace(/^\n/, "").replaceAll(/ of .*wrangler\.toml/g, " of wrangler.toml"), said);
  assert.deepEqual(account.workers, {}, "something was uploaded");
}

describe("npm run deploy", () => {
  for (const [what, option, change, lines] of [
    ["an origin with a slash", "--env=", [SLASH], [ORIGINS_DETAIL]],
    [
      "a text that is no list",
      "--env=test",
      [["ALLOWED_ORIGINS = []", 'ALLOWED_ORIGINS = "https://shop.example"']],
      ['ALLOWED_ORIGINS must be a JSON list of texts, such as ["https://shop.example"].'],
    ],
    [
      "seconds for milliseconds",
      "--env=",
      [["PAYTR_TIMEOUT_MS = 20000", "PAYTR_TIMEOUT_MS = 0.5"]],
      ["PAYTR_TIMEOUT_MS must be milliseconds, a whole number from 1 to 120000."],
    ],
    [
      "an address for events that is not on https",
      "--env=",
      [['EVENTS_URL = ""', 'EVENTS_URL = "http://shop.example/paytr-events"']],
      [
        "EVENTS_URL must be https://, a host in lower case and a path, such as https://shop.example/paytr-events, at most 400 characters; http:// only on a loopback host; empty turns events off.",
      ],
    ],
    [
      "three that are wrong",
      "--env=test",
      [
        [`PAYTR_MERCHANT_ID = "${MERCHANT_ID}"`, 'PAYTR_MERCHANT_ID = ""'],
        ['PAYTR_BASE_URL = "https://www.paytr.com"', 'PAYTR_BASE_URL = "http://www.paytr.com"'],
        ["{ count = 1, seconds = 60 }", "{ count = 0, seconds = 60 }"],
      ],
      [
        "PAYTR_MERCHANT_ID is empty.",
        "PAYTR_BASE_URL must be https:// and a host, in lower case and without a path; http:// only on a loopback host.",
        "SEND_LIMITS must hold limits of a count from 1 to 1000 and seconds from 1 to 2678400, which are 31 days, and nothing else.",
      ],
    ],
  ]) {
    it(`refuses ${what} with ${option}`, async () => {
      const [changed, section] = option === "--env=" ? ["production", "[vars]"] : ["test", "[env.test.vars]"];
      await assertRefused([configuration({ [changed]: change }), option], section, lines);
    });
  }

  it("reads --env as wrangler does", async () => {
    const config = configuration({ test: [SLASH] });
    for (const option of [
      ["--env", "test"],
      ["-e", "test"],
    ]) {
      await assertRefused([config, ...option], "[env.test.vars]", [ORIGINS_DETAIL]);
    }
  });

  it("reads a var that is given as an option", async () => {
    await assertRefused([configuration(), "--env=test", "--var", "PAYTR_DEBUG_ON:yes"], "[env.test.vars]", [
      "PAYTR_DEBUG_ON must be 0 or 1.",
    ]);
  });

  it("reads every one of several vars behind one option", async () => {
    const vars = ["--var", "PAYTR_TIMEOUT_MS:1000", "SEND_LIMITS:nope", "PAYTR_DEBUG_ON:yes"];
    await assertRefused([configuration(), ...vars, "--env=test"], "[env.test.vars]", [
      "PAYTR_DEBUG_ON must be 0 or 1.",
      'SEND_LIMITS must be a JSON list of limits, such as [{"count": 1, "seconds": 60}].',
    ]);
  });

  for (const [changed, option, section] of [
    ["production", "--env=", "[vars]"],
    ["test", "--env=test", "[env.test.vars]"],
  ]) {
    it(`refuses addresses that the relay would take and Cloudflare cannot reach, with ${option}`, async () => {
      const pairs = [
        ['EVENTS_URL = ""', 'EVENTS_URL = "http://127.0.0.1:8791/paytr-events"'],
        ['PAYTR_BASE_URL = "https://www.paytr.com"', 'PAYTR_BASE_URL = "https://forwarder.internal"'],
      ];
      const lines = [
        "PAYTR_BASE_URL leads nowhere: forwarder.internal ends in .internal, which the internet does not know.",
        "EVENTS_URL leads nowhere: 127.0.0.1 is a loopback address, which is the machine itself.",
      ];
      await assertRefused([configuration({ [changed]: pairs }), option], section, lines, OUT_OF_REACH);
    });
  }

  it("refuses such an address that is given as an option, wherever it stands behind it", async () => {
    const vars = ["--var", "PAYTR_TIMEOUT_MS:1000", "EVENTS_URL:https://shop:8443/paytr-events"];
    const line = "EVENTS_URL leads nowhere: shop is a name without a dot, which only its own network knows.";
    await assertRefused([configuration(), ...vars, "--env=test"], "[env.test.vars]", [line], OUT_OF_REACH);
  });

  it("says what the relay would refuse and what is out of reach together", async () => {
    const vars = ["--var", "EVENTS_URL:https://10.0.0.1/x", "PAYTR_DEBUG_ON:yes"];
    await assertAllRefused(
      [configuration(), "--env=test", ...vars],
      [
        REFUSED("[env.test.vars]"),
        "  PAYTR_DEBUG_ON must be 0 or 1.",
        OUT_OF_REACH("[env.test.vars]"),
        "  EVENTS_URL leads nowhere: 10.0.0.1 is an address of a private network.",
      ],
    );
  });

  /** A file of secrets, with what is else in it. */
  const secretsFile = (others) => {
    const file = join(directory, "storefronts");
    const all = { PAYTR_MERCHANT_KEY: "0123456789abcdef", PAYTR_MERCHANT_SALT: "0123456789abcdef", WEBHOOK_SECRETS: SECRET, ...others };
    writeFileSync(file, JSON.stringify(all));
    return file;
  };

  it("refuses a secret among the vars, in the file and as an option, and does not show it", async () => {
    const stands = `STOREFRONTS = '''${STOREFRONTS}'''\nLEDGER_LOCATION = "eeur"`;
    const config = configuration({ test: [['LEDGER_LOCATION = "eeur"', stands]] });
    const detail = "is a secret, which stands in no file and in no command: npx wrangler secret put asks for it.";
    const headline = "What is secret must not stand in [env.test.vars] of wrangler.toml:";
    await assertAllRefused([config, "--env=test"], [headline, `  STOREFRONTS ${detail}`]);
    const given = ["--var", `STOREFRONTS:${STOREFRONTS}`, `EVENTS_SECRETS:${EVENTS_SECRET}`];
    await assertAllRefused(
      [configuration(), "--env=test", ...given],
      [headline, `  EVENTS_SECRETS ${detail}`, `  STOREFRONTS ${detail}`],
    );
    const required = `WEBHOOK_SECRETS = "${SECRET}"\nLEDGER_LOCATION = "eeur"`;
    const { status, output } = await deploy(configuration({ test: [['LEDGER_LOCATION = "eeur"', required]] }), "--env=test");
    assert.equal(status, 1);
    assert.match(output, /WEBHOOK_SECRETS assigned to Environment Variable and Secret/);
    const secrets = [SHOP_SECRET, SHOP_API_KEY, EVENTS_SECRET.slice(8), SECRET.slice(8)];
    for (const secret of secrets) assert.ok(!output.includes(secret), output);
    assert.deepEqual(account.workers, {}, "something was uploaded");
  });

  it("refuses shops of a file of secrets that the relay would not take, in its words", async () => {
    const [shop] = JSON.parse(STOREFRONTS);
    const wrong = secretsFile({ STOREFRONTS: JSON.stringify([{ ...shop, url: "http://shop.example" }]) });
    await assertAllRefused([configuration(), "--env=test", `--secrets-file=${wrong}`], [
      `The relay would refuse ${wrong}, and then send nothing:`,
      "  STOREFRONTS has a shop whose url is not https:// and the shop's host in lower case, with WordPress' own folder if it has one; http:// only on a loopback host.",
    ]);
    const shared = secretsFile({ STOREFRONTS: JSON.stringify([{ ...shop, webhook_secret: SECRET }]) });
    await assertAllRefused([configuration(), "--env=test", `--secrets-file=${shared}`], [
      `The relay would refuse ${shared}, and then send nothing:`,
      "  STOREFRONTS holds a secret that is among WEBHOOK_SECRETS or EVENTS_SECRETS too; make one of its own.",
    ]);
  });

  it("refuses shops of a file of secrets that Cloudflare cannot reach, each by its name", async () => {
    const [shop, second] = JSON.parse(STOREFRONTS);
    const shops = [shop, { ...second, url: "http://127.0.0.1:8080" }, { ...second, name: "third", url: "https://shop.local/wp" }];
    const file = secretsFile({ STOREFRONTS: JSON.stringify(shops) });
    await assertAllRefused([configuration(), "--env=test", `--secrets-file=${file}`], [
      `Cloudflare cannot reach an address in ${file}:`,
      "  STOREFRONTS leads nowhere for second: 127.0.0.1 is a loopback address, which is the machine itself.",
      "  STOREFRONTS leads nowhere for third: shop.local ends in .local, which the internet does not know.",
    ]);
  });

  it("refuses an address for events without a secret to sign them with, until there is one", async () => {
    const events = { test: [['EVENTS_URL = ""', 'EVENTS_URL = "https://shop.example/paytr-events"']] };
    const lines = [
      "EVENTS_URL is set in [env.test.vars] of wrangler.toml, and the relay has nothing to sign events with:",
      "  npx wrangler secret put EVENTS_SECRETS --env test",
    ];
    const where = ["--env=test", "--name=signed"];
    await assertAllRefused([configuration(events), ...where], lines);
    await assertAllRefused([configuration(events), ...where, `--secrets-file=${secretsFile({})}`], lines);
    const first = await deploy(configuration(), ...where, `--secrets-file=${secretsFile({})}`);
    assert.equal(first.status, 0, first.output);
    const { signed } = account.workers;
    try {
      const second = await deploy(configuration(events), ...where);
      assert.equal(second.status, 1, second.output);
      assert.ok(second.output.includes(lines[1]), second.output);
      assert.equal(signed.uploads.length, 1);
      signed.secrets.add("EVENTS_SECRETS");
      const third = await deploy(configuration(events), ...where);
      assert.equal(third.status, 0, third.output);
    } finally {
      delete account.workers.signed;
    }
  });

  it("deploys good shops of a file of secrets, and shows nothing of them", async () => {
    const args = ["--env=test", "--name=shops", `--secrets-file=${secretsFile({ STOREFRONTS })}`];
    const { status, output } = await deploy(configuration(), ...args);
    assert.equal(status, 0, output);
    assert.ok(account.workers.shops.secrets.has("STOREFRONTS"));
    delete account.workers.shops;
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
    const QUESTION = "The test relay is --env test. Replace production? (y/N) ";
    const REPLACES = "Without --env this replaces the production relay: the Worker paytr-link-relay, PAYTR_MERCHANT_ID 0123456.";
    const asked = (answer) => {
      const command = [...DEPLOY, configuration(), `--secrets-file=${secretsFile({})}`];
      return atTerminal(command, [[QUESTION, answer]], environment(), directory);
    };

    for (const answer of ["", "n", "test"]) {
      it(`says which it would replace, asks, and uploads nothing after ${JSON.stringify(answer)}`, async () => {
        const { status, output } = await asked(answer);
        assert.equal(status, 1, output);
        assert.ok(output.includes(REPLACES), output);
        assert.match(output, /Nothing was uploaded\./);
        assert.deepEqual(account.workers, {});
      });
    }

    it("deploys production after a yes", async () => {
      const { status, output } = await asked("y");
      assert.equal(status, 0, output);
      assert.deepEqual(Object.keys(account.workers), ["paytr-link-relay"]);
      delete account.workers["paytr-link-relay"];
    });

    it("asks in Turkish where the locale is Turkish, and does so after evet", async () => {
      const command = [...DEPLOY, configuration(), `--secrets-file=${secretsFile({})}`];
      const env = { ...environment(), LC_ALL: "tr_TR.UTF-8" };
      const question = "Canlı relay değiştirilsin mi? (e/H) ";
      assert.equal((await atTerminal(command, [[question, "h"]], env, directory)).status, 1);
      assert.deepEqual(account.workers, {});
      const { status, output } = await atTerminal(command, [[question, "evet"]], env, directory);
      assert.equal(status, 0, output);
      assert.deepEqual(Object.keys(account.workers), ["paytr-link-relay"]);
      delete account.workers["paytr-link-relay"];
    });
  });

  it("takes no deploy for a dry one that is not", async () => {
    const args = [configuration(), "--env=test", "--dry-run=false", "--var=PAYTR_DEBUG_ON:2"];
    await assertRefused(args, "[env.test.vars]", ["PAYTR_DEBUG_ON must be 0 or 1."]);
  });

  it("refuses what stands in wrangler.toml at first, as docs/deploy.md shows it", async () => {
    const { status, output } = await deploy(`--config=${inRoot("wrangler.toml")}`, "--env=test");
    assert.equal(status, 1, output);
    const shown = output.trim().replace(/ of .*wrangler\.toml/, " of wrangler.toml");
    assert.ok(readFileSync(inRoot("docs/deploy.md"), "utf8").includes(`\n${shown}\n`), shown);
    assert.deepEqual(account.workers, {});
  });

  it("refuses an address that Cloudflare cannot reach, as docs/deploy.md shows it", async () => {
    const page = readFileSync(inRoot("docs/deploy.md"), "utf8");
    const config = configuration({ test: [['EVENTS_URL = ""', 'EVENTS_URL = "http://127.0.0.1:8791/paytr-events"']] });
    const { output } = await deploy(config, "--env=test");
    const shown = output.trim().replace(/ of .*wrangler\.toml/, " of wrangler.toml");
    assert.ok(page.includes(`\n${shown}\n`), shown);
  });

  it("refuses an environment that there is not", async () => {
    const { status, output } = await deploy(configuration(), "--env=tset");
    assert.equal(status, 1, output);
    assert.match(output, /No environment found in configuration with name "tset"/);
    assert.deepEqual(account.workers, {});
  });

  it("says the same before a dry run, and goes on", async () => {
    const { status, output } = await deploy(configuration({ test: [SLASH] }), "--dry-run", "--env=test");
    assert.equal(status, 0, output);
    assert.ok(output.includes(`nothing:\n  ${ORIGINS_DETAIL}\nA deploy that is not dry would end here.`), output);
    assert.match(output, /--dry-run: exiting now\./);
  });

  it("deploys good vars, whatever is wrong in the other environment, and shows nothing of a secret", async () => {
    const secrets = join(directory, "secrets");
    writeFileSync(
      secrets,
      `PAYTR_MERCHANT_KEY=0123456789abcdef\nPAYTR_MERCHANT_SALT=0123456789abcdef\nWEBHOOK_SECRETS=${SECRET}\nEVENTS_SECRETS=${EVENTS_SECRET}\n`,
    );
    const { status, output } = await deploy(
      configuration({
        production: [SLASH],
        test: [['EVENTS_URL = ""', 'EVENTS_URL = "https://shop.example/paytr-events"']],
      }),
      "--env=test",
      `--secrets-file=${secrets}`,
    );
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /refuse/);
    const [{ metadata }] = account.workers["paytr-link-relay-test"].uploads;
    assert.equal(metadata.observability.enabled, true);
    assert.equal(metadata.observability.logs.invocation_logs, false);
    const bound = Object.fromEntries(metadata.bindings.map(({ name, text, json }) => [name, text ?? json]));
    assert.deepEqual([bound.PAYTR_MERCHANT_ID, bound.ALLOWED_ORIGINS], [MERCHANT_ID, []]);
    assert.ok(!output.includes(SECRET.slice(8)), output);
  });
});

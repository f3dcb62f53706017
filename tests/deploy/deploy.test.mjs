// `wrangler deploy` with this repository's wrangler.toml: what goes where, and when it refuses.
//
// In scope: both environments, dry and to an account that is played on this machine. Not in scope: what Cloudflare does
// with an upload; whether the Worker works (tests/worker).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { startAccount } from "./support/cloudflare.mjs";
import { wrangler } from "./support/wrangler.mjs";

const SECRETS = ["PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT", "WEBHOOK_SECRETS"];
/** Each Worker, and the option of wrangler that means it: `--env=` alone is what stands at the top of wrangler.toml. */
const WORKERS = { "paytr-link-relay": "--env=", "paytr-link-relay-test": "--env=test" };
const MODULES = ["index.js", "relay_bg.wasm"];
const named = (file) => file.replace(/^(?:\.\/)?[0-9a-f]+-/, "");
const MOST_GZIPPED_KIB = 246;

const KIB = 1024;

const directory = ownFolder("deploy");
const keep = endings();

/** The lines of wrangler's table of bindings: name, value if it shows one, and kind. */
const bindings = (output) =>
  Array.from(output.matchAll(/^env\.(\w+) \((.*)\) {2,}(.*?) *$/gm), ([, name, value, kind]) => [name, value, kind]);

describe("wrangler deploy --dry-run", () => {
  for (const [worker, option] of Object.entries(WORKERS)) {
    describe(worker, () => {
      let outdir;
      let dryRun;
      before(async () => {
        outdir = join(directory, worker);
        dryRun = await wrangler(["deploy", "--dry-run", option, `--outdir=${outdir}`]);
      });

      it("is deployed without a complaint", () => {
        assert.equal(dryRun.status, 0, dryRun.output);
        assert.doesNotMatch(dryRun.output, /WARNING|ERROR/);
      });

      it("has a ledger and every var", () => {
        const vars = {
          PAYTR_MERCHANT_ID: '""',
          PAYTR_BASE_URL: '"https://www.paytr.com"',
          PAYTR_TIMEOUT_MS: "20000",
          PAYTR_DEBUG_ON: worker.endsWith("-test") ? "1" : "0",
          ALLOWED_ORIGINS: "[]",
          SEND_LIMITS: '[{"count":1,"seconds":60},{"count":5,...',
          EVENTS_URL: '""',
          RELAY_ORIGIN: '""',
          LEDGER_LOCATION: '"eeur"',
        };
        const expected = Object.entries(vars).map(([name, value]) => [name, value, "Environment Variable"]);
        assert.deepEqual(bindings(dryRun.output), [["LEDGER", "Ledger", "Durable Object"], ...expected]);
      });

      it("is what was built, and nothing else", () => {
        const uploaded = readdirSync(outdir).filter((file) => /\.(js|wasm)$/.test(file));
        assert.deepEqual(uploaded.map(named).sort(), MODULES);
        const shown = /^Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB$/m.exec(dryRun.output);
        const [total, gzipped] = shown.slice(1).map(Number);
        const there = uploaded.map((file) => statSync(join(outdir, file)).size).reduce((sum, next) => sum + next) / KIB;
        assert.ok(Math.abs(total - there) < 0.01, `${total} KiB are to be uploaded, and ${there} are there`);
        assert.ok(gzipped <= MOST_GZIPPED_KIB, `${gzipped} KiB`);
        const wasm = uploaded.find((file) => file.endsWith(".wasm"));
        assert.equal(statSync(join(outdir, wasm)).size, statSync(inRoot("build/relay_bg.wasm")).size);
      });
    });
  }

  // A module that an older engine takes than Cloudflare's is one that the usual tools read, too.
  it("has a module that the engine of the pinned Node takes", () => {
    const load = `new WebAssembly.Module(require("node:fs").readFileSync("build/relay_bg.wasm"))`;
    execFileSync(inRoot("node_modules/.bin/node"), ["-e", load], { cwd: inRoot("."), stdio: "pipe" });
  });

  it("ends as docs/deploy.md shows it", async () => {
    const { output } = await wrangler(["deploy", "--dry-run", "--env=test"]);
    const shown = /^Your Worker has access.*^--dry-run: exiting now\.$/ms.exec(output)[0].replace(/ +$/gm, "");
    assert.ok(readFileSync(inRoot("docs/deploy.md"), "utf8").includes(shown), shown);
  });

  it("warns when it is not said which of the environments is meant", async () => {
    const { output } = await wrangler(["deploy", "--dry-run"]);
    assert.match(output, /WARNING.*no target environment was specified/);
  });
});

describe("wrangler deploy", () => {
  let account;
  before(async () => {
    account = await keep(startAccount());
  });

  const run = (args, input) => wrangler(args, { env: account.env, input });

  for (const [worker, option] of Object.entries(WORKERS)) {
    it(`refuses ${worker} until every secret is set, and takes it then`, async () => {
      const first = await run(["deploy", option]);
      assert.equal(first.status, 1, first.output);
      assert.match(first.output, new RegExp(`required secrets have not been set: ${SECRETS.join(", ")}`));
      assert.equal(account.workers[worker], undefined, "something was uploaded");

      for (const secret of SECRETS.slice(1)) {
        const put = await run(["secret", "put", secret, option], "a value\n");
        assert.match(put.output, new RegExp(`Success! Uploaded secret ${secret}`));
      }
      const second = await run(["deploy", option]);
      assert.equal(second.status, 1, second.output);
      assert.match(second.output, /required secrets have not been set: PAYTR_MERCHANT_KEY\n/);
      assert.match(second.output, /wrangler secret put/);

      await run(["secret", "put", "PAYTR_MERCHANT_KEY", option], "a value\n");
      const third = await run(["deploy", option]);
      assert.equal(third.status, 0, third.output);
      assert.doesNotMatch(third.output, /WARNING|ERROR/);
      assert.match(third.output, new RegExp(`https://${worker}\\.your-subdomain\\.workers\\.dev`));
    });

    it(`gives ${worker} a ledger of its own and keeps its secrets`, () => {
      const { metadata, modules } = account.workers[worker].uploads.at(-1);
      const ledger = metadata.bindings.find(({ name }) => name === "LEDGER");
      // Without a script's name it is this Worker's own.
      assert.deepEqual(ledger, { name: "LEDGER", type: "durable_object_namespace", class_name: "Ledger" });
      assert.deepEqual(metadata.migrations, { new_tag: "v1", steps: [{ new_sqlite_classes: ["Ledger"] }] });
      const inherited = metadata.bindings.filter(({ type }) => type === "inherit").map(({ name }) => name);
      assert.deepEqual(inherited, SECRETS);
      assert.deepEqual(Object.keys(modules).map(named).sort(), ["index.js", "index.js.map", "relay_bg.wasm"]);
    });
  }

  it("changes PayTR's key and salt in one step with secret bulk", async () => {
    const worker = account.workers["paytr-link-relay-test"];
    worker.secrets.clear();
    const both = "PAYTR_MERCHANT_KEY=a\nPAYTR_MERCHANT_SALT=b\n";
    const { status, output } = await run(["secret", "bulk", "--env=test"], both);
    assert.equal(status, 0, output);
    assert.deepEqual([...worker.secrets], SECRETS.slice(0, 2));
  });
});

// Every command that a page shows is run by a test, or stands here with the reason why none can.
//
// In scope: the lines of `sh` blocks and of indented ones, and code spans that begin as a command does. Not in scope: what
// comes of a command, which is for the test that runs it.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { PAGES, tokensOf } from "./support/pages.mjs";

const ACCOUNT = "needs an account at Cloudflare";
const LONG = "takes from minutes to hours, and is for a person who looks at the figures";
const PROGRAMS = "tests/examples/programs.mjs";
const RECEIVERS = "tests/examples/receivers.mjs";
const DEPLOY = "tests/deploy/deploy.test.mjs";
const PACKAGE = "tests/package/package.test.mjs";
const ORDER = "tests/docs/first-payment.test.mjs";
const QUESTIONS = "tests/relay/questions.test.mjs";
const MAIL = "tests/examples/alert-mail.test.mjs";

/** By what a whole command looks like: the file that runs it, with words that stand there; or why nothing does. */
const COMMANDS = [
  [/^npm start$/, { by: "tests/support/npm-start.mjs", holds: ['"npm", ["run"', '"start"'] }],
  [/^npm start -- --debug$/, { because: "compiles all of it a second time" }],
  [/^npm run build -- --debug$/, { by: "tests/deploy/build.test.mjs", holds: ['"--debug"'] }],
  [/^npm run demo$/, { by: "tests/examples/demo.test.mjs", holds: ['"demo"'] }],
  [/^npm run demo -- --woocommerce$/, { by: "tests/examples/demo.test.mjs", holds: ['"demo", ["--woocommerce"]'] }],
  [/^npm test$/, { by: ".ci/run", holds: ["step npm test"] }],
  [/^npm ci$/, { by: "tests/deploy/build.test.mjs", holds: ["npm ci"] }],
  [/^npm run deploy( -- --env test)?$/, { by: "tests/deploy/vars.test.mjs", holds: ["scripts/deploy.mjs", "--env=test"] }],
  [/^npm run deploy -- --dry-run --env test$/, { by: "tests/deploy/vars.test.mjs", holds: ["--dry-run", "--env=test"] }],
  [/^npm run deploy --env=test$/, { by: "tests/deploy/options.test.mjs", holds: ['[["--env=test"], kept('] }],
  [/^npm run ping( -- (URL|https:\S+))?$/, { by: "tests/ping/ping.test.mjs", holds: ["npm run ping"] }],
  [/^npm run ping -- https:\S+ --events$/, { by: QUESTIONS, holds: ["npm run ping -- https://relay.example --events"] }],
  [/^npm run relay( -- links)?( --state paid --since yesterday| --state open --since 7d --all| --since 7d --all)?$/, { by: QUESTIONS, holds: ["questionsOf", "npm run relay -- "] }],
  [/^npm run relay -- (events --(dead|pending|since 7d --all)|events|link 1001|replay (--dead|1001)|status)$/, { by: QUESTIONS, holds: ["questionsOf", "npm run relay -- "] }],
  [/^npm run relay -- --help$/, { by: "tests/relay/relay.test.mjs", holds: ['run("relay", ["--help"]'] }],
  [/^npm run --silent relay -- …$/, { because: "stands for all of them" }],
  [/^npm run trigger( -- link\.paid (URL|http\S+)( --reference 1001 --price 158000)?)?$/, { by: "tests/relay/trigger.test.mjs", holds: ['"link.paid", url', '"--reference"', '"--price"'] }],
  [/^npm run explain( -- (FILE|request\.txt))?$/, { by: "tests/explain/explain.test.mjs", holds: ["npm run explain"] }],
  [/^npm run explain -- request\.txt body\.json$/, { by: "tests/explain/captures.test.mjs", holds: ["takes the body from a second file", '"body.json"'] }],
  [/^npm run secret$/, { by: PACKAGE, holds: ['"npm", "run", "--silent", "secret"'] }],
  [/^npm pack$/, { by: PACKAGE, holds: ['"npm", ["pack"'] }],
  [/^npx (--package \.\/paytr-link-relay-0\.1\.0\.tgz )?paytr-link-relay init my-relay( --merchant-id 123456 --name my-relay)?$/, { by: PACKAGE, holds: ['"--package", archive, "paytr-link-relay", "init"', '"npx", "--yes", "paytr-link-relay", "init"', "--merchant-id", "--name"] }],
  [/^npx paytr-link-relay …$/, { because: "stands for all of them" }],
  [/^npm install( --ignore-scripts)?$/, { by: "scripts/init.mjs", holds: ['"install"'] }],
  [/^npm (update( paytr-link-relay)?|install paytr-link-relay@latest)$/, { by: PACKAGE, holds: ['"npm", "update", "paytr-link-relay"', '"npm", "install", "paytr-link-relay@latest"'] }],
  [/^cd node_modules\/paytr-link-relay\/build && sha256sum -c SHA256SUMS$/, { by: PACKAGE, holds: ["sha256sum", "SHA256SUMS"] }],
  [/^node scripts\/openapi-for-generators\.mjs > relay\.yaml$/, { by: "tests/api/clients.test.mjs", holds: ["scripts/openapi-for-generators.mjs", "relay.yaml"] }],
  [/^node scripts\/init\/write-template\.mjs$/, { by: "tests/deploy/template.test.mjs", holds: ["scripts/init/write-template.mjs"] }],
  [/^npm run bench:instructions$/, { by: ".ci/run", holds: ["npm run bench:instructions"] }],
  [/^npm run bench:scale( -- --measure --write)?$/, { by: "tests/load/scale.test.mjs", holds: ["bench/scale.mjs", "measureUsage"] }],
  [/^npm run bench:hooks$/, { by: "tests/load/short.test.mjs", holds: ["bench/hooks.mjs"] }],
  [/^npm run bench:lists$/, { by: "tests/load/short.test.mjs", holds: ["bench/lists.mjs"] }],
  [/^npm run bench:soak$/, { by: "tests/load/short.test.mjs", holds: ["bench/soak.mjs"] }],
  [/^npm run bench(:links|:growth| -- .*)?$/, { because: LONG }],
  [/^npm run …$/, { because: "stands for all of them" }],

  [/^npx wrangler (login|tail( --env \S+| --env=""( --format pretty \| grep '"secret":2')?)?)$/, { because: ACCOUNT }],
  [/^npx wrangler secret put [A-Z_]+ --env(=""| test)( < storefronts\.json)?$/, { by: DEPLOY, holds: ['"secret", "put"'] }],
  [/^npx wrangler secret bulk --env=""$/, { by: DEPLOY, holds: ['"secret", "bulk"'] }],
  [/^npx wrangler (secret put TOKEN|deploy) --config examples\/alert-mail\/wrangler\.toml$/, { by: MAIL, holds: ["examples/alert-mail/wrangler.toml", '"deploy", "--dry-run"'] }],
  [/^curl -sS --json '\{"text": "A try"\}' "\$ALERT_URL"$/, { by: MAIL, holds: ["takes the very command"] }],
  [/^npx wrangler deploy$/, { by: DEPLOY, holds: ["wrangler deploy"] }],
  [/^curl "https:\/\/api\.cloudflare\.com\/.*--data "SELECT …"$/, { because: ACCOUNT }],
  [/^curl (--trace request\.txt …|-v)$/, { by: "tests/explain/forms.test.mjs", holds: ["curl --trace", "curl -v"] }],
  [/^openssl rand -hex 24$/, { because: "is openssl's own" }],
  [/^echo "whsec_\$\(openssl rand -base64 32\)"$/, { by: ORDER, holds: ["openssl rand"] }],

  [/^sudo cp examples\/paytr-forwarder\.nginx\.conf \/etc\/nginx\/conf\.d\/paytr-forwarder\.conf$/, { by: "tests/examples/forwarder.test.mjs", holds: ["examples/paytr-forwarder.nginx.conf"] }],
  [/^sudo (nginx -t|systemctl reload nginx)$/, { because: "is of the forwarder's own machine" }],
  [/^export RELAY_URL=https:\S+$/, { by: ORDER, holds: ["export RELAY_URL="] }],
  [/^read -rs WEBHOOK_SECRET && export WEBHOOK_SECRET$/, { by: ORDER, holds: ['"bash", "-c"', "signing()"] }],
  [/^examples\/send\.sh create "Test" 100 --reference test-[12] --cell-phone 05321234567$/, { by: ORDER, holds: ["--reference"] }],

  [/^(php examples\/send\.php|node examples\/send\.mjs|python3 examples\/send\.py|examples\/send\.sh) sms NB2Zlz3 05321234567$/, { by: PROGRAMS, holds: ["send.php", "send.mjs", "send.py", "send.sh"] }],
  [/^(php examples\/send\.php|node examples\/send\.mjs) create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567( --email musteri@example\.com)?$/, { by: "tests/examples/create.test.mjs", holds: ['"Order 1001", "158000"', "--cell-phone", "--email"] }],
  [/^pip install -r examples\/requirements\.txt$/, { by: PROGRAMS, holds: ["examples/requirements.txt"] }],
  [/^mcs -out:send\.exe -r:System\.Net\.Http,System\.Runtime\.Serialization,System\.Xml,System\.Xml\.Linq examples\/csharp\/send\.cs$/, { by: PROGRAMS, holds: ['"mcs", args', "examples/csharp/"] }],
  [/^mono send\.exe sms NB2Zlz3 05321234567$/, { by: PROGRAMS, holds: ['"mono", inRoot("target/examples/send.exe")'] }],
  [/^dotnet run examples\/csharp\/send\.cs -- sms NB2Zlz3 05321234567$/, { because: "needs the SDK of .NET, which these tests cannot install" }],
  [/^cargo run --manifest-path examples\/rust\/Cargo\.toml (-- sms NB2Zlz3 05321234567|--bin receive)$/, { by: PROGRAMS, holds: ["examples/rust/Cargo.toml"] }],
  [/^export EVENTS_SECRET="whsec_\$\(openssl rand -base64 32\)" SHOP_DB="\$\(mktemp -d\)\/shop\.sqlite"$/, { by: RECEIVERS, holds: ["EVENTS_SECRET", "shop.sqlite"] }],
  [/^php examples\/receive\.php (add 1001 158000|list)$/, { by: RECEIVERS, holds: ["receive.php", '"add"', '"list"'] }],
  [/^php -S 127\.0\.0\.1:8791 examples\/receive\.php$/, { by: RECEIVERS, holds: ['"php", "-S"'] }],
  [/^(node examples\/receive\.mjs|python3 examples\/receive\.py)$/, { by: RECEIVERS, holds: ["receive.mjs", "receive.py"] }],
  [/^WC_SECRET=… WC_PAYMENT_METHOD=bacs RELAY_URL=https:\S+ WEBHOOK_SECRET=whsec_… node examples\/forward-order\.mjs$/, { by: "tests/examples/forward-order.test.mjs", holds: ["examples/forward-order.mjs"] }],

  [/^(npm run build && )?cargo test --test (pure|worker|differential)( -- (a_part_of_its_name|order_property))?$/, { by: "scripts/test.mjs", holds: ['"cargo", ["test", "--workspace"'] }],
  [/^CRASH_ROUNDS=100 cargo test --test worker -- crash$/, { by: "tests/worker/support/crash.rs", holds: ["CRASH_ROUNDS"] }],
  [/^node --test( --test-concurrency=1)? tests\/\w+\/\*\.test\.mjs$/, { by: "scripts/test.mjs", holds: ['"--test", "--test-concurrency=1"'] }],
  [/^node --test --test-name-pattern="a part of its name" tests\/docs\/links\.test\.mjs$/, { because: "runs one of what npm test runs" }],
  [/^npm run build && node tests\/browser\/pictures\.mjs$/, { because: "writes pictures, for a person to look at" }],
  [/^\.ci\/run$/, { by: ".github/workflows/ci.yml", holds: ["run: .ci/run"] }],
  [/^node fuzz\/run\.mjs$/, { by: ".ci/run", holds: ["node fuzz/run.mjs"] }],
  [/^node fuzz\/run\.mjs (-max_total_time=60 message|-runs=11000000)$/, { because: LONG }],
  [/^cargo (install cargo-mutants --version =\S+ --locked|mutants --package paytr-link-relay .*)$/, { because: LONG }],
  [/^(modules=\$\(sed .*|echo .* >> src\/(message|storefront)\/mod\.rs|git checkout src\/message\/mod\.rs src\/storefront\/mod\.rs)$/, { because: "goes with cargo mutants" }],
  [/^cargo install cargo-deny --version =\S+ --locked --no-default-features$/, { by: ".ci/run", holds: ["cargo install cargo-deny"] }],
  [/^(cargo deny|cargo deny --locked check licenses bans sources|\(cd fuzz && cargo deny --locked check licenses bans sources\))$/, { by: ".ci/run", holds: ["--locked check licenses bans sources"] }],
  [/^cargo deny --locked check advisories$/, { because: "reads a database at GitHub" }],
  [/^chromium --user-data-dir="\$\(mktemp -d\)" --remote-debugging-port=9333 \S+$/, { because: "opens a window" }],
  [/^git tag v\d+\.\d+\.\d+$/, { because: "is made once for each release, by a person" }],
  [/^xcode-select --install$/, { because: "is of macOS" }],
];

/** How a code span begins that is a command, and not the name of a program or something else. */
const BEGINS = /^(?:\w+=\S* )*(?:(?:npm|npx|node|cargo|php|python3|pip|curl|git|xcode-select|mcs|mono|dotnet) \S|\.ci\/run$|examples\/\S+ )/;

/** The commands of a page, each once: lines that end in a backslash go on, and comments are none. */
function commandsOf(page) {
  const commands = tokensOf(page).flatMap(({ type, lang, text, codeBlockStyle }) => {
    if (type === "code" && (lang === "sh" || codeBlockStyle === "indented")) return linesOf(text);
    return type === "codespan" && BEGINS.test(text) ? [text] : [];
  });
  return Array.from(new Set(commands));
}

function linesOf(block) {
  const lines = block.replace(/\\\n\s*/g, "").split("\n");
  return lines.map((line) => line.replace(/(?:^|\s+)# .*$/, "").trim()).filter(Boolean);
}

const SHOWN = PAGES.flatMap((page) => commandsOf(page).map((command) => ({ page, command })));
const entriesOf = (command) => COMMANDS.filter(([pattern]) => pattern.test(command));
const text = (file) => readFileSync(inRoot(file), "utf8");

describe("every command of every page", () => {
  for (const { page, command } of SHOWN) {
    it(`is run by a test, or has its reason: ${command}, in ${page}`, () => {
      assert.equal(entriesOf(command).length, 1);
    });
  }
});

describe("every entry of the list", () => {
  for (const [pattern, { by, holds, because }] of COMMANDS) {
    it(`is of a command that is shown, and true: ${pattern}`, () => {
      assert.ok(SHOWN.some(({ command }) => pattern.test(command)), "no page shows it any more");
      if (because) return;
      assert.ok(existsSync(inRoot(by)), `there is no ${by}`);
      for (const words of holds) assert.ok(text(by).includes(words), `${by} does not hold ${words}`);
    });
  }
});

describe("what a command names", () => {
  const { scripts } = JSON.parse(text("package.json"));

  const NPMS_OWN = ["ci", "install", "pack", "update"];

  /** The file of ours that a command runs, if it is one. */
  function programOf(command) {
    const [, script] = /^npm (?:run )?(start|test|[a-z:]+)(?= |$)/.exec(command) ?? [];
    if (script && !NPMS_OWN.includes(script)) return scripts[script]?.split(" ").at(-1) ?? script;
    return command.split(/\s+/).find((word) => /^(?:examples|scripts|fuzz|bench)\/\S+\.(?:mjs|php|py|sh)$/.test(word));
  }

  /** A program, and the files of its own folder. */
  function sourcesOf(program) {
    const folder = inRoot(program.replace(/\.\w+$/, ""));
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".mjs")) : [];
    return [text(program), ...files.map((file) => readFileSync(`${folder}/${file}`, "utf8"))].join("\n");
  }

  for (const { page, command } of SHOWN.filter(({ command }) => programOf(command) && !command.includes("…"))) {
    it(`is there, and has these options: ${command}, in ${page}`, () => {
      const program = programOf(command);
      assert.ok(existsSync(inRoot(program)), `there is no ${program}`);
      // Of `npm run` only what stands behind `--` is the script's.
      const args = command.startsWith("npm") ? (command.split(" -- ")[1] ?? "") : command.split(program)[1];
      for (const [, name] of args.matchAll(/(?:^| )--([a-z-]+)/g)) {
        assert.match(sourcesOf(program), new RegExp(`["'-]?\\b${name}\\b`), `${program} has no --${name}`);
      }
    });
  }

  for (const { page, command } of SHOWN) {
    const [, name] = /cargo test --test (\w+)/.exec(command) ?? [];
    const main = `tests/${name}/main.rs`;
    if (name) it(`is a test of cargo's: ${command}, in ${page}`, () => assert.ok(existsSync(inRoot(main))));
  }
});

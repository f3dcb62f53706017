// The package: what `npm pack` makes of this checkout, installed where there is Node alone, and used as a shop's developer does.
//
// In scope: from nothing to a relay in workerd that sends, is paid by the sandbox and tells a shop; dry and played deploys; updates
// from a registry on this machine; what is in the package. Not in scope: what the Worker does otherwise (tests/worker), what a deploy refuses (tests/deploy).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import getPort from "get-port";
import { inc } from "semver";
import { Webhook } from "standardwebhooks";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { startReceiver } from "../api/support/receiver.mjs";
import { startAccount } from "../deploy/support/cloudflare.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { post } from "../support/message.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { EVENTS_SECRET, MERCHANT, SECRET } from "../support/secrets.mjs";
import { atTerminal } from "../support/terminal.mjs";
import { whySkip } from "../support/tools.mjs";
import { Machine } from "./support/machine.mjs";
import { startRegistry } from "./support/registry.mjs";

const MOST_PACKED_KIB = 500;
const MOST_PACKAGES = 75;
const KIB = 1024;
const FOLDER = "my-relay";
const FILES = [".dev.vars", ".dev.vars.example", ".gitignore", "package.json", "wrangler.toml"];
const PATIENCE_MS = 120_000;
const PHONE = "05321234567";
/** Gives every ledger of a state folder the version of a relay to come. */
const CHANGE_VERSIONS = `
  const { DatabaseSync } = require("node:sqlite");
  const files = require("node:fs").readdirSync(process.argv[1], { recursive: true }).filter((file) => /-Ledger.*[.]sqlite$/.test(file));
  const changed = files.map((file) => {
    const ledger = new DatabaseSync(require("node:path").join(process.argv[1], file));
    const hasSchema = ledger.prepare("SELECT count(*) AS found FROM sqlite_master WHERE name = 'schema'").get().found === 1;
    return hasSchema ? ledger.prepare("UPDATE schema SET version = version + 1").run().changes : 0;
  });
  if (!changed.includes(1)) throw new Error("no ledger was changed: " + files);
`;

const packed = ownFolder("packed");
let machine;
let archive;
before(() => {
  archive = pack("first");
  machine = new Machine();
});
after(() => machine?.remove());

/** A new folder within that of what is packed. */
function folderOf(name) {
  const folder = path.join(packed, name);
  mkdirSync(folder);
  return folder;
}

/** Unpacks the package into a new folder, and gives its path. */
function unpack(name) {
  const folder = folderOf(name);
  execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=1"]);
  return folder;
}

/** Packs this checkout into a folder, and gives the archive's path. */
function pack(folder) {
  const to = folderOf(folder);
  execFileSync("npm", ["pack", "--silent", "--pack-destination", to], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  return path.join(to, readdirSync(to)[0]);
}

describe("npm pack", () => {
  let unpacked;
  before(() => {
    unpacked = unpack("unpacked");
  });

  const text = (file) => readFileSync(path.join(unpacked, file), "utf8");

  it("makes a small package", () => {
    const kib = statSync(archive).size / KIB;
    assert.ok(kib <= MOST_PACKED_KIB, `${kib} KiB`);
  });

  it("makes the same file every time", () => {
    assert.deepEqual(readFileSync(pack("second")), readFileSync(archive));
  });

  it("takes the built modules, with checksums that are right", () => {
    const lines = text("build/SHA256SUMS").trim().split("\n").map((line) => line.split("  "));
    assert.deepEqual(lines.map(([, file]) => file), ["index.js", "relay_bg.wasm"]);
    for (const [hash, file] of lines) {
      const bytes = readFileSync(path.join(unpacked, "build", file));
      assert.equal(hash, createHash("sha256").update(bytes).digest("hex"), file);
      assert.deepEqual(bytes, readFileSync(inRoot(`build/${file}`)), file);
    }
    execFileSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: path.join(unpacked, "build") });
    assert.deepEqual(readdirSync(path.join(unpacked, "build")).sort(), ["SHA256SUMS", "THIRD-PARTY-LICENCES.txt", "index.js", "relay_bg.wasm"]);
  });

  it("takes the licence of every crate that is compiled in", () => {
    const tree = ["tree", "--locked", "--target=wasm32-unknown-unknown", "--edges=normal,no-proc-macro", "--prefix=none"];
    const named = execFileSync("cargo", [...tree, "--package=paytr-link-relay", "--format={p}"], { cwd: ROOT, encoding: "utf8" });
    const crates = new Set(named.match(/^[\w-]+ v[\w.+-]+/gm).filter((crate) => !crate.startsWith("paytr-link-relay ")));
    const licences = text("build/THIRD-PARTY-LICENCES.txt");
    assert.ok(crates.size > 50, `${crates.size} crates`);
    for (const crate of crates) assert.ok(licences.includes(`\n${crate.replace(" v", " ")} (`), crate);
    assert.match(licences, /\nthe Rust standard library/);
    assert.match(licences, /Permission is hereby granted, free of charge/);
    assert.match(licences, /Apache License\s+Version 2\.0/);
  });

  it("takes nothing that would need Rust, and nothing of a person", () => {
    const files = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n");
    const strange = files.filter((file) => /\.rs$|Cargo|\.dev\.vars$|\.env$|setup\.mjs|(?:^|\/)(?:src|tests|node_modules)\//.test(file));
    assert.deepEqual(strange, []);
  });

  it("runs no script of the package where it is installed", () => {
    const { scripts } = JSON.parse(text("package.json"));
    assert.deepEqual(Object.keys(scripts).filter((name) => /install|^prepare$/.test(name)), []);
  });

  it("is of the Worker's version", () => {
    const [, version] = /^\[workspace\.package\]\nversion = "(.+)"$/m.exec(readFileSync(inRoot("Cargo.toml"), "utf8"));
    assert.equal(JSON.parse(text("package.json")).version, version);
  });
});

describe("a machine with Node alone", () => {
  const keep = endings();
  let sandbox;
  let receiver;
  let account;
  before(async () => {
    [sandbox, receiver, account] = await Promise.all([startSandbox(), startReceiver(), startAccount()].map(keep));
    assert.ok(!machine.has("cargo"));
  });

  const at = (...names) => path.join(machine.home, FOLDER, ...names);
  const edit = (file, change) => writeFileSync(at(file), change(readFileSync(at(file), "utf8")));
  const init = (...args) => machine.run(["npx", "--yes", "--package", archive, "paytr-link-relay", "init", ...args]);
  const run = (command, how) => machine.run(command, { folder: FOLDER, ...how });

  /** Runs `npm start` in the folder until it is ready. */
  async function start() {
    const port = await getPort();
    const relay = new Service("start", "npm", ["--prefix", at(), "start"], { env: { ...machine.env, RELAY_PORT: `${port}` } });
    await relay.first((line) => (line === "Ready." ? true : undefined), PATIENCE_MS);
    return { url: `http://127.0.0.1:${port}`, relay };
  }

  it("makes a relay's folder by one command, and shows no secret where nobody sits", async () => {
    const { status, output } = await init(FOLDER, "--merchant-id", MERCHANT.PAYTR_MERCHANT_ID);
    assert.equal(status, 0, output);
    assert.match(output, /npx wrangler secret put WEBHOOK_SECRETS --env test/);
    assert.doesNotMatch(output, /whsec_/);
    assert.deepEqual(readdirSync(at()).filter((file) => !/^node_modules$|^package-lock/.test(file)).sort(), FILES);
    assert.equal(statSync(at(".dev.vars")).mode & 0o777, 0o600);
    assert.equal(JSON.parse(readFileSync(at("package.json"), "utf8")).dependencies["paytr-link-relay"], `file:${archive}`);
  });

  it("installs few packages", () => {
    const { packages } = JSON.parse(readFileSync(at("node_modules/.package-lock.json"), "utf8"));
    const count = Object.keys(packages).length;
    assert.ok(count <= MOST_PACKAGES, `${count} packages`);
  });

  it("overwrites nothing", async () => {
    const contents = () => FILES.map((file) => readFileSync(at(file), "utf8"));
    const there = contents();
    const { status, output } = await init(FOLDER, "--merchant-id", "999999");
    assert.equal(status, 1);
    assert.match(output, /nothing was written: my-relay\/package\.json, my-relay\/wrangler\.toml/);
    assert.deepEqual(contents(), there);
  });

  for (const [what, args, says] of [
    ["without a folder", [], /Which folder/],
    ["a number that is none", ["other", "--merchant-id", "12 34"], /12 34 is no merchant number/],
    ["a name that no Worker has", ["other", "--name", "My_Relay"], /My_Relay is no name of a Worker/],
    ["an option that there is not", ["other", "--merchant", "1"], /No option takes --merchant/],
  ]) {
    it(`refuses ${what}`, async () => {
      const { status, output } = await init(...args);
      assert.equal(status, 1, output);
      assert.match(output, says);
      assert.ok(!readdirSync(machine.home).includes("other"));
    });
  }

  it("asks a person at a terminal, in the language of the locale", { skip: whySkip(["python3"]) }, async () => {
    const program = [path.join(machine.env.PATH, "node"), at("node_modules/paytr-link-relay/scripts/cli.mjs")];
    const questions = [["Mağaza No (Enter: sonra): ", "123456"], ["adı (Enter: relay-2): ", ""]];
    const env = { ...machine.env, LC_ALL: "tr_TR.UTF-8" };
    const { status, output } = await atTerminal([...program, "init", "Relay 2", "--no-install"], questions, env, machine.home);
    assert.equal(status, 0, output);
    const secrets = new Set(output.match(/whsec_[A-Za-z0-9+/]{64}/g));
    assert.equal(secrets.size, 2, output);
    const written = readFileSync(path.join(machine.home, "Relay 2", "wrangler.toml"), "utf8");
    assert.match(written, /^name = "relay-2"$/m);
    assert.equal(written.match(/^PAYTR_MERCHANT_ID = "123456"$/gm).length, 2);
    for (const secret of secrets) assert.ok(!written.includes(secret));
  });

  it("makes a secret that libraries take whole and other tools as text", async () => {
    const { status, output } = await run(["npm", "run", "--silent", "secret"]);
    assert.equal(status, 0, output);
    const [, encoded] = /^ {2}whsec_(\S+)$/m.exec(output);
    const [, text] = /^ {2}([A-Za-z0-9]{32,64})$/m.exec(output);
    assert.equal(Buffer.from(encoded, "base64").toString(), text);
  });

  it("runs the relay in workerd: it sends, is paid, and tells the shop", async () => {
    const settings = { ...MERCHANT, WEBHOOK_SECRETS: SECRET, EVENTS_SECRETS: EVENTS_SECRET, PAYTR_BASE_URL: sandbox.url };
    const lines = Object.entries({ ...settings, EVENTS_URL: `${receiver.url}/events` }).map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(at(".dev.vars"), lines.join(""));
    const { url, relay } = await start();
    try {
      const ping = await run(["npm", "run", "ping", "--", url]);
      assert.equal(ping.status, 0, ping.output);
      assert.match(ping.output, /pong in \d+ ms/);

      const order = { name: "Order 1001", price: 158000, reference: "1001", send: { cell_phone: PHONE } };
      const created = await post(url, { type: "link.create", data: order });
      assert.deepEqual([created.outcome, created.sends?.map(({ outcome }) => outcome)], ["created", ["sent"]], JSON.stringify(created));
      const [message] = await sandbox.outbox.to(PHONE);
      assert.equal(message.delivered, true);

      await sandbox.pay(created.link.id);
      const [{ headers, body }] = await receiver.events("/events", 1);
      const { type, data } = new Webhook(EVENTS_SECRET).verify(body, headers);
      assert.deepEqual([type, data.reference], ["link.paid", "1001"]);
    } finally {
      await relay.stop();
    }
  });

  it("sends nothing on storage that another version has written", async () => {
    execFileSync(inRoot("node_modules/.bin/node"), ["--no-warnings", "--eval", CHANGE_VERSIONS, at(".wrangler/state")]);
    const { url, relay } = await start();
    try {
      const before = await sandbox.outbox.to(PHONE);
      const answer = await post(url, { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: PHONE } });
      assert.deepEqual([answer.status, answer.code], [503, "ledger-unavailable"]);
      assert.deepEqual(await sandbox.outbox.to(PHONE), before);
    } finally {
      await relay.stop();
    }
  });

  it("never asks PayTR itself from this machine", async () => {
    edit(".dev.vars", (text) => text.replace(/^PAYTR_BASE_URL=.*$/m, "PAYTR_BASE_URL='https://www.paytr.com'"));
    const { status, output } = await run(["npm", "start"]);
    assert.equal(status, 1, output);
    assert.match(output, /PAYTR_BASE_URL in \.dev\.vars must be an address on this machine/);
  });

  for (const [what, command] of [
    ["npx wrangler deploy", ["npx", "wrangler", "deploy", "--dry-run", "--env=test"]],
    ["npm run deploy", ["npm", "run", "deploy", "--", "--dry-run", "--env", "test"]],
  ]) {
    it(`is deployed by ${what}, dry`, async () => {
      const { status, output } = await run(command);
      assert.equal(status, 0, output);
      assert.match(output, /--dry-run: exiting now\./);
      assert.doesNotMatch(output, /would end here|ERROR/);
    });
  }

  it("is not deployed anywhere by options that npm has kept", async () => {
    const { status, output } = await run(["npm", "run", "deploy", "--env=test", "--dry-run"]);
    assert.equal(status, 1);
    assert.match(output, /npm has kept --env and --dry-run for itself\. Nothing was uploaded\./);
  });

  it("is deployed to an account, as the Worker of its name, with the very modules of the package", async () => {
    const secrets = path.join(machine.home, "secrets");
    const { PAYTR_MERCHANT_KEY, PAYTR_MERCHANT_SALT } = MERCHANT;
    writeFileSync(secrets, JSON.stringify({ PAYTR_MERCHANT_KEY, PAYTR_MERCHANT_SALT, WEBHOOK_SECRETS: SECRET }));
    const command = ["npm", "run", "deploy", "--", "--env", "test", `--secrets-file=${secrets}`];
    const { status, output } = await run(command, { env: account.env });
    assert.equal(status, 0, output);
    assert.deepEqual(Object.keys(account.workers), [`${FOLDER}-test`]);
    const [{ modules, metadata }] = account.workers[`${FOLDER}-test`].uploads;
    const wasm = Object.entries(modules).find(([name]) => name.endsWith(".wasm"));
    assert.equal(wasm[1], statSync(inRoot("build/relay_bg.wasm")).size);
    const number = metadata.bindings.find(({ name }) => name === "PAYTR_MERCHANT_ID");
    assert.equal(number.text, MERCHANT.PAYTR_MERCHANT_ID);
  });

  it("is deployed from wherever its folder has been moved to", async () => {
    const moved = `${FOLDER} moved`;
    renameSync(at(), path.join(machine.home, moved));
    const { status, output } = await machine.run(["npm", "run", "deploy", "--", "--dry-run", "--env="], { folder: moved });
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /would end here/);
  });
});

describe("an update", () => {
  const OWN = "updated";
  const COMING = "COMING_SETTING";
  const keep = endings();
  let registry;
  let inFolder;
  let next;
  let afterNext;
  before(async () => {
    registry = await keep(startRegistry("paytr-link-relay", machine.env.npm_config_registry));
    const env = { npm_config_registry: registry.url };
    inFolder = (...command) => machine.run(command, { folder: OWN, env });
    const { version } = publish("now", (text) => text);
    [next, afterNext] = [inc(version, "patch"), inc(version, "minor")];
    const { status, output } = await machine.run(["npx", "--yes", "paytr-link-relay", "init", OWN, "--merchant-id", "123456"], { env });
    assert.equal(status, 0, output);
  });

  const at = (...names) => path.join(machine.home, OWN, ...names);
  const installed = () => JSON.parse(readFileSync(at("node_modules/paytr-link-relay/package.json"), "utf8")).version;
  const own = () => FILES.filter((file) => file !== "package.json").map((file) => readFileSync(at(file), "utf8"));

  /** Has the registry hold this checkout's package, changed, and gives its manifest. */
  function publish(folder, change) {
    const to = unpack(folder);
    for (const file of ["package.json", "CHANGELOG.md", "wrangler.toml", "build/index.js"]) {
      writeFileSync(path.join(to, file), change(readFileSync(path.join(to, file), "utf8"), file));
    }
    execFileSync("npm", ["pack", "--silent", "--ignore-scripts"], { cwd: to, stdio: ["ignore", "ignore", "inherit"] });
    const manifest = JSON.parse(readFileSync(path.join(to, "package.json"), "utf8"));
    registry.publish(manifest, path.join(to, `paytr-link-relay-${manifest.version}.tgz`));
    return manifest;
  }

  /** As a release changes them: its version, what it says of itself, a setting of its own, and the Worker. */
  const released = (version) => (text, file) => {
    if (file === "package.json") return JSON.stringify({ ...JSON.parse(text), version });
    if (file === "CHANGELOG.md") return text.replace("## [Unreleased]", `## [${version}]\n\n- \`${COMING}\`: something new.\n\n$&`);
    if (file === "wrangler.toml") return text.replace(/^(?=PAYTR_MERCHANT_ID = )/gm, `${COMING} = ""\n`);
    return `${text}\nglobalThis.releaseOfThisTest = "${version}";\n`;
  };

  it("is taken by npm update up to the next minor version, and changes no file of the folder", async () => {
    for (const version of [next, afterNext]) publish(version, released(version));
    const before = own();
    const { status, output } = await inFolder("npm", "update", "paytr-link-relay");
    assert.equal(status, 0, output);
    assert.equal(installed(), next);
    assert.deepEqual(own(), before);
  });

  it("is deployed, dry, and the folder says what changed", async () => {
    const { status, output } = await inFolder("npm", "run", "deploy", "--", "--env", "test", "--dry-run", "--outdir", "out");
    assert.equal(status, 0, output);
    assert.match(output, /--dry-run: exiting now\./);
    assert.match(output, new RegExp(`in its own wrangler\\.toml what yours has not:\\n {2}vars: ${COMING}\\n`));
    assert.ok(readFileSync(at("out/index.js"), "utf8").includes(`"${next}"`), "the Worker is of another version");
    const changes = readFileSync(at("node_modules/paytr-link-relay/CHANGELOG.md"), "utf8");
    assert.ok(changes.includes(`## [${next}]\n\n- \`${COMING}\``), "CHANGELOG.md is of another version");
  });

  it("goes on to the latest version where that is asked for", async () => {
    const { status, output } = await inFolder("npm", "install", "paytr-link-relay@latest");
    assert.equal(status, 0, output);
    assert.equal(installed(), afterNext);
  });
});

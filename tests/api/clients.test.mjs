// openapi.yaml for generators: clients are made of it, compiled, and used against the built Worker.
//
// In scope: openapi-typescript with openapi-fetch, openapi-python-client, openapi-generator for PHP, TypeScript and Python,
// redocly's lint. Not in scope: whether the document is true (the other tests here).
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { inRoot } from "../../scripts/paths.mjs";
import { phone } from "../support/people.mjs";
import { SECRET } from "../support/secrets.mjs";
import { whySkip } from "../support/tools.mjs";
import { makeVenv } from "../support/venv.mjs";
import { FILE } from "./support/document.mjs";
import { withRelays } from "./support/place.mjs";

const WORKSHOP = inRoot("target/api/clients");
const at = (...names) => path.join(WORKSHOP, ...names);
const ours = (file) => inRoot(`tests/api/clients/${file}`);
const tool = (name, ...args) => execa("npx", ["--no-install", name, ...args], { cwd: WORKSHOP, all: true });
const compile = (...args) => tool("tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", ...args);
/** What comes of a link's life with a program of TypeScript. */
async function bundled(name, url) {
  const bundle = at(`${name}.mjs`);
  const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning"];
  await tool("esbuild", at(`${name}.ts`), ...options, `--outfile=${bundle}`);
  const { run } = await import(`${pathToFileURL(bundle)}?${Date.now()}`);
  return run(url, SECRET, phone());
}
const CAME = { outcomes: ["created", "found", "deleted"], sends: ["sent"], refused: "link-not-found" };

const names = ["typescript", "python", "php-generated", "typescript-generated", "python-generated"];
const relays = withRelays(Object.fromEntries(names.map((name) => [name, {}])));
before(() => mkdirSync(WORKSHOP, { recursive: true }));

it("redocly has nothing to say against it", async () => {
  const { all } = await tool("redocly", "lint", "--config", ours("redocly.yaml"), FILE);
  assert.match(all, /Your API description is valid/);
  assert.doesNotMatch(all, /Warning was generated|You have \d+ (?:warning|error)/, all);
});

describe("openapi-typescript's types", () => {
  before(async () => {
    await tool("openapi-typescript", FILE, "--output", at("api.d.ts"));
    copyFileSync(ours("client.ts"), at("client.ts"));
  });

  it("are strict TypeScript, and a client that leaves out what is optional fits them", async () => {
    await compile("--module", "nodenext", at("client.ts"));
  });

  it("lead a client through a link's life", async () => {
    assert.deepEqual(await bundled("client", relays.urls.typescript), CAME);
  });
});

const VENV = at("python");
const REQUIREMENTS = "tests/api/clients/requirements.txt";

describe("openapi-python-client's client", { skip: whySkip(["python 3.11"]) }, () => {
  const MADE = at("made");
  let warnings;
  before(async () => {
    await makeVenv(VENV, REQUIREMENTS);
    rmSync(MADE, { recursive: true, force: true });
    const args = ["generate", "--path", FILE, "--output-path", MADE, "--meta=none"];
    const PATH = `${path.join(VENV, "bin")}:${process.env.PATH}`;
    ({ all: warnings } = await execa(path.join(VENV, "bin/openapi-python-client"), args, { env: { PATH }, all: true }));
    rmSync(at("paytr_link_relay_client"), { recursive: true, force: true });
    await execa("cp", ["-r", MADE, at("paytr_link_relay_client")]);
  });

  it("is made of the whole document", () => assert.doesNotMatch(warnings, /Unable to|removal of/, warnings));

  it("compiles", () => execa(path.join(VENV, "bin/python3"), ["-m", "compileall", "-q", at("paytr_link_relay_client")]));

  it("leads through a link's life", async () => {
    const env = { PYTHONPATH: WORKSHOP };
    const program = [ours("client.py"), relays.urls.python, SECRET, phone()];
    const { stdout } = await execa(path.join(VENV, "bin/python3"), program, { env });
    assert.deepEqual(JSON.parse(stdout), CAME);
  });
});

describe("openapi-generator's clients", { skip: whySkip(["java", "python 3.11", "php", "php-guzzle"]) }, () => {
  const GENERATED = at("generated");
  const GENERATORS = ["php-nextgen", "typescript-fetch", "python"];
  const made = (...names) => path.join(GENERATED, ...names);
  let said;
  before(async () => {
    await makeVenv(VENV, REQUIREMENTS);
    rmSync(GENERATED, { recursive: true, force: true });
    mkdirSync(GENERATED);
    const { stdout } = await execa(process.execPath, [inRoot("scripts/openapi-for-generators.mjs")]);
    writeFileSync(made("relay.yaml"), stdout);
    // All by one Java machine, which takes longer to start than to work. It takes paths for URIs, in which is no blank.
    for (const name of GENERATORS) {
      writeFileSync(made(`${name}.json`), JSON.stringify({ generatorName: name, inputSpec: "relay.yaml", outputDir: name }));
    }
    const args = ["batch", "--fail-fast", "--threads", "1", ...GENERATORS.map((name) => `${name}.json`)];
    ({ all: said } = await execa(path.join(VENV, "bin/openapi-generator-cli"), args, { cwd: GENERATED, all: true }));
  });

  it("are made of all that a shop asks", () => assert.doesNotMatch(said, /FILEPATH_COLLISION|\bERROR\b|Exception/, said));

  it("are PHP in every file, and lead through a link's life", async () => {
    const files = readdirSync(made("php-nextgen"), { recursive: true }).filter((file) => file.endsWith(".php"));
    assert.ok(files.length > 50, `${files.length} files`);
    for (const file of files) await execa("php", ["-l", made("php-nextgen", file)]);
    const { stdout } = await execa("php", [ours("generated.php"), made("php-nextgen"), relays.urls["php-generated"], SECRET, phone()]);
    assert.deepEqual(JSON.parse(stdout), CAME);
  });

  it("are strict TypeScript, and lead through a link's life", async () => {
    copyFileSync(ours("generated.ts"), at("generated.ts"));
    await compile("--lib", "es2022,dom,dom.iterable", "--module", "preserve", at("generated.ts"));
    assert.deepEqual(await bundled("generated", relays.urls["typescript-generated"]), CAME);
  });

  it("are Python that compiles, and lead through a link's life", async () => {
    const python = path.join(VENV, "bin/python3");
    await execa(python, ["-m", "compileall", "-q", made("python", "openapi_client")]);
    const env = { PYTHONPATH: made("python") };
    const { stdout } = await execa(python, [ours("generated.py"), relays.urls["python-generated"], SECRET, phone()], { env });
    assert.deepEqual(JSON.parse(stdout), CAME);
  });
});

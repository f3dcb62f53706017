// `npm run deploy` with options that npm takes for itself, or that lead somewhere else: it is refused, before a var is
// looked at and before anything is uploaded, and the right command is shown.
//
// npm itself runs the script here, in a folder without wrangler.toml: what gets past the options ends there.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { OPTIONS } from "../../scripts/deploy/options.mjs";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { ownFolder } from "../support/ends.mjs";
import { wrangler } from "./support/wrangler.mjs";

const directory = ownFolder("options");
before(() => {
  const [, deploy] = JSON.parse(readFileSync(inRoot("package.json"), "utf8")).scripts.deploy.split(" && ");
  const script = deploy.replace("scripts/deploy.mjs", JSON.stringify(inRoot("scripts/deploy.mjs")));
  writeFileSync(join(directory, "package.json"), JSON.stringify({ private: true, scripts: { deploy: script } }));
});

async function deploy(args, env = {}) {
  const PATH = `${inRoot("node_modules/.bin")}:${process.env.PATH}`;
  const { status, output } = await call(["npm", "run", "--silent", "deploy"], args, { PATH, ...env }, directory);
  assert.equal(status, 1, output);
  return output.replaceAll(/^npm warn.*\n/gm, "").trim();
}

const kept = (names, right) =>
  `npm has kept ${names} for itself. Nothing was uploaded. What is for the deploy stands behind --:\n  npm run deploy -- ${right}`;
const noOption = (words, right) =>
  `No option takes ${words}. Nothing was uploaded. Options stand behind --:\n  npm run deploy -- ${right}`;
const WHICH =
  'Which relay? Nothing was uploaded.\n  npm run deploy -- --env test\n  npm run deploy -- --env=""    (production)';

describe("npm run deploy refuses", () => {
  for (const [args, says] of [
    [["--env=test"], kept("--env", "--env test")],
    [["--env=test", "--dry-run"], kept("--env and --dry-run", "--env test --dry-run")],
    [["--env", "test"], kept("--env", "--env test")],
    [["--dry-run", "--env", "test"], kept("--env and --dry-run", "--env test --dry-run")],
    [["--dryRun"], kept("--dry-run", "--dry-run")],
    [["--env="], kept("--env", '--env=""')],
    [["--env=test", "--", "--dry-run"], kept("--env", "--env test --dry-run")],
    [["--config=other.toml", "--", "--env=test"], kept("--config", "--config other.toml --env=test")],
    [["--name=third"], kept("--name", "--name third")],
    [["--var", "A:1", "B:2", "--env", "test"], kept("--env and --var", "--env test --var A:1 B:2")],
    // npm takes -e for an abbreviation of an option of its own, and keeps the word behind it.
    [["-e", "test"], WHICH],
    [[], WHICH],
    [["--", "--dry-run"], WHICH.replace("--env test", "--env test --dry-run").replace('--env=""', '--env="" --dry-run')],
    [["test"], noOption("test", "--env test")],
    [["--", "test", "--dry-run"], noOption("test", "--env test --dry-run")],
    [["--", "build/index.js", "--env=test"], noOption("build/index.js", "--env test")],
    [["--", "--dry-run", "test"], noOption("test", "--env test --dry-run")],
    [["--", "--env=test", "--", "--dry-run"], noOption("--dry-run", "--env test")],
    [["--", "--env=test", "--env=other"], "--env is given twice. Nothing was uploaded."],
    [["--", "--config=a.toml", "-c", "b.toml", "--env=test"], "--config is given twice. Nothing was uploaded."],
    [["--", "--cwd=elsewhere", "--env=test"],
      "--cwd leads to another wrangler.toml: run npm run deploy there. Nothing was uploaded."],
  ]) {
    it(["npm run deploy", ...args].join(" "), async () => assert.equal(await deploy(args), says));
  }
});

describe("npm run deploy speaks Turkish under LANG=tr_TR.UTF-8", () => {
  const LANG = "tr_TR.UTF-8";
  for (const [args, says] of [
    [["--env=test", "--dry-run"], /^npm --env ve --dry-run seçeneğini kendisi için aldı\. .*\n {2}npm run deploy -- --env test --dry-run$/],
    [["test"], /^test hiçbir seçeneğe ait değil\. .*\n {2}npm run deploy -- --env test$/],
    [[], /^Hangi relay\? Hiçbir şey yüklenmedi\.\n {2}npm run deploy -- --env test\n/],
    [["--", "--env=test", "--env=other"], /^--env iki kez verilmiş\. Hiçbir şey yüklenmedi\.$/],
    [["--", "--cwd=elsewhere", "--env=test"], /^--cwd başka bir wrangler\.toml gösteriyor: .* Hiçbir şey yüklenmedi\.$/],
    [["--", "--env=test"], / içinde wrangler\.toml yok\.$/],
  ]) {
    it(["npm run deploy", ...args].join(" "), async () => assert.match(await deploy(args, { LANG }), says));
  }
});

describe("npm run deploy takes", () => {
  for (const [what, args, env] of [
    ["--env with a blank", ["--", "--env", "test"]],
    ["-e", ["--", "-e", "test"]],
    ["an empty --env, which is production", ["--", "--env="]],
    ["several words behind --var", ["--", "--var", "A:1", "B:2", "--env=test"]],
    ["CLOUDFLARE_ENV", [], { CLOUDFLARE_ENV: "test" }],
    ["nothing in Cloudflare's own builds, which is production", [], { WORKERS_CI: "1" }],
    ["npm's own message and tag", ["--", "--env=test"], { npm_config_message: "%s", npm_config_tag: "next" }],
  ]) {
    it(what, async () => assert.match(await deploy(args, env), /^There is no wrangler\.toml in /));
  }
});

describe("the options of the deploy", () => {
  it("are those of the pinned wrangler", async () => {
    const { output } = await wrangler(["deploy", "--help"]);
    const shown = { string: [], number: [], array: [], boolean: [], choices: [] };
    const aliases = {};
    for (const entry of output.slice(output.indexOf("GLOBAL FLAGS")).split(/\n(?= {2,6}-)/).slice(1)) {
      const [, names] = /^ *((?:-\w, )?--[\w-]+(?:, --[\w-]+)*) /.exec(entry);
      const [, type] = / {2}\[(string|number|array|boolean|choices)\b/.exec(entry);
      const isShort = (text) => /^-\w$/.test(text);
      const [long, short] = [names.split(", ").filter((text) => !isShort(text)), names.split(", ").filter(isShort)];
      const [name, ...others] = [...long, ...short].map((text) => text.replace(/^-+/, ""));
      shown[type].push(name);
      if (others.length > 0) aliases[name] = others;
    }
    const sorted = (names) => names.toSorted();
    assert.deepEqual(sorted(OPTIONS.string), sorted([...shown.string, ...shown.choices]));
    for (const type of ["number", "array", "boolean"]) {
      assert.deepEqual(sorted(OPTIONS[type]), sorted(shown[type]), type);
    }
    assert.deepEqual(OPTIONS.alias, aliases);
  });
});

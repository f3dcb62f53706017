// The examples as they are started: by another name, by a Node that is too old, as a library, in a locale of eight bits.
//
// In scope: that they run or say why not. Not in scope: what they do then.
import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { ROOT, inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { ownFolder } from "../support/ends.mjs";
import { listen } from "../support/listen.mjs";
import { SECRET } from "../support/secrets.mjs";
import { NODE, whySkip } from "../support/tools.mjs";
import { VENV, makeVenv } from "./programs.mjs";

/** The Node of these tests, which is newer than any example needs. */
const NODE_EXAMPLES = [
  ["send.mjs", "20.12"],
  ["receive.mjs", "22.13"],
  ["forward-order.mjs", "22.13"],
  ["checkout/server.mjs", "20.12"],
];
const OTHERS = [
  ["send.sh", []],
  ["send.py", ["python3"], `${VENV}/bin/python3`],
  ["receive.py", ["python3"], `${VENV}/bin/python3`],
  ["send.php", ["php"], "php"],
  ["receive.php", ["php", "php-sqlite3"], "php"],
];
const USAGE = /^usage: |must be set\.$/m;

describe("an example", { concurrency: true }, () => {
  const directory = ownFolder("examples");
  before(async () => {
    if (!whySkip(["python3"])) await makeVenv();
    await symlink(ROOT, join(directory, "current"));
  });

  for (const [name, needs, ...program] of [...NODE_EXAMPLES.map(([name]) => [name, [], NODE]), ...OTHERS]) {
    for (const [how, path, isLink] of [
      ["in a folder that is a link", `current/examples/${name}`, false],
      ["as a link", name.replace("/", "-"), true],
    ]) {
      it(`runs ${how}: ${name}`, { skip: whySkip(needs) }, async () => {
        if (isLink) await symlink(inRoot(`examples/${name}`), join(directory, path));
        const { status, out, err } = await call([...program, join(directory, path)], []);
        assert.notEqual(status, 0);
        assert.equal(out, "");
        assert.match(err, USAGE);
      });
    }
  }

  for (const [name, oldest] of NODE_EXAMPLES) {
    const [major, minor] = oldest.split(".").map(Number);
    const run = (version, ...options) => {
      const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
      return call([NODE, "--import", `data:text/javascript,${versions}`, ...options, inRoot(`examples/${name}`)], []);
    };

    for (const version of [`${major}.${minor - 1}.9`, "18.20.8", "9.99.0"]) {
      it(`says which Node it needs to ${version}: ${name}`, async () => {
        const { status, out, err } = await run(version);
        assert.deepEqual([status, out, err], [2, "", `This needs Node ${oldest} or newer, and is run by ${version}.\n`]);
      });
    }

    for (const version of [`${oldest}.0`, `${major + 1}.0.0`, "100.0.0"]) {
      it(`runs with Node ${version}: ${name}`, async () => assert.match((await run(version)).err, USAGE));
    }
  }

  it("runs as a link that Node is told to keep", async () => {
    const link = join(directory, "kept.mjs");
    await symlink(inRoot("examples/send.mjs"), link);
    const { status, err } = await call([NODE, "--preserve-symlinks", "--preserve-symlinks-main", link], [], { NODE_PATH: "" });
    // Packages are looked for beside the link then, and are not there: not silent either.
    assert.notEqual(status, 0);
    assert.match(err, /usage: |Cannot find package 'standardwebhooks'/);
  });

  for (const name of ["send.mjs", "receive.mjs"]) {
    it(`does nothing as a library, whatever the program was given: ${name}`, async () => {
      const program = `await import(${JSON.stringify(pathToFileURL(inRoot(`examples/${name}`)).href)}); console.log("imported")`;
      const { status, out, err } = await call([NODE, "--input-type=module", "--eval", program], ["create", "x"]);
      assert.deepEqual([status, out, err], [0, "imported\n", ""]);
    });
  }

  it("keeps Turkish letters in a locale of eight bits: send.sh", { skip: whySkip(["curl", "openssl", "localedef"]) }, async (test) => {
    const locale = "tr_TR.ISO-8859-9";
    await execa("localedef", ["-i", "tr_TR", "-f", "ISO-8859-9", join(directory, locale)]);
    const names = [];
    const server = createServer(async (request, response) => {
      names.push(JSON.parse(await text(request)).data.name);
      response.end('{"outcome":"created","webhook_id":"x","link":{"id":"x","url":"x"}}');
    });
    const { url, stop } = await listen(server);
    test.after(stop);
    const env = { RELAY_URL: url, WEBHOOK_SECRET: SECRET, LOCPATH: directory, LC_ALL: locale };
    const title = "Şişli, İğneada, ÇĞÖÜ çğöü ı";
    const { status } = await call([inRoot("examples/send.sh")], ["create", title, "1", "--reference", "1"], env);
    assert.deepEqual([status, names], [0, [title]]);
  });
});

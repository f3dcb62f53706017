// A machine with Node and npm and nothing else of a developer's: no cargo on the PATH, an empty HOME.
//
// npm asks the registry that this machine's npm asks, by the way that it asks it, and may take packages from its cache. What npx
// installs is this machine's own.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inRoot } from "../../../scripts/paths.mjs";
import { call } from "../../support/call.mjs";

/** What leads a program to the internet, where that takes something. */
const WAYS_OUT = /^(?:(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i;
const QUIET = { WRANGLER_SEND_METRICS: "false", WRANGLER_WRITE_LOGS: "false", FORCE_COLOR: "0" };

export class Machine {
  #directory = realpathSync(mkdtempSync(path.join(tmpdir(), "machine-")));

  /** Where a person is. */
  home = path.join(this.#directory, "home");

  constructor() {
    mkdirSync(this.home);
    const bin = path.join(this.#directory, "bin");
    mkdirSync(bin);
    const programs = { node: inRoot("node_modules/.bin/node"), npm: found("npm"), npx: found("npx"), sh: "/bin/sh" };
    // For the tests' own services; it is of every Linux.
    if (found("setpriv")) programs.setpriv = found("setpriv");
    for (const [name, program] of Object.entries(programs)) symlinkSync(realpathSync(program), path.join(bin, name));
    const npms = (name) => execFileSync("npm", ["config", "get", name], { encoding: "utf8", cwd: tmpdir() }).trim();
    const [cache, packages] = [path.join(this.#directory, "cache"), path.join(npms("cache"), "_cacache")];
    for (const folder of [cache, packages]) mkdirSync(folder, { recursive: true });
    symlinkSync(packages, path.join(cache, "_cacache"));
    const out = Object.entries(process.env).filter(([name]) => WAYS_OUT.test(name));
    this.env = {
      PATH: bin,
      HOME: this.home,
      LC_ALL: "C",
      ...QUIET,
      ...Object.fromEntries(out),
      npm_config_cache: cache,
      npm_config_registry: npms("registry"),
      npm_config_userconfig: npms("userconfig"),
      npm_config_prefer_offline: "true",
      npm_config_update_notifier: "false",
      // Nothing of it needs an install script.
      npm_config_ignore_scripts: "true",
    };
  }

  /** Runs a command in a folder of this person, and resolves as `call` does. */
  run(command, { folder = ".", env, input } = {}) {
    return call(command, [], { ...this.env, ...env }, path.join(this.home, folder), input);
  }

  /** Whether a program is on its PATH. */
  has = (program) => existsSync(path.join(this.env.PATH, program));

  remove() {
    rmSync(this.#directory, { recursive: true });
  }
}

const found = (program) => spawnSync("which", [program], { encoding: "utf8" }).stdout.trim();

// A machine with nothing on it but what a test puts there: programs that note that they were called.
//
// In scope: what `npm run build` calls, in which order. Not in scope: the programs themselves; CI builds every clean
// checkout with the real ones.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRoot } from "../../../scripts/paths.mjs";

const CHECKOUT = ["scripts", "Cargo.toml", "package.json", "package-lock.json"];
const NOTE = 'echo "${0##*/} $*${CARGO_TERM_QUIET:+ (quiet)}" >>"$NOTES"';
const PROGRAMS = {
  cc: "",
  npm: `${NOTE}; /bin/mkdir -p node_modules/wrangler; /bin/cp package-lock.json node_modules/.package-lock.json`,
};
const RUST = {
  cargo: `${NOTE}; /bin/mkdir -p build; : >build/index.js`,
  rustc: 'case $1 in --version) echo "rustc 1.95.0 (made up)" ;; *) echo "$SYSROOT" ;; esac',
  rustup: `${NOTE}; /bin/mkdir -p "$SYSROOT/lib/rustlib/$3"`,
};
/** What rustup.rs sends is a shell script; this one brings the programs above. */
const INSTALLER = `/bin/mkdir -p "$CARGO_HOME/bin"; /bin/cp "$TOOLCHAIN"/* "$CARGO_HOME/bin"`;

export class Machine {
  #directory = mkdtempSync(join(tmpdir(), "machine-"));
  #notes = join(this.#directory, "notes");
  #checkout = join(this.#directory, "checkout");

  /** `hasRust`: whether somebody has installed Rust. `curl`: what it does. */
  constructor({ hasRust, curl = `${NOTE}; echo '${INSTALLER}'` }) {
    for (const file of CHECKOUT) cpSync(inRoot(file), join(this.#checkout, file), { recursive: true });
    this.#put("bin", { ...PROGRAMS, curl });
    this.#put("toolchain", RUST);
    if (hasRust) this.#put("cargo/bin", RUST);
    symlinkSync("/bin/sh", join(this.#directory, "bin", "sh"));
  }

  /** Runs `npm run build`'s script, and returns `{ status, output, calls }`, the calls being those of this run. */
  build(env = {}, ...options) {
    writeFileSync(this.#notes, "");
    const folders = { PATH: "bin", HOME: "home", CARGO_HOME: "cargo", SYSROOT: "sysroot", TOOLCHAIN: "toolchain" };
    const at = ([name, folder]) => [name, join(this.#directory, folder)];
    const places = Object.fromEntries(Object.entries(folders).map(at));
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs", ...options], {
      cwd: this.#checkout,
      encoding: "utf8",
      env: { ...places, NOTES: this.#notes, ...env },
    });
    return { status, output: stdout + stderr, calls: readFileSync(this.#notes, "utf8").split("\n").slice(0, -1) };
  }

  /** Changes the version of wrangler that package-lock.json names, as a pull may. */
  changeLock() {
    const file = join(this.#checkout, "package-lock.json");
    const lock = JSON.parse(readFileSync(file, "utf8"));
    lock.packages["node_modules/wrangler"].version = "99.0.0";
    writeFileSync(file, JSON.stringify(lock));
  }

  remove() {
    rmSync(this.#directory, { recursive: true });
  }

  #put(folder, programs) {
    const place = join(this.#directory, folder);
    mkdirSync(place, { recursive: true });
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(place, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
  }
}

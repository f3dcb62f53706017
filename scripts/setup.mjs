// From a bare checkout to one in which everything can be built: Node, a C linker, Rust with its wasm32 target, and the
// npm packages. What is there already is left alone, and not spoken of.
//
// Until it is done there are no packages, so this file, and what it imports, does with what Node has itself. A command
// imports everything else after it.
import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { machineTexts } from "./machine-texts.mjs";
import { ROOT, inRoot } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

const MINIMUM_NODE = "20.12";
const WASM = "wasm32-unknown-unknown";
/** What rustup.rs says for a machine at which nobody sits. */
const INSTALL_RUST =
  "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --no-modify-path";
const texts = machineTexts();

/** Builds the Worker's two modules, in the environment of {@link buildEnv}. */
export const BUILD_WORKER = ["cargo", ["run", "--locked", "-p", "bundle"]];
/** Builds the two in `build/debug`, in which a stack trace has names. */
export const BUILD_DEBUG = ["cargo", [...BUILD_WORKER[1], "--", "--debug"]];
export const DEBUG_MODULE = "build/debug/index.js";

/**
 * Checks the tools and installs what is missing of the wasm32 target and of the packages.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which cargo and the project's own tools are found
 */
export async function setUp() {
  checkNode();
  const env = await prepareRust();
  await preparePackages(env);
  return env;
}

/** Cargo's progress is of use the first time. After that it would only repeat, at every build, that it has finished. */
export function buildEnv(env, debug = false) {
  return existsSync(inRoot(debug ? DEBUG_MODULE : "build/index.js")) ? { ...env, CARGO_TERM_QUIET: "true" } : env;
}

/** Runs a command to its end. It writes straight to this terminal. */
export async function runToEnd(command, args, env) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  const [code, signal] = await once(child, "close").catch(({ message }) => [message]);
  if (code === 0) return;
  const how = signal ?? (Number.isInteger(code) ? texts.exitCode(code) : texts.notStarted(code));
  throw new UserError(texts.failed(how, [command, ...args].join(" ")));
}

/**
 * Makes a function that runs one numbered step after the other and says what is happening and how long it took.
 *
 * @param {number} count how many steps there will be
 */
export function steps(count) {
  let number = 0;
  return async (title, work) => {
    number += 1;
    console.log(`[${number}/${count}] ${title}`);
    const start = Date.now();
    const result = await work();
    const seconds = Math.round((Date.now() - start) / 1000);
    if (seconds > 0) console.log(texts.doneIn(seconds));
    return result;
  };
}

function checkNode() {
  if (process.platform === "win32") {
    throw new UserError(texts.onWindows);
  }
  if (isOlder(process.versions.node, MINIMUM_NODE)) {
    throw new UserError(texts.oldNode(process.versions.node, MINIMUM_NODE));
  }
}

/**
 * On Cloudflare's build machines, which have no Rust and are made anew for every build, it installs Rust too; on
 * somebody's own machine that is for them to do.
 */
async function prepareRust() {
  const cargoBin = path.join(process.env.CARGO_HOME ?? path.join(homedir(), ".cargo"), "bin");
  // At the end: a terminal that was open before rustup came does not have it on its PATH yet.
  const env = { ...process.env, PATH: [inRoot("node_modules/.bin"), process.env.PATH, cargoBin].join(path.delimiter) };

  const found = (tool) => env.PATH.split(path.delimiter).some((folder) => existsSync(path.join(folder, tool)));
  if (!found("cargo") && process.env.WORKERS_CI === "1") await runToEnd("sh", ["-c", INSTALL_RUST], env);
  if (!found("cargo")) throw new UserError(texts.noCargo(texts.getRust));
  if (!found("cc")) throw new UserError(texts.noLinker);
  const needed = /^rust-version = "(.+)"$/m.exec(readFileSync(inRoot("Cargo.toml"), "utf8"))[1];
  const present = /^rustc (\S+)/.exec(ask("rustc", ["--version"], env))?.[1] ?? "0";
  if (isOlder(present, needed)) {
    throw new UserError(texts.oldRust(present, needed));
  }
  // rust-toolchain.toml asks for it as well, but only where rustup may install by itself.
  const sysroot = ask("rustc", ["--print", "sysroot"], env).trim();
  if (!existsSync(path.join(sysroot, "lib", "rustlib", WASM))) {
    if (!found("rustup")) {
      throw new UserError(texts.noTarget(WASM, texts.getRust));
    }
    await runToEnd("rustup", ["target", "add", WASM], env);
  }
  return env;
}

/** Installs the packages, unless the ones of package-lock.json are there. */
async function preparePackages(env) {
  if (areInstalled()) return;
  if (isWithinThem()) {
    throw new UserError(texts.otherPackages);
  }
  console.log(texts.installingPackages);
  await runToEnd("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], env);
}

/** npm notes in node_modules what it has put there. It does so last: after an interrupted install there is no note. */
function areInstalled() {
  const wanted = lockedPackages("package-lock.json");
  const present = lockedPackages("node_modules/.package-lock.json");
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    const isTheProject = place === "";
    const isForAnotherPlatform = optional && !present[place];
    return isTheProject || isForAnotherPlatform || present[place]?.version === version;
  });
}

/** A build that the project's own wrangler has started must not replace that wrangler while it runs. */
function isWithinThem() {
  return Boolean(process.env.WRANGLER_COMMAND) && existsSync(inRoot("node_modules/wrangler"));
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(inRoot(file), "utf8")).packages;
  } catch {
    return {};
  }
}

/** Compares number by number: 1.100 is not older than 1.95. */
const isOlder = (version, minimum) => version.localeCompare(minimum, "en", { numeric: true }) < 0;

function ask(command, args, env) {
  try {
    return execFileSync(command, args, { cwd: ROOT, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new UserError(texts.doesNotWork(command, error.stderr || error.message));
  }
}

// What must be on the machine before anything can be built: Node, a C linker, Rust, Rust's wasm32 target.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { run } from "./processes.mjs";
import { Trouble } from "./user-error.mjs";
import { isAtLeast } from "./versions.mjs";

const MINIMUM_NODE = "20.12";
const WASM = "wasm32-unknown-unknown";
/** What rustup.rs says for a machine at which nobody sits. */
const INSTALL_RUST =
  "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --no-modify-path";
const GET_RUST = "Install Rust with rustup, as https://rustup.rs says, and try again in a new terminal.";

/** Only what Node itself needs, so that every script can ask before it does anything else. */
export function checkNode() {
  if (process.platform === "win32") {
    throw new Trouble("This does not run on Windows itself. Use WSL: https://learn.microsoft.com/windows/wsl/install");
  }
  if (!isAtLeast(process.versions.node, MINIMUM_NODE)) {
    throw new Trouble(
      `Node ${process.versions.node} is too old: ${MINIMUM_NODE} or newer is needed. Get it at https://nodejs.org`,
    );
  }
}

/**
 * Checks Rust and the linker, and adds the wasm32 target if it is missing. On Cloudflare's build machines, which have
 * no Rust and are made anew for every build, it installs Rust too; on somebody's own machine that is for them to do.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which cargo and the project's own tools are found
 */
export async function prepareTools() {
  const cargoBin = path.join(process.env.CARGO_HOME ?? path.join(homedir(), ".cargo"), "bin");
  const projectBin = path.join(ROOT, "node_modules", ".bin");
  // At the end: a terminal that was open before rustup came does not have it on its PATH yet.
  const env = { ...process.env, PATH: [projectBin, process.env.PATH, cargoBin].join(path.delimiter) };

  const found = (tool) => env.PATH.split(path.delimiter).some((folder) => existsSync(path.join(folder, tool)));
  if (!found("cargo") && process.env.WORKERS_CI === "1") await run("sh", ["-c", INSTALL_RUST], env);
  if (!found("cargo")) throw new Trouble(`cargo is not installed. ${GET_RUST}`);
  if (!found("cc")) {
    throw new Trouble(
      "Rust needs a C linker, and there is no cc. Install one:\n" +
        "  Debian, Ubuntu: sudo apt install build-essential\n  macOS: xcode-select --install",
    );
  }
  const needed = /^rust-version = "(.+)"$/m.exec(readFileSync(path.join(ROOT, "Cargo.toml"), "utf8"))[1];
  const present = /^rustc (\S+)/.exec(ask("rustc", ["--version"], env))?.[1];
  if (!isAtLeast(present ?? "0", needed)) {
    throw new Trouble(`Rust ${present} is too old: ${needed} or newer is needed. Update it:\n  rustup update stable`);
  }
  const sysroot = ask("rustc", ["--print", "sysroot"], env).trim();
  if (!existsSync(path.join(sysroot, "lib", "rustlib", WASM))) {
    if (!found("rustup")) {
      throw new Trouble(`This Rust cannot build for ${WASM}, and there is no rustup to add that. ${GET_RUST}`);
    }
    await run("rustup", ["target", "add", WASM], env);
  }
  return env;
}

function ask(command, args, env) {
  try {
    return execFileSync(command, args, { cwd: ROOT, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Trouble(`${command} is there but does not work:\n\n${error.stderr || error.message}`);
  }
}

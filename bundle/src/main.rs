//! Turns the Worker of the checkout that it is run in into the two modules that wrangler and workerd run: `build/index.js`
//! and `build/relay_bg.wasm`. With `--debug` it makes another two, in `build/debug/`, in which a stack trace has names;
//! what is deployed is never one of those.
//!
//! wasm-bindgen is used as a library, so that Cargo.lock pins it to the very version that the Worker is compiled
//! against, and nothing has to be installed by cargo. The Worker's own entry, `src/entry.js`, stands in for the shim that
//! `worker-build` generates: that one wraps every request in proxies, which cost CPU with each of them.

use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "paytr-link-relay";
const WASM_MODULE: &str = "relay_bg.wasm";
/// What cargo separates flags with in `CARGO_ENCODED_RUSTFLAGS`, so that a path may hold blanks and quotes.
const SEPARATOR: &str = "\x1f";

fn main() -> Result<()> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let debug = match arguments.as_slice() {
        [] => false,
        [only] if only == "--debug" => true,
        _ => bail!("the only option is --debug"),
    };
    env::set_current_dir(checkout()?)?;
    let out = Path::new(if debug { "build/debug" } else { "build" });
    let entry = Path::new("src/entry.js");
    let compiled = compile(debug)?;

    let made = [out.join("index.js"), out.join(WASM_MODULE)];
    if are_newer(&made, &[compiled.clone(), entry.to_owned(), env::current_exe()?]) {
        return Ok(());
    }

    let staging = env::temp_dir().join(format!("paytr-link-relay-bundle-{}", std::process::id()));
    Bindgen::new()
        .input_path(compiled)
        .out_name("relay")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(!debug)
        .remove_producers_section(true)
        .reset_state_function(true)
        .generate(&staging)?;
    fs::copy(entry, staging.join("entry.js"))?;

    fs::create_dir_all(out)?;
    let (module, bound) = (out.join(WASM_MODULE), staging.join(WASM_MODULE));
    if debug {
        fs::copy(bound, module)?;
    } else {
        // A large function that has one caller stays on its own: what no request runs is then never compiled.
        run(tool("wasm-opt")
            .args(["-Os", "--converge", "--one-caller-inline-max-function-size=20", "-o"])
            .args([module, bound]))?;
    }
    run(tool("esbuild")
        .args(["--bundle", "--format=esm", "--log-level=warning", "--external:cloudflare:*"])
        .args([format!("--minify={}", !debug), format!("--external:./{WASM_MODULE}")])
        .arg(format!("--outfile={}", out.join("index.js").display()))
        .arg(staging.join("entry.js")))?;
    fs::remove_dir_all(&staging)?;
    Ok(())
}

/// The checkout that the current directory is in. Where this program was compiled says nothing: cargo takes a checkout's
/// `target/` as it is when the checkout is copied or moved.
fn checkout() -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["locate-project", "--workspace", "--message-format=plain"]).stderr(Stdio::inherit());
    let located = cargo.output().context("cargo cannot be started")?;
    ensure!(located.status.success(), "this is not run in a checkout");
    let manifest = String::from_utf8(located.stdout)?;
    Ok(Path::new(manifest.trim_end()).parent().context("the workspace has no folder")?.to_owned())
}

/// Compiles the Worker, without the paths of this machine in its panic messages: the same sources make the same wasm in
/// every folder and for everybody. Cargo itself names the checkout's own sources from its root on.
fn compile(debug: bool) -> Result<PathBuf> {
    let cargo_home = env::var_os("CARGO_HOME").map_or_else(
        || {
            env::var_os("HOME")
                .map(|home| Path::new(&home).join(".cargo"))
                .context("neither CARGO_HOME nor HOME is set")
        },
        |home| Ok(home.into()),
    )?;
    let mut flags = Vec::new();
    for source in fs::read_dir(cargo_home.join("registry/src"))? {
        flags.push(format!("--remap-path-prefix={}=", source?.path().display()));
    }
    let target_dir = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let (profile, folder) = if debug { ("dev", "debug") } else { ("release", "release") };
    run(Command::new("cargo")
        .args(["build", "--lib", "--locked", "--package", PACKAGE, "--target", TARGET, "--profile", profile])
        .arg("--target-dir")
        .arg(&target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join(SEPARATOR)))?;
    Ok(target_dir.join(TARGET).join(folder).join(format!("{}.wasm", PACKAGE.replace('-', "_"))))
}

/// Whether what was made is newer than what it is made of: wasm-opt takes seconds, and wrangler builds at every start.
fn are_newer(made: &[PathBuf], sources: &[PathBuf]) -> bool {
    let times = |paths: &[PathBuf]| {
        paths.iter().map(|path| fs::metadata(path)?.modified()).collect::<std::io::Result<Vec<_>>>().unwrap_or_default()
    };
    times(made).iter().min() > times(sources).iter().max()
}

/// One of the checkout's own npm packages.
fn tool(name: &str) -> Command {
    Command::new(Path::new("node_modules/.bin").join(name))
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} cannot be started", command.get_program().display()))?;
    if !status.success() {
        bail!("{} failed: {status}", command.get_program().display());
    }
    Ok(())
}

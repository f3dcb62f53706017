//! Turns the relay's wasm into the two modules that wrangler and workerd run: `build/index.js` and
//! `build/relay_bg.wasm`. Named a directory and its package, it does the same with another Worker, in that directory.
//!
//! wasm-bindgen is used as a library, so that Cargo.lock pins it to the very version that the Worker is compiled
//! against, and nothing has to be installed by cargo. The Worker's own entry, `src/entry.js`, stands in for the shim that
//! `worker-build` generates: that one wraps every request in proxies, which cost CPU with each of them.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
const WASM_MODULE: &str = "relay_bg.wasm";

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    env::set_current_dir(root)?;
    let mut arguments = env::args().skip(1);
    let directory = arguments.next().unwrap_or_else(|| ".".to_owned());
    let package = arguments.next().unwrap_or_else(|| "paytr-link-relay".to_owned());
    let (entry, out) = (Path::new(&directory).join("src/entry.js"), Path::new(&directory).join("build"));
    let compiled = compile(&directory, &package)?;

    let made = [out.join("index.js"), out.join(WASM_MODULE)];
    if are_newer(&made, &[compiled.clone(), entry.clone(), env::current_exe()?]) {
        return Ok(());
    }

    let staging = env::temp_dir().join(format!("paytr-link-relay-bundle-{}", std::process::id()));
    Bindgen::new()
        .input_path(compiled)
        .out_name("relay")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .reset_state_function(true)
        .generate(&staging)?;
    fs::copy(entry, staging.join("entry.js"))?;

    fs::create_dir_all(&out)?;
    let tool = |name: &str| Command::new(root.join("node_modules/.bin").join(name));
    // A large function that has one caller stays on its own: what no request runs is then never compiled.
    run(tool("wasm-opt")
        .args(["-Os", "--converge", "--one-caller-inline-max-function-size=20", "-o"])
        .arg(out.join(WASM_MODULE))
        .arg(staging.join(WASM_MODULE)))?;
    run(tool("esbuild")
        .args(["--bundle", "--minify", "--format=esm", "--log-level=warning", "--external:cloudflare:*"])
        .args([format!("--external:./{WASM_MODULE}"), format!("--outfile={}", out.join("index.js").display())])
        .arg(staging.join("entry.js")))?;
    fs::remove_dir_all(&staging)?;
    Ok(())
}

/// Compiles the Worker, without the paths of this machine in its panic messages.
fn compile(directory: &str, package: &str) -> Result<PathBuf> {
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
        flags.push(format!("\"--remap-path-prefix={}=\"", source?.path().display()));
    }
    let target_dir = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    run(Command::new("cargo")
        .args(["build", "--release", "--lib", "--locked", "--target", TARGET, "--package", package])
        .arg(format!("--manifest-path={directory}/Cargo.toml"))
        .arg(format!("--config=target.{TARGET}.rustflags=[{}]", flags.join(",")))
        .arg(format!("--target-dir={}", target_dir.display())))?;
    let wasm = format!("release/{}.wasm", package.replace('-', "_"));
    Ok(target_dir.join(TARGET).join(wasm))
}

/// Whether what was made is newer than what it is made of: wasm-opt takes seconds, and wrangler builds at every start.
fn are_newer(made: &[PathBuf], sources: &[PathBuf]) -> bool {
    let times = |paths: &[PathBuf]| {
        paths.iter().map(|path| fs::metadata(path)?.modified()).collect::<std::io::Result<Vec<_>>>().unwrap_or_default()
    };
    times(made).iter().min() > times(sources).iter().max()
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} cannot be started", command.get_program().display()))?;
    if !status.success() {
        bail!("{} failed: {status}", command.get_program().display());
    }
    Ok(())
}

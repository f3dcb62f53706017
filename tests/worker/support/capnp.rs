//! workerd's configuration, from a list of services.

use super::services::{Binding, Service};
use std::fmt::Write;
use std::path::Path;

/// The files of the Worker.
pub const MODULES: [&str; 2] = ["index.js", "relay_bg.wasm"];

/// The service that Analytics Engine's data points go to.
const ANALYTICS: &str = "analytics";
const SINK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worker/support/analytics.mjs");

/// The text of a configuration: the Worker of `build` under every service's settings, each on a free loopback port, all
/// with their storage under `storage`.
pub fn config(services: &[Service], build: &Path, storage: &Path) -> String {
    let [script, wasm] = MODULES.map(|module| text(build.join(module).to_str().unwrap()));
    let mut names = String::new();
    let mut sockets = String::new();
    let mut workers = String::new();
    for (number, service) in services.iter().enumerate() {
        let name = text(&service.name);
        writeln!(names, "    (name = {name}, worker = .worker{number}),").unwrap();
        writeln!(sockets, "    (name = {name}, address = \"127.0.0.1:0\", http = (), service = {name}),").unwrap();
        workers.push_str(&worker(number, service));
    }
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
{names}    (name = {analytics}, worker = .analytics),
    (name = "internet", network = (allow = ["public", "private", "local"])),
    (name = "disk", disk = (path = {storage}, writable = true)),
  ],
  sockets = [
{sockets}  ],
);
const modules :List(Workerd.Worker.Module) = [
  (name = "index.js", esModule = embed {script}),
  (name = "relay_bg.wasm", wasm = embed {wasm}),
];
const analytics :Workerd.Worker = (
  modules = [(name = "analytics.mjs", esModule = embed {sink})],
  compatibilityDate = "2026-11-01",
);
{workers}"#,
        analytics = text(ANALYTICS),
        sink = text(SINK),
        storage = text(storage.to_str().unwrap()),
    )
}

fn worker(number: usize, service: &Service) -> String {
    let mut bindings = String::new();
    for (name, binding) in &service.bindings {
        let (kind, value) = match binding {
            Binding::Text(value) => ("text", value.as_str()),
            Binding::Json(value) => ("json", value.as_str()),
            Binding::Metrics => ("analyticsEngine", ANALYTICS),
        };
        writeln!(bindings, "    (name = {}, {kind} = {}),", text(name), text(value)).unwrap();
    }
    if service.has_ledger {
        bindings.push_str("    (name = \"LEDGER\", durableObjectNamespace = \"Ledger\"),\n");
    }
    format!(
        r#"const worker{number} :Workerd.Worker = (
  modules = .modules,
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  bindings = [
{bindings}  ],
  durableObjectNamespaces = [(className = "Ledger", uniqueKey = {key}, enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);
"#,
        key = text(&format!("ledger-{}", service.name)),
    )
}

/// A literal of Cap'n Proto's language.
fn text(value: &str) -> String {
    let mut literal = String::from('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            control if control.is_ascii_control() => write!(literal, "\\x{:02x}", u32::from(control)).unwrap(),
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

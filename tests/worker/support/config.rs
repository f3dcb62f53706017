//! workerd's configuration, from a list of services: made by the program that also makes that of the tests in Node.

use super::services::{Binding, Service};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The files of the Worker.
pub const MODULES: [&str; 2] = ["index.js", "relay_bg.wasm"];

const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/.bin/node");
const GENERATOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/workerd-config.mjs");

/// The text of a configuration: the Worker of `build` under every service's settings, each on a free loopback port, all
/// with their storage under `storage`.
pub fn config(services: &[Service], build: &Path, storage: &Path) -> Vec<u8> {
    let modules: Map<String, Value> =
        MODULES.iter().map(|module| ((*module).to_owned(), json!(build.join(module)))).collect();
    let services: Vec<Value> = services.iter().map(service).collect();
    let configured = json!({"modules": modules, "storage": storage, "services": services});
    let mut node = Command::new(NODE)
        .arg(GENERATOR)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is not there: npm ci");
    node.stdin.take().unwrap().write_all(configured.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "no configuration for workerd");
    output.stdout
}

fn service(Service { name, bindings, has_ledger }: &Service) -> Value {
    let bindings: Map<String, Value> =
        bindings.iter().map(|(name, value)| ((*name).to_owned(), binding(value))).collect();
    json!({"name": name, "bindings": bindings, "hasLedger": has_ledger})
}

fn binding(binding: &Binding) -> Value {
    match binding {
        Binding::Text(value) => json!({"text": value}),
        Binding::Json(value) => json!({"json": value}),
        Binding::Metrics => json!({"analytics": true}),
    }
}

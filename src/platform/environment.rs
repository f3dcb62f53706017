//! The settings, from the environment.

use crate::config::{self, Config, InvalidSetting};
use std::cell::OnceCell;
use worker::Env;
use worker::js_sys::{JSON, Reflect};
use worker::wasm_bindgen::JsValue;

/// The binding of the partitions.
pub const LEDGER: &str = "LEDGER";

thread_local! {
    static NAMESPACE: OnceCell<&'static str> = const { OnceCell::new() };
    static CONFIG: OnceCell<&'static Result<Config, Vec<InvalidSetting>>> = const { OnceCell::new() };
    static ORIGINS: OnceCell<&'static [String]> = const { OnceCell::new() };
}

/// The settings, parsed once per isolate, for its whole life: an isolate's environment never changes.
pub fn config(env: &Env) -> Result<&'static Config, &'static [InvalidSetting]> {
    let parse = || &*Box::leak(Box::new(Config::parse(|name| variable(env, name))));
    CONFIG.with(|config| *config.get_or_init(parse)).as_ref().map_err(Vec::as_slice)
}

/// The origins of pages that may read answers, whether or not the other settings are good.
pub fn allowed_origins(env: &Env) -> &'static [String] {
    let parse = || &*config::allowed_origins(|name| variable(env, name)).leak();
    ORIGINS.with(|origins| *origins.get_or_init(parse))
}

/// What tells this relay from every other one, even of the same merchant: the id that the platform makes of a name in the
/// namespace of its objects. It is the same as long as these objects are there.
pub fn namespace(env: &Env) -> worker::Result<&'static str> {
    NAMESPACE.with(|known| {
        if let Some(known) = known.get() {
            return Ok(*known);
        }
        let id = env.durable_object(LEDGER)?.id_from_name("namespace")?.to_string();
        Ok(*known.get_or_init(|| id.leak()))
    })
}

/// A variable: its text, or its JSON as text. `Env::var` and `Env::object_var` lose lists and numbers.
fn variable(env: &Env, name: &str) -> Option<String> {
    let value: JsValue = Reflect::get(env, &name.into()).ok()?;
    if value.is_undefined() || value.is_null() {
        return None;
    }
    value.as_string().or_else(|| JSON::stringify(&value).ok().map(String::from))
}

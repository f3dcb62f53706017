//! The relay's own sources, but for one module: [`platform::ledger`] asks PayTR at once and records nothing, so that it
//! sends twice if asked twice. For the benchmark alone.

#[path = "../../../src/config.rs"]
pub mod config;
#[path = "../../../src/events/mod.rs"]
pub mod events;
#[path = "../../../src/headers/mod.rs"]
pub mod headers;
#[path = "../../../src/json.rs"]
pub mod json;
#[path = "../../../src/ledger/mod.rs"]
pub mod ledger;
#[path = "../../../src/link.rs"]
pub mod link;
#[path = "../../../src/mac.rs"]
pub mod mac;
#[path = "../../../src/model/mod.rs"]
pub mod model;
#[path = "../../../src/operation/mod.rs"]
pub mod operation;
#[path = "../../../src/paytr/mod.rs"]
pub mod paytr;
#[path = "../../../src/problem.rs"]
pub mod problem;
#[path = "../../../src/response.rs"]
pub mod response;
#[path = "../../../src/standard_webhooks/mod.rs"]
pub mod standard_webhooks;
#[path = "../../../src/telemetry/mod.rs"]
pub mod telemetry;

mod platform;

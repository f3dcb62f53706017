//! The pure modules, on the host: one module of tests for each module of the relay.
//!
//! Not in scope: the Worker itself, which the test target `worker` drives inside workerd.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics is a test that fails"
)]

mod answer;
mod content;
mod cors;
mod events_event;
mod events_schedule;
mod events_verdict;
mod json;
mod ledger_machine;
mod ledger_names;
mod ledger_property;
mod log;
mod mac;
mod message;
mod message_fields;
mod metrics;
mod model;
mod model_expiry_date;
mod origin;
mod outcome;
mod paytr_callback;
mod paytr_form;
mod paytr_reply;
mod paytr_token;
mod problem;
mod recipient;
mod settings;
mod settings_secrecy;
mod standard_webhooks_sign;
mod support;
mod vectors;
mod webhook;
mod webhook_property;
mod webhook_secrets;
mod webhook_signatures;

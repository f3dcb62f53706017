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

mod config;
mod config_secrecy;
mod events_event;
mod events_property;
mod events_schedule;
mod events_verdict;
mod headers_cors;
mod headers_media_type;
mod json;
mod ledger_delivery;
mod ledger_keys;
mod ledger_property;
mod ledger_retention;
mod ledger_state_machine;
mod link;
mod mac;
mod model;
mod model_characters;
mod model_expiry_date;
mod model_origin;
mod model_recipient;
mod operation_create;
mod operation_delete;
mod operation_fields;
mod operation_get;
mod operation_message;
mod operation_replay;
mod operation_send;
mod paytr_callback;
mod paytr_form;
mod paytr_outcome;
mod paytr_redact;
mod paytr_reply;
mod paytr_seal;
mod paytr_token;
mod problem;
mod response;
mod standard_webhooks_property;
mod standard_webhooks_secrets;
mod standard_webhooks_sign;
mod standard_webhooks_signatures;
mod standard_webhooks_verify;
mod support;
mod telemetry_log_line;
mod telemetry_metrics;
mod vectors;

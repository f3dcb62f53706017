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

mod alert;
mod config;
mod config_secrecy;
mod http_answer;
mod http_cors;
mod http_media_type;
mod http_problem;
mod http_response;
mod json;
mod ledger_encryption;
mod ledger_fingerprint;
mod ledger_keys;
mod ledger_once;
mod ledger_once_property;
mod ledger_refusal;
mod ledger_retention;
mod ledger_send_limits;
mod link;
mod link_of_order;
mod mac;
mod message;
mod message_create;
mod message_delete;
mod message_envelope;
mod message_fields;
mod message_get;
mod message_list;
mod message_ping;
mod message_replay;
mod message_send;
mod message_status;
mod model;
mod model_characters;
mod model_expiry_date;
mod model_moment;
mod model_origin;
mod model_recipient;
mod order;
mod order_answer;
mod order_payment;
mod order_property;
mod order_world;
mod packed;
mod packed_damage;
mod payment_assessment;
mod payment_assessment_property;
mod payment_event;
mod paytr_create;
mod paytr_form;
mod paytr_merchant;
mod paytr_notification;
mod paytr_outcome;
mod paytr_redact;
mod paytr_reply;
mod shop;
mod standard_webhooks_secrets;
mod standard_webhooks_sign;
mod standard_webhooks_signatures;
mod standard_webhooks_verify;
mod storefront_converse;
mod storefront_note;
mod storefront_setting;
mod storefront_shopify;
mod storefront_shopify_converse;
mod storefront_vectors;
mod storefront_woocommerce;
mod support;
mod tasks_close_link;
mod tasks_deliver_event;
mod tasks_sweep;
mod telemetry_log_line;
mod telemetry_metrics;
mod vectors;

//! In the place of the ledger: the call to PayTR, and nothing before or after it.

use super::{clock, log, paytr, response};
use crate::config::Config;
use crate::ledger::Delivery;
use crate::operation::{CallContext, Plan, ResponseContext};
use crate::telemetry::LogLine;
use worker::{Env, Error, Result, web_sys};

/// Carries a message out, as often as it comes.
pub async fn deliver(env: &Env, config: &Config, delivery: &Delivery) -> Result<web_sys::Response> {
    let Plan::Once(_, operation) = delivery.message.plan() else {
        return Err(Error::RustError("only what asks PayTR is measured".to_owned()));
    };
    let now = clock::now();
    let context = CallContext { config, now, origin: &delivery.origin, callback_id: None, link: None };
    let Ok(call) = operation.call(&context) else {
        return Err(Error::RustError("there is nothing to call".to_owned()));
    };
    let paytr::Answered { reply, http_status } = paytr::ask(config, &call).await;
    let paytr_ms = Some(clock::now().saturating_sub(now));
    let end = operation.end(reply.as_ref().map_err(|cause| *cause), &call.private, config, None);
    let context = ResponseContext {
        webhook_id: &delivery.webhook_id,
        callback_id: None,
        link: None,
        base64_qr: None,
        follow_ups: &[],
    };
    let conclusion = operation.respond(&end.record, &context);
    let line = LogLine {
        paytr_http_status: http_status,
        paytr_ms,
        reason: conclusion.reason,
        paytr_status: conclusion.paytr_status,
        ..LogLine::new(&delivery.request, clock::now(), &conclusion.response)
    };
    log::log(env, &delivery.describe(line));
    Ok(response::to_platform(&conclusion.response)?)
}

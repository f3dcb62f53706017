//! `relay.ping`: an answer that the request is signed right, and nothing else.

use super::{Fields, MessageType, Operation, Plan};
use crate::response::Response;
use serde::{Deserialize, Serialize};

/// No data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {}

impl MessageType for Ping {
    const TYPE: &'static str = "relay.ping";
    const FIELDS: &'static [&'static str] = &[];
    const DATA_IS_OPTIONAL: bool = true;

    fn parse(_: &mut Fields) -> Option<Self> {
        Some(Self {})
    }
}

impl Operation for Ping {
    fn plan(&self) -> Plan<'_> {
        Plan::Respond(Response::success("pong", &Pong { outcome: "pong" }))
    }
}

#[derive(Serialize)]
struct Pong {
    outcome: &'static str,
}

//! `relay.ping`: an answer that the request is signed right, and nothing else.

use super::{Fields, Handling, MessageType, Success};
use crate::packed;
use serde::Serialize;

/// No data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {}

/// The answer to a ping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pong {}

impl MessageType for Ping {
    const TYPE: &'static str = "relay.ping";
    const FIELDS: &'static [&'static str] = &[];
    const DATA_IS_OPTIONAL: bool = true;
    const OUTCOME: &'static str = "pong";
    type Answer = Pong;

    fn parse(_: &mut Fields) -> Option<Self> {
        Some(Self {})
    }

    fn handling(&self) -> Handling<'_> {
        Handling::Answer(Success::Ping(Pong {}))
    }
}

packed!(struct Ping {});
packed!(struct Pong {});

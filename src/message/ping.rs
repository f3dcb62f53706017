//! `relay.ping`: an answer that the request is signed right, with the storefronts that there are, and nothing else.

use super::{Fields, Handling, MessageType, Success};
use crate::packed;
use crate::storefront::Storefront;
use serde::Serialize;

/// No data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {}

/// The answer to a ping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pong {
    /// The shops whose webhooks are taken
    #[serde(skip_serializing_if = "Vec::is_empty")]
    storefronts: Vec<Shown>,
}

/// What is shown of a storefront: nothing that is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Shown {
    name: String,
    platform: String,
    /// The path that its shop posts to
    hook: String,
    /// Whether orders are written back: it has an `api_key`
    writes_back: bool,
}

impl Shown {
    fn of(storefront: &Storefront) -> Self {
        Self {
            name: storefront.name.clone(),
            platform: storefront.platform.as_str().to_owned(),
            hook: ["/hooks/", &storefront.name].concat(),
            writes_back: storefront.api_key.is_some(),
        }
    }
}

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
        Handling::Answer(|config| {
            Success::Ping(Pong { storefronts: config.storefronts.iter().map(Shown::of).collect() })
        })
    }
}

packed!(struct Ping {});
packed!(struct Pong { storefronts });
packed!(struct Shown { name, platform, hook, writes_back });

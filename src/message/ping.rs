//! `relay.ping`: an answer that the request is signed right, with the version and the storefronts that there are; and, if it
//! is asked for, how the shop's end takes an event.

use super::fields::parse_bool;
use super::{Fields, Handling, MessageType, Success};
use crate::config::Config;
use crate::model::Moment;
use crate::packed;
use crate::storefront::Storefront;
use serde::Serialize;

/// `{"events"?}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {
    tries_events: bool,
}

packed!(struct Ping { tries_events });

/// The answer to a ping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pong {
    /// The relay's
    version: String,
    /// The shops whose webhooks are taken
    #[serde(skip_serializing_if = "Vec::is_empty")]
    storefronts: Vec<Shown>,
    /// What came back from `EVENTS_URL`
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<TriedEvent>,
}

packed!(struct Pong { version, storefronts, events });

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

packed!(struct Shown { name, platform, hook, writes_back });

/// What became of an event that was posted to try the shop's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriedEvent {
    /// `delivered`, `refused`, `no-answer`, or `off` without `EVENTS_URL`
    pub outcome: String,
    /// The shop's
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Why there was no answer
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

packed!(struct TriedEvent { outcome, http_status, reason });

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

impl TriedEvent {
    /// What this answer of the shop's says: its HTTP status, or why there is none.
    #[must_use]
    pub fn new(answered: Result<u16, &'static str>) -> Self {
        let (outcome, http_status, reason) = match answered {
            Ok(status @ 200..=299) => ("delivered", Some(status), None),
            Ok(status) => ("refused", Some(status), None),
            Err(reason) => ("no-answer", None, Some(reason.to_owned())),
        };
        Self { outcome: outcome.to_owned(), http_status, reason }
    }

    /// There is nobody to post to.
    #[must_use]
    pub fn off() -> Self {
        Self { outcome: "off".to_owned(), http_status: None, reason: None }
    }
}

impl Ping {
    /// The answer; `events` if they were tried.
    #[must_use]
    pub fn answer(config: &Config, events: Option<TriedEvent>) -> Success {
        Success::Ping(Pong {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            storefronts: config.storefronts.iter().map(Shown::of).collect(),
            events,
        })
    }

    /// The body of the event that is posted at `now`, Unix milliseconds.
    #[must_use]
    pub fn event_body(now: u64) -> String {
        #[derive(Serialize)]
        struct Body {
            #[serde(rename = "type")]
            event_type: &'static str,
            timestamp: Moment,
            data: Empty,
        }
        #[derive(Serialize)]
        struct Empty {}
        let body = Body { event_type: Self::TYPE, timestamp: Moment::from_unix_ms(now), data: Empty {} };
        // Structs of texts always serialise.
        serde_json::to_string(&body).unwrap_or_default()
    }
}

impl MessageType for Ping {
    const TYPE: &'static str = "relay.ping";
    const FIELDS: &'static [&'static str] = &["events"];
    const DATA_IS_OPTIONAL: bool = true;
    const OUTCOME: &'static str = "pong";
    type Answer = Pong;

    fn parse(fields: &mut Fields) -> Option<Self> {
        let tries_events = fields.optional("events", parse_bool);
        Some(Self { tries_events: tries_events?.unwrap_or_default() })
    }

    fn handling(&self) -> Handling<'_> {
        if self.tries_events { Handling::TryEvents } else { Handling::Answer(|config| Self::answer(config, None)) }
    }
}

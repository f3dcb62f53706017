//! The ways in which PayTR can misbehave, and the words that ask for them.
//!
//! In scope: the list. Not in scope: what goes over the wire (`perform.rs`).

use std::time::Duration;

use crate::received::Answer;

/// A way to misbehave. The message is sent, the link made or deleted before it, unless [`Misbehaviour::refuses`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Success, after this long.
    Slow(Duration),
    /// The headers at once, then a success that takes this long to trickle in.
    SlowBody(Duration),
    /// No answer until the caller goes away, ten minutes at most.
    Hang,
    /// The connection closes before any byte of an answer.
    Closed,
    /// The connection closes in the middle of the JSON, short of its `content-length`.
    CutOff,
    /// The same with a TCP reset.
    Reset,
    /// HTTP 200 with an HTML error page.
    HtmlPage,
    /// HTTP 200 with zero bytes.
    Empty,
    /// A success of 10 MB, streamed without `content-length`.
    Huge,
    /// A success of 10 MB, with `content-length`.
    HugeDeclared,
    /// A redirect. Never to be followed: the token would travel with it.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Where to.
        location: String,
    },
    /// HTTP 400 with an HTML page.
    ClientError,
    /// HTTP 400 with `{"status":"error","reason":…}`.
    ClientErrorJson,
    /// HTTP 500 with an HTML page.
    ServerError,
    /// HTTP 503 with `{"status":"success"}`.
    ServerErrorJson,
    /// A valid refusal.
    Rejected {
        /// `error` or `failed`.
        status: String,
        /// Comes as `reason` with `error` and as `err_msg` with `failed`.
        reason: String,
    },
    /// A status that PayTR does not document: `{"status":"pending"}`.
    UnknownStatus,
    /// JSON, but not an object: `"success"`.
    NotObject,
    /// `{"status":"error","status":"success"}`.
    DuplicateStatus,
    /// A refusal whose reason holds the recipient and the token that were sent.
    ReasonEchoes,
    /// A success behind a byte order mark.
    Bom,
    /// For creates, like all that follow: a success without `id`.
    NoId,
    /// A success whose `id` is `NB2 Zlz/3`.
    OddId,
    /// A success whose `id` is a number.
    IdNotText,
    /// A success without `link`.
    NoLink,
    /// A success whose `link` is a list with the address in it.
    LinkNotText,
    /// A success whose `link` is no address: the id alone.
    OddLink,
    /// A success whose `link` is `http://www.paytr.com/link/<id>`.
    HttpLink,
    /// A success whose `link` is `javascript:…`.
    JavascriptLink,
    /// These very bytes.
    Bytes {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Vec<u8>,
        /// Whether the message is sent before.
        delivers: bool,
    },
}

/// A link id that misbehaves by itself, without a control call: in a send, in a delete, and as a word of the name in a
/// create.
#[derive(Debug)]
pub struct Known {
    /// The id to send or delete, or the word of the name.
    pub link_id: &'static str,
    /// What happens, in a sentence.
    pub does: &'static str,
    /// The misbehaviour.
    pub misbehaviour: fn() -> Misbehaviour,
}

/// The table of link ids that misbehave; the outbox lists it.
#[rustfmt::skip]
pub const KNOWN: &[Known] = &[
    Known { link_id: "sandbox-slow", does: "Answers success after 5 seconds.", misbehaviour: || Misbehaviour::Slow(Duration::from_secs(5)) },
    Known { link_id: "sandbox-slow-body", does: "Answers at once, but the body takes 5 seconds.", misbehaviour: || Misbehaviour::SlowBody(Duration::from_secs(5)) },
    Known { link_id: "sandbox-hang", does: "Never answers.", misbehaviour: || Misbehaviour::Hang },
    Known { link_id: "sandbox-closed", does: "Closes the connection without an answer.", misbehaviour: || Misbehaviour::Closed },
    Known { link_id: "sandbox-cut-off", does: "Closes the connection in the middle of the JSON.", misbehaviour: || Misbehaviour::CutOff },
    Known { link_id: "sandbox-reset", does: "Resets the connection in the middle of the JSON.", misbehaviour: || Misbehaviour::Reset },
    Known { link_id: "sandbox-html", does: "HTTP 200 with an HTML error page.", misbehaviour: || Misbehaviour::HtmlPage },
    Known { link_id: "sandbox-empty", does: "HTTP 200 without a body.", misbehaviour: || Misbehaviour::Empty },
    Known { link_id: "sandbox-huge", does: "A success of 10 MB, streamed.", misbehaviour: || Misbehaviour::Huge },
    Known { link_id: "sandbox-huge-declared", does: "A success of 10 MB, with content-length.", misbehaviour: || Misbehaviour::HugeDeclared },
    Known { link_id: "sandbox-redirect", does: "HTTP 307 to another host.", misbehaviour: || redirect(307) },
    Known { link_id: "sandbox-redirect-301", does: "HTTP 301 to another host.", misbehaviour: || redirect(301) },
    Known { link_id: "sandbox-redirect-302", does: "HTTP 302 to another host.", misbehaviour: || redirect(302) },
    Known { link_id: "sandbox-redirect-303", does: "HTTP 303 to another host.", misbehaviour: || redirect(303) },
    Known { link_id: "sandbox-redirect-308", does: "HTTP 308 to another host.", misbehaviour: || redirect(308) },
    Known { link_id: "sandbox-400", does: "HTTP 400 with an HTML page.", misbehaviour: || Misbehaviour::ClientError },
    Known { link_id: "sandbox-400-json", does: "HTTP 400 with an error in JSON.", misbehaviour: || Misbehaviour::ClientErrorJson },
    Known { link_id: "sandbox-500", does: "HTTP 500 with an HTML page.", misbehaviour: || Misbehaviour::ServerError },
    Known { link_id: "sandbox-503-json", does: "HTTP 503 with a success in JSON.", misbehaviour: || Misbehaviour::ServerErrorJson },
    Known { link_id: "sandbox-rejected", does: "Refuses with status error and a reason.", misbehaviour: || rejected("error") },
    Known { link_id: "sandbox-failed", does: "Refuses with status failed and an err_msg.", misbehaviour: || rejected("failed") },
    Known { link_id: "sandbox-unknown-status", does: "Answers with status pending.", misbehaviour: || Misbehaviour::UnknownStatus },
    Known { link_id: "sandbox-not-object", does: "Answers with a JSON text instead of an object.", misbehaviour: || Misbehaviour::NotObject },
    Known { link_id: "sandbox-duplicate-status", does: "Answers with status twice: error, then success.", misbehaviour: || Misbehaviour::DuplicateStatus },
    Known { link_id: "sandbox-reason-echoes", does: "Refuses with the recipient and the token in the reason.", misbehaviour: || Misbehaviour::ReasonEchoes },
    Known { link_id: "sandbox-bom", does: "Answers success behind a byte order mark.", misbehaviour: || Misbehaviour::Bom },
    Known { link_id: "sandbox-403", does: "HTTP 403 with a page that wants a browser.", misbehaviour: challenge },
    Known { link_id: "sandbox-windows-1254", does: "Refuses with a reason in Windows-1254.", misbehaviour: windows_1254 },
];

/// What only a create can do, asked for by a word of the name.
#[rustfmt::skip]
pub const KNOWN_CREATES: &[Known] = &[
    Known { link_id: "sandbox-no-id", does: "A success without id.", misbehaviour: || Misbehaviour::NoId },
    Known { link_id: "sandbox-odd-id", does: "A success whose id holds a blank and a slash.", misbehaviour: || Misbehaviour::OddId },
    Known { link_id: "sandbox-id-not-text", does: "A success whose id is a number.", misbehaviour: || Misbehaviour::IdNotText },
    Known { link_id: "sandbox-no-link", does: "A success without link.", misbehaviour: || Misbehaviour::NoLink },
    Known { link_id: "sandbox-link-not-text", does: "A success whose link is a list.", misbehaviour: || Misbehaviour::LinkNotText },
    Known { link_id: "sandbox-odd-link", does: "A success whose link is no address.", misbehaviour: || Misbehaviour::OddLink },
    Known { link_id: "sandbox-http-link", does: "A success whose link starts with http://.", misbehaviour: || Misbehaviour::HttpLink },
    Known { link_id: "sandbox-javascript-link", does: "A success whose link starts with javascript:.", misbehaviour: || Misbehaviour::JavascriptLink },
];

impl Misbehaviour {
    /// Its name in the outbox: the link id without `sandbox-`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Slow(_) => "slow",
            Self::SlowBody(_) => "slow-body",
            Self::Hang => "hang",
            Self::Closed => "closed",
            Self::CutOff => "cut-off",
            Self::Reset => "reset",
            Self::HtmlPage => "html",
            Self::Empty => "empty",
            Self::Huge => "huge",
            Self::HugeDeclared => "huge-declared",
            Self::Redirect { .. } => "redirect",
            Self::ClientError => "400",
            Self::ClientErrorJson => "400-json",
            Self::ServerError => "500",
            Self::ServerErrorJson => "503-json",
            Self::Rejected { status, .. } if status == "failed" => "failed",
            Self::Rejected { .. } => "rejected",
            Self::UnknownStatus => "unknown-status",
            Self::NotObject => "not-object",
            Self::DuplicateStatus => "duplicate-status",
            Self::ReasonEchoes => "reason-echoes",
            Self::Bom => "bom",
            Self::NoId => "no-id",
            Self::OddId => "odd-id",
            Self::IdNotText => "id-not-text",
            Self::NoLink => "no-link",
            Self::LinkNotText => "link-not-text",
            Self::OddLink => "odd-link",
            Self::HttpLink => "http-link",
            Self::JavascriptLink => "javascript-link",
            Self::Bytes { .. } => "bytes",
        }
    }

    /// Whether the answer is a refusal, so that nothing is sent, made or deleted.
    #[must_use]
    pub fn refuses(&self) -> bool {
        match self {
            Self::Rejected { .. } | Self::ClientError | Self::ClientErrorJson | Self::ReasonEchoes => true,
            Self::Bytes { delivers, .. } => !delivers,
            _ => false,
        }
    }

    pub(crate) fn by_link_id(link_id: &str) -> Option<Self> {
        KNOWN.iter().find(|known| known.link_id == link_id).map(|known| (known.misbehaviour)())
    }

    /// By a word of a link's name.
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        let known = |word: &str| KNOWN.iter().chain(KNOWN_CREATES).find(|known| known.link_id == word);
        name.split_whitespace().find_map(known).map(|known| (known.misbehaviour)())
    }

    /// The verdict that goes on record. An echo is recorded without what it echoes.
    pub(crate) fn verdict(&self) -> Answer {
        match self {
            Self::Rejected { status, reason } => Answer { status: status.clone(), reason: Some(reason.clone()) },
            Self::ClientError => Answer::error("HTTP 400 with an HTML page"),
            Self::ClientErrorJson => Answer::error("Gecersiz istek"),
            Self::ReasonEchoes => Answer::error("Gonderilemedi: (the recipient and the token, as they were sent)"),
            Self::Bytes { status, delivers: false, .. } => {
                Answer::error(format!("HTTP {status} with bytes of its own"))
            }
            Self::UnknownStatus => Answer { status: "pending".to_owned(), reason: None },
            _ => Answer::success(),
        }
    }
}

/// A host name that never resolves (RFC 2606), so that a caller who follows reaches nobody.
fn redirect(status: u16) -> Misbehaviour {
    Misbehaviour::Redirect { status, location: "https://elsewhere.invalid/odeme/api/link".to_owned() }
}

fn challenge() -> Misbehaviour {
    let body = b"<!DOCTYPE html><title>Just a moment...</title><noscript>Enable JavaScript and cookies</noscript>\n";
    Misbehaviour::Bytes { status: 403, body: body.to_vec(), delivers: false }
}

fn windows_1254() -> Misbehaviour {
    let body = b"{\"status\":\"failed\",\"reason\":\"Ge\xe7ersiz istek, ma\xf0aza aktif de\xf0il\"}";
    Misbehaviour::Bytes { status: 200, body: body.to_vec(), delivers: false }
}

fn rejected(status: &str) -> Misbehaviour {
    Misbehaviour::Rejected {
        status: status.to_owned(),
        reason: "Invalid id or link has already been deleted".to_owned(),
    }
}

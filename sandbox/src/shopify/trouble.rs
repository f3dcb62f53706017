//! The ways in which the Admin API can fail about an order.

use crate::connections::{Ending, HangUp};
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

/// How the Admin API fails about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopifyTrouble {
    /// 401: nobody knows the token.
    TokenRefused,
    /// 200 with the error `THROTTLED`.
    Throttled,
    /// The same without a code, as it was once.
    ThrottledWithoutCode,
    /// 429 with `Retry-After` in seconds.
    TooMany(u32),
    /// 200 with the error `ACCESS_DENIED`: the app has not the scope.
    AccessDenied,
    /// 200 with an error of the document: this version has no such field.
    UnknownField,
    /// 404: there is no such version, or no such shop.
    NotFound,
    /// 403 with a page.
    Forbidden,
    /// 307 to this address.
    Redirect(String),
    /// 503
    Unavailable,
    /// 200 with a page in place of JSON.
    Page,
    /// `userErrors` of the note, which is not written.
    NoteRefused,
    /// `userErrors` of the payment, which is not marked.
    MarkRefused,
    /// Whenever the order was read, somebody else writes a note into its metafield.
    NotesChange,
    /// No answer.
    Hang,
    /// The connection is closed without an answer.
    Close,
    /// Writes alone: it is done, and the connection closed without an answer.
    AnswerLost,
}

impl ShopifyTrouble {
    /// Whether it befalls a request before anything is done.
    pub(super) const fn befalls(&self) -> bool {
        !matches!(self, Self::NoteRefused | Self::MarkRefused | Self::NotesChange | Self::AnswerLost)
    }

    pub(super) async fn perform(self, hang_up: &HangUp) -> Response {
        let error = |message: &str, code: Option<&str>| {
            let extensions = code.map(|code| json!({"code": code}));
            axum::Json(json!({"errors": [{"message": message, "extensions": extensions}]})).into_response()
        };
        let text = |status: StatusCode, errors: &str| (status, axum::Json(json!({"errors": errors}))).into_response();
        match self {
            Self::TokenRefused => super::admin_api::unauthorized(),
            Self::Throttled => error("Throttled", Some("THROTTLED")),
            Self::ThrottledWithoutCode => error("Throttled", None),
            Self::TooMany(seconds) => {
                let retry_after = [(header::RETRY_AFTER, format!("{seconds}.0"))];
                (retry_after, text(StatusCode::TOO_MANY_REQUESTS, "Exceeded 2 calls per second")).into_response()
            }
            Self::AccessDenied => error("Access denied for orderMarkAsPaid field.", Some("ACCESS_DENIED")),
            Self::UnknownField => error("Field 'x' doesn't exist on type 'Order'", Some("undefinedField")),
            Self::NotFound => text(StatusCode::NOT_FOUND, "Not Found"),
            Self::Forbidden => (StatusCode::FORBIDDEN, Html("<title>403</title>\n")).into_response(),
            Self::Redirect(location) => {
                (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response()
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Html("<title>503</title>\n")).into_response(),
            Self::Page => Html("<title>Opening soon</title>\n").into_response(),
            Self::Hang => std::future::pending().await,
            Self::Close | Self::AnswerLost => hang_up.now(Ending::Close).await,
            // They befall nothing as a whole.
            Self::NoteRefused | Self::MarkRefused | Self::NotesChange => StatusCode::OK.into_response(),
        }
    }
}

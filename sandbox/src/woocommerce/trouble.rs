//! The ways in which a shop's API can fail, beyond what WooCommerce says by itself.

use super::error::ApiError;
use crate::connections::{Ending, HangUp};
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

/// How a shop's API fails about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopTrouble {
    /// 401: nobody knows the key.
    KeyRefused,
    /// Writes alone: 401, the key may only read.
    ReadOnlyKey,
    /// 401 without JSON: the host keeps `Authorization` from WordPress, and asks for a password of its own.
    Password,
    /// 403 with a firewall's page.
    Firewall,
    /// 404 with a page: the shop's permalinks are plain.
    NoRestApi,
    /// 500 with WordPress' page.
    CriticalError,
    /// 503 with `Retry-After` in seconds: the shop is being updated.
    Maintenance(u32),
    /// 307 to this address.
    Redirect(String),
    /// 200 with a page in place of JSON.
    Page,
    /// No answer.
    Hang,
    /// The connection is closed without an answer.
    Close,
    /// Writes alone: it is done, and the connection closed without an answer.
    AnswerLost,
}

impl ShopTrouble {
    /// Whether it befalls a request, before anything is done.
    pub(crate) fn befalls(&self, is_write: bool) -> bool {
        match self {
            Self::ReadOnlyKey => is_write,
            Self::AnswerLost => false,
            _ => true,
        }
    }

    pub(crate) async fn perform(self, hang_up: &HangUp) -> Response {
        let page = |status: StatusCode, title: &str| (status, Html(format!("<!DOCTYPE html><title>{title}</title>\n")));
        match self {
            Self::KeyRefused => ApiError::Cannot("view").into_response(),
            Self::ReadOnlyKey => ApiError::ReadOnly.into_response(),
            Self::Password => page(StatusCode::UNAUTHORIZED, "Authorization Required").into_response(),
            Self::Firewall => page(StatusCode::FORBIDDEN, "Attention Required!").into_response(),
            Self::NoRestApi => page(StatusCode::NOT_FOUND, "Page not found").into_response(),
            Self::CriticalError => page(StatusCode::INTERNAL_SERVER_ERROR, "WordPress › Error").into_response(),
            Self::Maintenance(seconds) => {
                let retry_after = [(header::RETRY_AFTER, seconds.to_string())];
                (retry_after, page(StatusCode::SERVICE_UNAVAILABLE, "Maintenance")).into_response()
            }
            Self::Redirect(location) => {
                (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response()
            }
            Self::Page => page(StatusCode::OK, "Welcome").into_response(),
            Self::Hang => std::future::pending().await,
            Self::Close | Self::AnswerLost => hang_up.now(Ending::Close).await,
        }
    }
}

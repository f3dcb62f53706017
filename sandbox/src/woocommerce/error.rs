//! What WooCommerce's API answers that is no success: WordPress' own JSON, by WooCommerce's codes.

use super::php_json;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An error of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No key, or one that nobody knows, and what was asked for: `view`, `create` or `edit`.
    Cannot(&'static str),
    /// The key's secret is another.
    WrongSecret,
    /// The key may read alone.
    ReadOnly,
    /// There is no such order.
    NoSuchOrder,
    /// A parameter cannot be taken.
    InvalidParam(&'static str),
    /// A parameter is not there.
    MissingParam(&'static str),
    /// The body is no JSON.
    InvalidJson,
    /// There is no such route.
    NoRoute,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Cannot(verb) => (
                StatusCode::UNAUTHORIZED,
                format!("woocommerce_rest_cannot_{verb}"),
                format!("Sorry, you cannot {verb} this resource."),
            ),
            Self::WrongSecret => {
                (StatusCode::UNAUTHORIZED, AUTHENTICATION.to_owned(), "Consumer secret is invalid.".to_owned())
            }
            Self::ReadOnly => (
                StatusCode::UNAUTHORIZED,
                AUTHENTICATION.to_owned(),
                "The API key provided does not have write permissions.".to_owned(),
            ),
            Self::NoSuchOrder => {
                (StatusCode::NOT_FOUND, "woocommerce_rest_shop_order_invalid_id".to_owned(), "Invalid ID.".to_owned())
            }
            Self::InvalidParam(name) => {
                (StatusCode::BAD_REQUEST, "rest_invalid_param".to_owned(), format!("Invalid parameter(s): {name}"))
            }
            Self::MissingParam(name) => (
                StatusCode::BAD_REQUEST,
                "rest_missing_callback_param".to_owned(),
                format!("Missing parameter(s): {name}"),
            ),
            Self::InvalidJson => {
                (StatusCode::BAD_REQUEST, "rest_invalid_json".to_owned(), "Invalid JSON body passed.".to_owned())
            }
            Self::NoRoute => (
                StatusCode::NOT_FOUND,
                "rest_no_route".to_owned(),
                "No route was found matching the URL and request method.".to_owned(),
            ),
        };
        let body = json!({"code": code, "message": message, "data": {"status": status.as_u16()}});
        (status, [(header::CONTENT_TYPE, super::JSON)], php_json::encode(&body)).into_response()
    }
}

const AUTHENTICATION: &str = "woocommerce_rest_authentication_error";

//! Who may look at the outbox and pay: only pages and programs that reached the sandbox by a loopback name.
//!
//! The sandbox listens on loopback, yet any web page in the developer's browser can point its own host name there (DNS
//! rebinding) and read the outbox as its own origin. Its requests then carry its own name as `Host`.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header, uri::Authority},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};

use crate::loopback;

const REFUSAL: &str = "The outbox answers to loopback names only. Open it as http://127.0.0.1 or http://localhost.\n";
/// Everything the page needs comes from itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Routes for this machine's browsers and programs only, with headers that keep everything else out.
pub(crate) fn protect<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.route_layer(middleware::from_fn(loopback_only)).route_layer(middleware::map_response(harden))
}

async fn loopback_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(is_loopback) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, REFUSAL).into_response()
}

async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn is_loopback(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|authority| loopback::is_loopback(authority.host()))
}

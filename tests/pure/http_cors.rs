//! Which pages may post, and what they may read.

use crate::support::texts;
use paytr_link_relay::http::cors::headers;

const PREFLIGHT_ONLY: [(&str, &str); 3] = [
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "*"),
    ("access-control-max-age", "86400"),
];

fn allowed() -> Vec<String> {
    vec!["https://shop.example".to_owned(), "http://localhost:3000".to_owned()]
}

#[test]
fn a_page_of_an_allowed_origin_may_read_the_answer() {
    for origin in ["https://shop.example", "http://localhost:3000"] {
        let readable = [("access-control-allow-origin", origin), ("access-control-expose-headers", "*")];
        assert_eq!(headers(&allowed(), origin, false), readable);
        assert_eq!(headers(&allowed(), origin, true), [readable.as_slice(), &PREFLIGHT_ONLY].concat());
    }
}

#[test]
fn a_page_of_any_other_origin_gets_nothing() {
    for (what, origin) in texts(&[
        ("no origin", &["", "null", "*"]),
        ("another host", &["https://evil.example", "https://shop.example.evil.example", "https://www.shop.example"]),
        ("another scheme", &["http://shop.example"]),
        ("written otherwise", &["https://shop.example/", "https://shop.example:443", "https://SHOP.example"]),
        ("less or more", &["https://shop.exampl", "https://shop.example, https://shop.example"]),
    ]) {
        for preflight in [false, true] {
            assert_eq!(headers(&allowed(), origin, preflight), [], "{what}: {origin}");
            assert_eq!(headers(&[], origin, preflight), [], "{what}: {origin}");
        }
    }
}

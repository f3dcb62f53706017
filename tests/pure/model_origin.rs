//! Origins, as a browser writes one.

use paytr_link_relay::model::origin::{callback_origin, is_public_origin, is_secure_origin};

#[test]
fn https_origins_and_loopback_ones_are_secure() {
    let longest_label = format!("https://{}.example", "a".repeat(63));
    let longest_host =
        format!("https://{}.example", ["a".repeat(61), "b".repeat(61), "c".repeat(61), "d".repeat(59)].join("."));
    assert_eq!(longest_host.len() - "https://".len(), 253);
    for text in [
        "https://www.paytr.com",
        "https://shop.example",
        "https://shop.example:8443",
        "https://shop.example:1",
        "https://shop.example:80",
        "https://shop.example:65535",
        "https://xn--rnek-4qa.com",
        "https://a-b.c1.example",
        "https://localhost",
        "https://localhost:8443",
        "https://127.0.0.1:8443",
        "https://[::1]",
        "https://[::1]:8443",
        "http://127.0.0.1",
        "http://127.0.0.1:4010",
        "http://localhost",
        "http://localhost:8787",
        "http://localhost:443",
        "http://[::1]",
        "http://[::1]:4010",
        &longest_label,
        &longest_host,
    ] {
        assert!(is_secure_origin(text), "{text}");
    }
}

#[test]
fn everything_else_is_no_secure_origin() {
    let too_long_label = format!("https://{}.example", "a".repeat(64));
    let too_long_host =
        format!("https://{}.example", ["a".repeat(61), "b".repeat(61), "c".repeat(61), "d".repeat(60)].join("."));
    for text in [
        "",
        "*",
        "null",
        "https",
        "https:",
        "https://",
        "http://",
        "https:///",
        "https://.",
        "https://:8443",
        "//shop.example",
        "shop.example",
        "ftp://shop.example",
        "wss://shop.example",
        "HTTPS://shop.example",
        "https:/shop.example",
        "https:shop.example",
        " https://shop.example",
        "https://shop.example ",
        "https://shop.example\n",
        "https://https://shop.example",
        "http://https://localhost",
        "https://shop.example/",
        "https://shop.example/a",
        "https://shop.example?",
        "https://shop.example?a",
        "https://shop.example#",
        "https://shop.example\\a",
        "https://user@shop.example",
        "https://user:pw@shop.example",
        "https://:@shop.example",
        "https://shop.example@evil.example",
        "https://Shop.example",
        "https://shop.example:443",
        "https://shop.example:0",
        "https://shop.example:08443",
        "https://shop.example:65536",
        "https://shop.example:99999999999",
        "https://shop.example:",
        "https://shop.example:+8443",
        "https://shop.example:-1",
        "https://shop.example:84 43",
        "https://shop.example:http",
        "https://shop.example:8443:8443",
        "https://shop.example::8443",
        "https://shop..example",
        "https://.shop.example",
        "https://shop.example.",
        "https://shop_1.example",
        "https://*.shop.example",
        "https://örnek.com",
        "https://sh%6fp.example",
        "https://shop.example,https://b.example",
        "https://[::1",
        "https://::1",
        "https://::1]",
        "https://[::1]x",
        "https://[::1]:",
        "https://[::1]:443",
        "https://[::1]:0",
        "https://[]",
        "https://[::2]",
        "https://[localhost]",
        "https://[2001:db8::1]",
        "http://shop.example",
        "http://www.paytr.com",
        "http://127.0.0.1.evil.com",
        "http://localhost.evil.com",
        "http://evil.com:127",
        "http://localhost@evil.com",
        "http://evil.com#localhost",
        "http://localhost:80",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost:x",
        "http://Localhost",
        "http://localhost.",
        "http://localhost/",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://127.0.0.1x",
        "http://0127.0.0.1",
        "http://[::]",
        "http://[::2]",
        "http://[::1].evil.com",
        "http://::1",
        &too_long_label,
        &too_long_host,
    ] {
        assert!(!is_secure_origin(text), "{text}");
    }
}

#[test]
fn notifications_come_to_the_https_origin_of_the_host_or_to_a_loopback_host_as_it_is() {
    for (origin, expected) in [
        ("https://relay.example", "https://relay.example"),
        ("https://relay.example:8443", "https://relay.example"),
        ("https://relay.example:2053", "https://relay.example"),
        ("http://relay.example", "https://relay.example"),
        ("http://relay.example:8080", "https://relay.example"),
        ("https://paytr-link-relay.shop.workers.dev", "https://paytr-link-relay.shop.workers.dev"),
        ("https://xn--deme-5qa.example", "https://xn--deme-5qa.example"),
        ("https://1.example", "https://1.example"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("http://localhost", "http://localhost"),
        ("http://localhost:8787", "http://localhost:8787"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("http://[::1]:8787", "http://[::1]:8787"),
        ("http://[::1]", "http://[::1]"),
    ] {
        assert_eq!(callback_origin(origin).as_deref(), Some(expected), "{origin}");
    }
}

#[test]
fn paytr_cannot_reach_a_host_that_is_not_public() {
    for origin in [
        "",
        "relay.example",
        "ftp://relay.example",
        "HTTPS://relay.example",
        "https://",
        "https://relay",
        "http://relay:8787",
        "https://.example",
        "https://relay..example",
        "https://relay_1.example",
        "https://192.0.2.1",
        "http://10.0.0.1:8787",
        "https://0.0.0.0",
        "https://[2001:db8::1]",
        "https://[2001:db8::1]:8443",
        "https://user@relay.example",
        "https://relay.example/path",
        "https://relay.example/?x=:",
        "http://localhost.",
        "http://[::2]:8787",
        "http://localhost:8787/path",
        "http://localhost:99999",
        "http://127.0.0.1:x",
        "http://[::1]:8787?x",
    ] {
        assert_eq!(callback_origin(origin), None, "{origin}");
    }
}

#[test]
fn a_public_origin_is_https_with_a_dot_in_its_name_and_nothing_after_it() {
    for (text, expected) in [
        ("https://relay.example", true),
        ("https://a.b.c.example", true),
        ("http://relay.example", false),
        ("https://relay", false),
        ("https://localhost", false),
        ("https://127.0.0.1", false),
        ("https://relay.example:8443", false),
        ("https://relay.example/", false),
        ("https://relay.example.", false),
        ("https://user@relay.example", false),
        ("https://1.2.3.4", false),
    ] {
        assert_eq!(is_public_origin(text), expected, "{text}");
    }
}

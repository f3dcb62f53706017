//! Origins, as a browser writes one.

use crate::support::texts;
use paytr_link_relay::model::origin::{callback_origin, is_public_origin, is_secure_origin};

#[test]
fn https_origins_and_loopback_ones_are_secure() {
    let longest_label = format!("https://{}.example", "a".repeat(63));
    let longest_host =
        format!("https://{}.example", ["a".repeat(61), "b".repeat(61), "c".repeat(61), "d".repeat(59)].join("."));
    assert_eq!(longest_host.len() - "https://".len(), 253);
    for (what, text) in texts(&[
        ("a name", &["https://www.paytr.com", "https://shop.example", "https://a-b.c1.example"]),
        ("a name in Punycode", &["https://xn--rnek-4qa.com"]),
        ("a port", &["https://shop.example:8443", "https://shop.example:1", "https://shop.example:80"]),
        ("the last port", &["https://shop.example:65535"]),
        ("a loopback host", &["https://localhost", "https://localhost:8443", "https://127.0.0.1:8443"]),
        ("an IPv6 address", &["https://[::1]", "https://[::1]:8443", "http://[::1]", "http://[::1]:4010"]),
        ("a loopback host by http", &["http://127.0.0.1", "http://127.0.0.1:4010", "http://localhost"]),
        ("a port by http", &["http://localhost:8787", "http://localhost:443"]),
        ("the longest", &[&longest_label, &longest_host]),
    ]) {
        assert!(is_secure_origin(text), "{what}: {text}");
    }
}

#[test]
fn everything_else_is_no_secure_origin() {
    let too_long_label = format!("https://{}.example", "a".repeat(64));
    let too_long_host =
        format!("https://{}.example", ["a".repeat(61), "b".repeat(61), "c".repeat(61), "d".repeat(60)].join("."));
    for (what, text) in texts(&[
        ("no host", &["", "*", "null", "https", "https:", "https://", "http://", "https:///"]),
        ("no name of a host", &["https://.", "https://:8443"]),
        ("no scheme of these", &["//shop.example", "shop.example", "ftp://shop.example", "wss://shop.example"]),
        ("a scheme written otherwise", &["HTTPS://shop.example", "https:/shop.example", "https:shop.example"]),
        ("a scheme twice", &["https://https://shop.example", "http://https://localhost"]),
        ("blanks", &[" https://shop.example", "https://shop.example ", "https://shop.example\n"]),
        ("a path", &["https://shop.example/", "https://shop.example/a", "http://localhost/"]),
        ("a backslash", &["https://shop.example\\a"]),
        ("a query or fragment", &["https://shop.example?", "https://shop.example?a", "https://shop.example#"]),
        ("a user", &["https://user@shop.example", "https://user:pw@shop.example", "https://:@shop.example"]),
        ("another host behind the user", &["https://shop.example@evil.example", "http://localhost@evil.com"]),
        ("capitals", &["https://Shop.example", "http://Localhost"]),
        ("the scheme's own port", &["https://shop.example:443", "https://[::1]:443", "http://localhost:80"]),
        ("port 0", &["https://shop.example:0", "https://[::1]:0", "http://localhost:0", "https://shop.example:08443"]),
        ("over 65535", &["https://shop.example:65536", "https://shop.example:99999999999", "http://localhost:65536"]),
        ("no port", &["https://shop.example:", "https://[::1]:", "https://shop.example:http", "http://localhost:x"]),
        ("a port with a sign or blank", &["https://shop.example:+8443", "https://shop.example:-1"]),
        ("a blank in the port", &["https://shop.example:84 43"]),
        ("two ports", &["https://shop.example:8443:8443", "https://shop.example::8443"]),
        ("dots", &["https://shop..example", "https://.shop.example", "https://shop.example.", "http://localhost."]),
        ("characters of no name", &["https://shop_1.example", "https://*.shop.example", "https://sh%6fp.example"]),
        ("no ASCII", &["https://örnek.com"]),
        ("two", &["https://shop.example,https://b.example"]),
        ("no brackets", &["https://[::1", "https://::1", "https://::1]", "https://[::1]x", "http://::1", "https://[]"]),
        ("no loopback in brackets", &["https://[::2]", "https://[localhost]", "https://[2001:db8::1]", "http://[::]"]),
        ("plain http", &["http://shop.example", "http://www.paytr.com", "http://evil.com:127", "http://[::2]"]),
        ("a loopback in a name", &["http://127.0.0.1.evil.com", "http://localhost.evil.com", "http://[::1].evil.com"]),
        ("a loopback host in a fragment", &["http://evil.com#localhost"]),
        ("no loopback address", &["http://128.0.0.1", "http://0.0.0.0", "http://10.0.0.1", "http://127.0.0.1x"]),
        ("a loopback address written otherwise", &["http://0127.0.0.1"]),
        ("too long", &[&too_long_label, &too_long_host]),
    ]) {
        assert!(!is_secure_origin(text), "{what}: {text}");
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
    for (what, origin) in texts(&[
        ("no origin", &["", "relay.example", "ftp://relay.example", "HTTPS://relay.example", "https://"]),
        (
            "a name that is not public",
            &["https://relay", "http://relay:8787", "https://.example", "https://relay..example"],
        ),
        ("no name", &["https://relay_1.example", "https://user@relay.example"]),
        ("an address", &["https://192.0.2.1", "http://10.0.0.1:8787", "https://0.0.0.0", "http://[::2]:8787"]),
        ("an IPv6 address", &["https://[2001:db8::1]", "https://[2001:db8::1]:8443"]),
        (
            "a path, query or fragment",
            &["https://relay.example/path", "https://relay.example?x", "https://relay.example#x"],
        ),
        ("a colon in its query", &["https://relay.example/?x=:"]),
        ("no loopback origin", &["http://localhost.", "http://localhost:8787/path", "http://[::1]:8787?x"]),
        ("no port", &["http://localhost:99999", "http://127.0.0.1:x"]),
    ]) {
        assert_eq!(callback_origin(origin), None, "{what}: {origin}");
    }
}

#[test]
fn a_public_origin_is_https_with_a_dot_in_its_name_and_nothing_after_it() {
    for origin in ["https://relay.example", "https://a.b.c.example"] {
        assert!(is_public_origin(origin), "{origin}");
    }
    for (what, origin) in texts(&[
        ("plain http", &["http://relay.example"]),
        ("no dot", &["https://relay", "https://localhost"]),
        ("an address", &["https://127.0.0.1", "https://1.2.3.4"]),
        ("more than a name", &["https://relay.example:8443", "https://relay.example/", "https://user@relay.example"]),
        ("a dot at the end", &["https://relay.example."]),
    ]) {
        assert!(!is_public_origin(origin), "{what}: {origin}");
    }
}

//! Who may send: signatures, secrets and clocks.

use crate::support::lines::ray;
use crate::support::services::{DEFAULTS, JSON};
use crate::support::signed::{Signed, now};
use crate::support::suite::Suite;
use crate::support::{message, people, raw, secrets};
use std::sync::Arc;

crate::tests![
    every_failure_of_signature_or_headers_gets_the_same_401,
    a_header_given_twice_gets_that_401_too,
    a_body_changed_after_signing_is_refused,
    a_timestamp_over_300_seconds_off_is_stale_either_way,
    a_stale_timestamp_without_its_signature_is_only_an_invalid_signature,
    both_secrets_are_good_and_only_for_the_services_that_have_them,
    one_right_signature_among_others_is_enough,
    the_signature_is_checked_before_the_body_is_looked_at,
];

type Break = fn(&mut Signed, &mut Vec<&'static str>);
type Change = fn(&str) -> String;

async fn every_failure_of_signature_or_headers_gets_the_same_401(suite: Arc<Suite>) {
    // Why it is refused, which the log alone says; what is done to a good message, and the names of headers left out.
    let failures: [(&str, &str, Break); 31] = [
        ("no id", "header missing", |_, left_out| left_out.push("webhook-id")),
        ("no timestamp", "header missing", |_, left_out| left_out.push("webhook-timestamp")),
        ("no signature", "header missing", |_, left_out| left_out.push("webhook-signature")),
        ("no header", "header missing", |_, left_out| {
            left_out.extend(["webhook-id", "webhook-timestamp", "webhook-signature"]);
        }),
        ("empty id", "header missing", |signed, _| signed.id = String::new()),
        ("empty timestamp", "header missing", |signed, _| signed.timestamp = String::new()),
        ("empty signature", "header missing", |signed, _| signed.signature = String::new()),
        ("another id", "no signature matches a secret", |signed, _| signed.id.push('x')),
        ("another timestamp", "no signature matches a secret", |signed, _| signed.timestamp = (now() + 1).to_string()),
        ("foreign secret", "no signature matches a secret", |signed, _| {
            *signed = Signed::with(&secrets::foreign(), &signed.id, now(), signed.body.clone());
        }),
        ("version 2", "no well-formed v1 signature", |signed, _| {
            signed.signature = signed.signature.replace("v1,", "v2,");
        }),
        ("no version", "no well-formed v1 signature", |signed, _| {
            signed.signature = signed.signature.replace("v1,", "");
        }),
        ("no padding", "no well-formed v1 signature", |signed, _| {
            signed.signature = signed.signature.trim_end_matches('=').to_owned();
        }),
        ("hex", "no well-formed v1 signature", |signed, _| signed.signature = format!("v1,{}", "0f".repeat(32))),
        ("malleable last character", "no well-formed v1 signature", |signed, _| {
            signed.signature = next_last_character(&signed.signature);
        }),
        ("17 signatures", "too many signatures", |signed, _| {
            signed.signature = vec![signed.signature.as_str(); 17].join(" ");
        }),
        ("an id with a dot", "bad webhook-id", |signed, _| {
            *signed = Signed::forced(&format!("{}.1", signed.id), &now().to_string(), signed.body.clone());
        }),
        ("a timestamp with a leading zero", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("0{}", now()), signed.body.clone());
        }),
        ("an id of 257 characters", "bad webhook-id", |signed, _| {
            *signed = Signed::forced(&format!("{:a>257}", signed.id), &now().to_string(), signed.body.clone());
        }),
        ("a signature header of over 4 KiB", "header too long", |signed, _| {
            signed.signature = format!("{} {}", signed.signature, "x".repeat(4096));
        }),
        ("an id of over 4 KiB", "header too long", |signed, _| signed.id = "x".repeat(4097)),
        ("a timestamp with a plus", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("+{}", now()), signed.body.clone());
        }),
        ("a timestamp with text behind", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("{}abc", now()), signed.body.clone());
        }),
        ("a timestamp with an underscore", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &now().to_string().replacen('1', "1_", 1), signed.body.clone());
        }),
        ("a timestamp with a fraction", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("{}.0", now()), signed.body.clone());
        }),
        ("a timestamp with an exponent", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, "1e9", signed.body.clone());
        }),
        ("a timestamp with a blank inside", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &now().to_string().replacen('1', "1 ", 1), signed.body.clone());
        }),
        ("a timestamp with a minus", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("-{}", now()), signed.body.clone());
        }),
        ("a timestamp with hexadecimal", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("0x{:x}", now()), signed.body.clone());
        }),
        ("a timestamp with 13 digits", "bad webhook-timestamp", |signed, _| {
            *signed = Signed::forced(&signed.id, &format!("{}000", now()), signed.body.clone());
        }),
        ("an id with a blank", "bad webhook-id", |signed, _| {
            *signed = Signed::forced("msg e2e", &now().to_string(), signed.body.clone());
        }),
    ];
    let mut bodies = Vec::new();
    for (case, reason, failure) in failures {
        let link_id = people::link_id();
        let mut signed = Signed::new(message::sms(&link_id, &people::phone()));
        let mut left_out = Vec::new();
        failure(&mut signed, &mut left_out);
        let mut headers = signed.headers();
        headers.retain(|(name, _)| !left_out.contains(name));
        let ray = ray();
        headers.push(("cf-ray", &ray));
        let answer = suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await;
        answer.assert_problem(401, "invalid-signature", case);
        suite.assert_nothing_sent(&link_id, case);
        assert_eq!(suite.line("request_id", &ray, 0).await["reason"], reason, "{case}");
        bodies.push(answer.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the bodies differ");
}

async fn a_header_given_twice_gets_that_401_too(suite: Arc<Suite>) {
    let mut bodies = Vec::new();
    for (name, again) in [
        ("webhook-id", None),
        ("webhook-timestamp", None),
        ("webhook-signature", None),
        ("webhook-id", Some("other")),
        ("webhook-timestamp", Some("1")),
        ("webhook-signature", Some("v1,AAAA")),
        ("Webhook-Id", None),
    ] {
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let headers = signed.headers();
        let first = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1;
        let length = signed.body.len().to_string();
        let more = [(name, again.unwrap_or(first)), ("content-length", length.as_str())];
        let answer = suite.raw(DEFAULTS, &raw::post(&signed, &more)).await.unwrap();
        answer.assert_problem(401, "invalid-signature", name);
        suite.assert_nothing_sent(&link_id, name);
        bodies.push(answer.body);
    }
    let unsigned = suite.request(DEFAULTS, "POST", "/webhook", &[("content-type", "application/json")], vec![]).await;
    bodies.push(unsigned.body);
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the bodies differ");
}

async fn a_body_changed_after_signing_is_refused(suite: Arc<Suite>) {
    let changes: [(&str, Change); 5] = [
        ("another channel", |body| body.replace("link.send_sms", "link.send_email")),
        ("another recipient", |body| body.replace("\"0555", "\"+90555")),
        ("a blank more", |body| format!("{body} ")),
        ("re-serialised", |body| body.replace(':', ": ")),
        ("empty", |_| String::new()),
    ];
    for (case, change) in changes {
        let link_id = people::link_id();
        let mut signed = Signed::new(message::sms(&link_id, &people::phone()));
        let body = change(std::str::from_utf8(&signed.body).unwrap()).into_bytes();
        assert_ne!(body, signed.body, "{case}");
        signed.body = body;
        suite.post(DEFAULTS, &signed).await.assert_problem(401, "invalid-signature", case);
        suite.assert_nothing_sent(&link_id, case);
    }
}

async fn a_timestamp_over_300_seconds_off_is_stale_either_way(suite: Arc<Suite>) {
    // Some seconds off the edge, which the request's own time must not decide.
    for (seconds, is_fresh) in [(-295, true), (295, true), (-301, false), (305, false), (-86_400, false)] {
        let case = format!("{seconds} s");
        let link_id = people::link_id();
        let body = message::sms(&link_id, &people::phone());
        let signed = Signed::with(&secrets::current(), &people::webhook_id(), now() + seconds, body);
        let answer = suite.post(DEFAULTS, &signed).await;
        if is_fresh {
            answer.assert_sent(&signed.id, &case);
            suite.only_call(&link_id);
        } else {
            answer.assert_problem(401, "stale-timestamp", &case);
            suite.assert_nothing_sent(&link_id, &case);
        }
    }
}

async fn a_stale_timestamp_without_its_signature_is_only_an_invalid_signature(suite: Arc<Suite>) {
    let body = message::sms(&people::link_id(), &people::phone());
    let signed = Signed::with(&secrets::foreign(), &people::webhook_id(), now() - 1000, body);
    suite.post(DEFAULTS, &signed).await.assert_problem(401, "invalid-signature", "stale and foreign");
}

async fn both_secrets_are_good_and_only_for_the_services_that_have_them(suite: Arc<Suite>) {
    for (service, secret, is_good) in [
        (JSON, secrets::current(), true),
        (JSON, secrets::outgoing(), true),
        (JSON, secrets::foreign(), false),
        (DEFAULTS, secrets::current(), true),
        (DEFAULTS, secrets::outgoing(), false),
    ] {
        let link_id = people::link_id();
        let body = message::sms(&link_id, &people::phone());
        let signed = Signed::with(&secret, &people::webhook_id(), now(), body);
        let answer = suite.post(service, &signed).await;
        if is_good {
            answer.assert_sent(&signed.id, service);
            suite.only_call(&link_id);
        } else {
            answer.assert_problem(401, "invalid-signature", service);
            suite.assert_nothing_sent(&link_id, service);
        }
    }
}

async fn one_right_signature_among_others_is_enough(suite: Arc<Suite>) {
    let others = format!("v1,{}= v1a,xyz v2,abc junk v1,= ", "A".repeat(43));
    for (case, before, after) in
        [("last", others.as_str(), ""), ("first", "", " v9,zzz"), ("16th", &"x ".repeat(15), "")]
    {
        let link_id = people::link_id();
        let mut signed = Signed::new(message::sms(&link_id, &people::phone()));
        signed.signature = format!("{before}{}{after}", signed.signature);
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, case);
        suite.only_call(&link_id);
    }
}

async fn the_signature_is_checked_before_the_body_is_looked_at(suite: Arc<Suite>) {
    for body in ["", "not json", "{\"type\": \"link.update\"}"] {
        let signed = Signed::with(&secrets::foreign(), &people::webhook_id(), now(), body);
        suite.post(DEFAULTS, &signed).await.assert_problem(401, "invalid-signature", body);
    }
}

/// Base64 of 32 bytes has two spare bits in its last character; this sets the lowest of them.
fn next_last_character(signature: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let unpadded = signature.strip_suffix('=').unwrap();
    let (rest, last) = unpadded.split_at(unpadded.len() - 1);
    let place = ALPHABET.find(last).unwrap();
    format!("{rest}{}=", &ALPHABET[place + 1..place + 2])
}

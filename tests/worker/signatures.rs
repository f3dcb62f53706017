//! Who may send: signatures, secrets and clocks, as they come through the platform. Their grammar: `tests/pure`.

use crate::support::prelude::*;

crate::tests![
    every_failure_of_signature_or_headers_gets_the_same_401_before_the_body_is_looked_at,
    a_header_given_twice_gets_that_401_too,
    a_message_is_good_under_a_secret_of_its_service_and_for_300_seconds_either_way,
    one_right_signature_among_others_is_enough,
];

type Break = fn(&mut Signed, &mut Vec<&'static str>);

const MISSING: &str = "header missing";
const NO_MATCH: &str = "no signature matches a secret";
const NO_SIGNATURE: &str = "no well-formed v1 signature";
const BAD_ID: &str = "bad webhook-id";
const BAD_TIMESTAMP: &str = "bad webhook-timestamp";
const TOO_LONG: &str = "header too long";
const INVALID: (u16, &str) = (401, "invalid-signature");

/// One of each kind.
async fn every_failure_of_signature_or_headers_gets_the_same_401_before_the_body_is_looked_at(suite: Arc<Suite>) {
    // Why it is refused, which the log alone says; what is done to a good message, and the names of headers left out.
    let failures: [(&str, &str, Break); 16] = [
        ("no id", MISSING, |_, left_out| left_out.push("webhook-id")),
        ("no timestamp", MISSING, |_, left_out| left_out.push("webhook-timestamp")),
        ("no signature", MISSING, |_, left_out| left_out.push("webhook-signature")),
        ("no header", MISSING, |_, out| out.extend(["webhook-id", "webhook-timestamp", "webhook-signature"])),
        ("empty signature", MISSING, |signed, _| signed.signature = String::new()),
        ("another id", NO_MATCH, |signed, _| signed.id.push('x')),
        ("another timestamp", NO_MATCH, |signed, _| signed.timestamp = (now() + 1).to_string()),
        ("hex", NO_SIGNATURE, |signed, _| signed.signature = format!("v1,{}", "0f".repeat(32))),
        ("a signature header of over 4 KiB", TOO_LONG, |s, _| s.signature.extend([" ", &"x".repeat(4096)])),
        ("an id with a blank", BAD_ID, |signed, _| force(signed, "msg e2e", &now().to_string())),
        ("a timestamp with a leading zero", BAD_TIMESTAMP, |s, _| force(s, &s.id.clone(), &format!("0{}", now()))),
        ("a blank more", NO_MATCH, |signed, _| signed.body.push(b' ')),
        ("without its body", NO_MATCH, |signed, _| signed.body.clear()),
        ("foreign secret", NO_MATCH, |signed, _| *signed = foreign(0, &signed.body)),
        ("foreign and stale", NO_MATCH, |signed, _| *signed = foreign(-1000, &signed.body)),
        ("foreign and no JSON", NO_MATCH, |signed, _| *signed = foreign(0, b"not json")),
    ];
    let mut bodies = Vec::new();
    for (case, reason, failure) in failures {
        let Sms { link_id, mut signed } = Sms::new();
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
    // They name every slip.
    for words in [
        "256",
        "without dot, comma or blank",
        "Unix seconds, not milliseconds",
        "standard base64, not hex",
        "Base64-decode what follows the secret's prefix",
        "docs/verification.md",
        "the very bytes that are sent",
    ] {
        assert!(String::from_utf8_lossy(&bodies[0]).contains(words), "{words}");
    }
}

/// Signs it right with another id and time, whatever these are.
fn force(signed: &mut Signed, id: &str, timestamp: &str) {
    *signed = Signed::forced(id, timestamp, signed.body.clone());
}

fn foreign(seconds: i64, body: &[u8]) -> Signed {
    Signed::with(&secrets::foreign(), &people::webhook_id(), now() + seconds, body)
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
        let sms = Sms::new();
        let headers = sms.signed.headers();
        let first = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1;
        let length = sms.signed.body.len().to_string();
        let more = [(name, again.unwrap_or(first)), ("content-length", length.as_str())];
        let answer = suite.raw(DEFAULTS, &raw::post(&sms.signed, &more)).await.unwrap();
        suite.assert_refused(&sms, &answer, INVALID, &format!("{name} {again:?}"));
        bodies.push(answer.body);
    }
    let unsigned = suite.request(DEFAULTS, "POST", "/webhook", &[("content-type", "application/json")], vec![]).await;
    bodies.push(unsigned.body);
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the bodies differ");
}

async fn a_message_is_good_under_a_secret_of_its_service_and_for_300_seconds_either_way(suite: Arc<Suite>) {
    let [current, outgoing, foreign] = &[secrets::current(), secrets::outgoing(), secrets::foreign()];
    let stale = Some((401, "stale-timestamp"));
    // Some seconds off the edge, which the request's own time must not decide.
    for (case, service, secret, seconds, problem) in [
        ("the first of two", JSON, current, 0, None),
        ("the second of two", JSON, outgoing, 0, None),
        ("none of two", JSON, foreign, 0, Some(INVALID)),
        ("the only one", DEFAULTS, current, 0, None),
        ("another service's", DEFAULTS, outgoing, 0, Some(INVALID)),
        ("295 s old", DEFAULTS, current, -295, None),
        ("295 s early", DEFAULTS, current, 295, None),
        ("301 s old", DEFAULTS, current, -301, stale),
        ("305 s early", DEFAULTS, current, 305, stale),
    ] {
        let sms = Sms::with(secret, seconds, &people::phone());
        match problem {
            None => suite.send(service, &sms, case).await,
            Some(problem) => suite.refused(service, &sms, problem, case).await,
        };
    }
}

async fn one_right_signature_among_others_is_enough(suite: Arc<Suite>) {
    let others = format!("v1,{}= v1a,xyz v2,abc junk v1,= ", "A".repeat(43));
    for (case, before, after) in
        [("last", others.as_str(), ""), ("first", "", " v9,zzz"), ("16th", &"x ".repeat(15), "")]
    {
        let mut sms = Sms::new();
        sms.signed.signature = format!("{before}{}{after}", sms.signed.signature);
        suite.send(DEFAULTS, &sms, case).await;
    }
}

//! The signature header: entries, their form, and which secret made one of them.

use crate::standard_webhooks_verify::{BODY, NOW, SECRET, headers, key, sign};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::standard_webhooks::{VerifyError, verify};

const ID: &str = "msg_1";

fn verdict(signature: &str, secrets: &[MacKey]) -> Result<usize, VerifyError> {
    let timestamp = NOW.to_string();
    verify(headers(ID, &timestamp, signature), BODY, secrets, NOW).map(|verified| verified.secret_number)
}

fn right_by(secret: &[u8]) -> String {
    sign(secret, ID, &NOW.to_string(), BODY)
}

fn right() -> String {
    right_by(SECRET)
}

fn wrong(number: usize) -> String {
    right_by(format!("a wrong secret, number {number}, long enough").as_bytes())
}

#[test]
fn sixteen_entries_are_read_and_seventeen_are_refused() {
    let wrongs: Vec<String> = (0..16).map(wrong).collect();
    let too_many = Err(VerifyError::TooManySignatures);
    for (entries, expected) in [
        ([&wrongs[..15], &[right()]].concat().join(" "), Ok(1)),
        ([&[right()], &wrongs[..]].concat().join(" "), too_many),
        (format!("{}{}", right(), " v2,x".repeat(15)), Ok(1)),
        (format!("{}{}", right(), " v2,x".repeat(16)), too_many),
    ] {
        assert_eq!(verdict(&entries, &[key(SECRET)]), expected, "{entries}");
    }
}

#[test]
fn the_right_entry_counts_wherever_it_stands() {
    for place in 0..16 {
        let mut entries: Vec<String> = (0..15).map(wrong).collect();
        entries.insert(place, right());
        assert_eq!(verdict(&entries.join(" "), &[key(SECRET)]), Ok(1), "{place}");
    }
    assert_eq!(verdict(&format!("{} ", right()), &[key(SECRET)]), Ok(1));
    assert_eq!(verdict(&format!(" {}", right()), &[key(SECRET)]), Ok(1));
}

#[test]
fn a_header_given_twice_is_refused_even_if_both_are_right() {
    assert_eq!(verdict(&format!("{}, {}", right(), right()), &[key(SECRET)]), Err(VerifyError::SignatureTwice));
    assert_eq!(verdict(&format!("{}, ", right()), &[key(SECRET)]), Err(VerifyError::SignatureTwice));
}

fn malformed_entries() -> Vec<String> {
    let right = right();
    let base64 = right.strip_prefix("v1,").unwrap().to_owned();
    let tag = STANDARD.decode(&base64).unwrap();
    let around = ["@", "v2,@", "v1a,@", "V1,@", "v1:@", "v1=@", "v1@", "v,@", "v11,@", "v1,,@", "v1,@,", "v1,@,v1"];
    let behind = ["v1,@=", "v1,@==", "v1,\t@", "v1,@\n", "v1,", "v1", ",", "hello"];
    let mut entries: Vec<String> = around.iter().chain(&behind).map(|form| form.replace('@', &base64)).collect();
    entries.extend([
        format!("v1,{}", base64.trim_end_matches('=')),
        format!("v1,{}", &base64[..40]),
        format!("v1,{}", "=".repeat(44)),
        format!("v1,{}", "é".repeat(22)),
        format!("v1,{}", STANDARD.encode(&tag[..31])),
        format!("v1,{}", STANDARD.encode([tag.as_slice(), b"\0"].concat())),
    ]);
    entries.extend(malleable(&base64).map(|twin| format!("v1,{twin}")));
    entries
}

/// The three other texts that a lenient decoder reads as the same 32 bytes: the last character's two low bits are free.
fn malleable(base64: &str) -> impl Iterator<Item = String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let last = ALPHABET.iter().position(|&byte| byte == base64.as_bytes()[42]).unwrap();
    assert_eq!(last % 4, 0, "{base64} is not canonical");
    (1..4).map(move |stray| format!("{}{}=", &base64[..42], char::from(ALPHABET[last + stray])))
}

#[test]
fn an_entry_of_another_version_or_shape_is_no_signature_and_is_skipped_beside_the_right_one() {
    for entry in malformed_entries() {
        assert_eq!(verdict(&entry, &[key(SECRET)]), Err(VerifyError::NoSignature), "{entry:?}");
        // A comma before the blank would show that the header came twice.
        if !entry.ends_with(',') {
            assert_eq!(verdict(&format!("{entry} {}", right()), &[key(SECRET)]), Ok(1), "{entry:?}");
        }
        assert_eq!(verdict(&format!("{} {entry}", right()), &[key(SECRET)]), Ok(1), "{entry:?}");
    }
}

#[test]
fn the_url_safe_alphabet_is_no_signature() {
    let timestamp = NOW.to_string();
    let (id, signature) = (0..1000)
        .map(|number| format!("msg_{number}"))
        .map(|id| (id.clone(), sign(SECRET, &id, &timestamp, BODY)))
        .find(|(_, signature)| signature.contains('+') && signature.contains('/'))
        .unwrap();
    let check = |signature: &str| {
        verify(headers(&id, &timestamp, signature), BODY, &[key(SECRET)], NOW).map(|verified| verified.secret_number)
    };
    assert_eq!(check(&signature), Ok(1));
    assert_eq!(check(&signature.replace('+', "-").replace('/', "_")), Err(VerifyError::NoSignature));
}

#[test]
fn the_first_secret_that_made_any_entry_is_named() {
    let secrets: [&[u8]; 3] =
        [b"first secret, which is current..", b"second secret, on its way out...", b"third secret, nearly forgotten.."];
    let keys = secrets.map(key);
    let [first, second, third] = secrets.map(right_by);
    let unknown = wrong(0);
    let cases = [
        (first.clone(), Ok(1)),
        (second.clone(), Ok(2)),
        (third.clone(), Ok(3)),
        (format!("{third} {second}"), Ok(2)),
        (format!("{second} {third}"), Ok(2)),
        (format!("{third} {second} {first}"), Ok(1)),
        (format!("{unknown} {third}"), Ok(3)),
        (format!("{unknown} {second} v2,x"), Ok(2)),
        (format!("{unknown} {unknown}"), Err(VerifyError::NoMatch)),
        (unknown, Err(VerifyError::NoMatch)),
    ];
    for (signature, expected) in cases {
        assert_eq!(verdict(&signature, &keys), expected, "{signature}");
    }
    assert_eq!(verdict(&first, &keys[1..]), Err(VerifyError::NoMatch));
    assert_eq!(verdict(&first, &[]), Err(VerifyError::NoMatch));
}

#[test]
fn a_signature_of_other_headers_does_not_match() {
    let timestamp = NOW.to_string();
    let later = (NOW + 1).to_string();
    for signature in [
        sign(SECRET, "msg_2", &timestamp, BODY),
        sign(SECRET, ID, &later, BODY),
        sign(SECRET, ID, &timestamp, b"{}"),
        sign(b"", ID, &timestamp, BODY),
    ] {
        assert_eq!(verdict(&signature, &[key(SECRET)]), Err(VerifyError::NoMatch));
    }
}

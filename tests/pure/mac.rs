//! Several tags at once, and a key that does not show. The MAC itself is held by published vectors: `vectors`, and RFC 4231
//! and Wycheproof in `tests/differential`.

use paytr_link_relay::mac::{MacKey, TAG_LENGTH, Tag};

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

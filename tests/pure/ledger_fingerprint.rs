//! What tells a retry from another message. The golden table may never change: with another hash the retry of a message
//! that was recorded before would be another message.

use crate::support::{asks_paytr, merchant, merchant_with, message_of};
use paytr_link_relay::ledger::Fingerprint;
use paytr_link_relay::message::Message;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CREATE: &str = "link.create";
const DELETE: &str = "link.delete";
const SMS: &str = "link.send_sms";
const EMAIL: &str = "link.send_email";
const PAYER: &str = "musteri@example.com";
const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

fn message(message_type: &str, more: &Value) -> Message {
    let data = match message_type {
        CREATE => json!({"name": "Order 1001", "price": 1445}),
        SMS => json!({"id": "NB2Zlz3", "cell_phone": "05321234567"}),
        EMAIL => json!({"id": "NB2Zlz3", "email": PAYER}),
        _ => json!({}),
    };
    message_of(message_type, &with(data, more))
}

/// Members of a link that is no product, and more.
fn collection(more: &Value) -> Value {
    with(json!({"link_type": "collection", "email": PAYER}), more)
}

fn flex(more: &Value) -> Value {
    with(json!({"link_type": "flex", "flex_max_price": 1445}), more)
}

fn with(mut data: Value, more: &Value) -> Value {
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    data
}

fn hash(message_type: &str, more: &Value) -> String {
    asks_paytr(&message(message_type, more)).fingerprint().hash(&merchant())
}

/// Each message says something that no other one says, and each member stands alone in at least one of them.
fn golden() -> Vec<(&'static str, Value, &'static str)> {
    let both_sends = json!({"send": {"cell_phone": "05321234567", "email": PAYER}});
    vec![
        (SMS, json!({}), "A/XHlTiBVE3AUANlgO9uGB/7XS16WHvUb8k1ykI+rWo="),
        (SMS, json!({"id": "nb2zlz3"}), "VlTyvWzeD7GHFT7qKIjQ8ohVLxxyIv74quttlBQB5fU="),
        (SMS, json!({"id": "NB2Zlz30"}), "LTOTsm0G1TXTlGqz/tUt1rY4YPs787xI2aLXIMwQ5I8="),
        (SMS, json!({"id": 7}), "TJ2J/h2guh77rrkqrtzxzH35IewgN1bhq9EbYO223/4="),
        (SMS, json!({"cell_phone": "05321234568"}), "MMmE5RQwxG8p/DbKGB1q6eyZBINP46Rm/gasf7+Pdxw="),
        (SMS, json!({"debug_on": 1}), "IWciqyyVIPaQGPu4sD3nlm32doBNfElnCrbPEQtkWJM="),
        (EMAIL, json!({}), "3z3K5Xa4AS1EjkvFEG4FGE2Ok8IJyE5cPZ4EiRPq+hk="),
        (EMAIL, json!({"email": "Musteri@example.com"}), "7REmc2ZrNwicvLe58WmWmWPJe2JK6TdRvmj0pL4jxD8="),
        (EMAIL, json!({"email": "musteri2@example.com"}), "3D1BLQusVgI+WOF5+AuD26In1z6Od0wh9ZA0H7j3RpA="),
        (EMAIL, json!({"id": "NB2Zlz30"}), "mAx8JewTdoByEfI/TqO+ZyNJ1j3mKSNRX2tJDE5UkRs="),
        (EMAIL, json!({"debug_on": 1}), "PX4sMkZh++SpNXXYKya5di+o06s0MJuJkrdFtfiRdZU="),
        (CREATE, json!({}), "YSvfK8sboiFbYTW6HFq7HWFrQaDO8eaNz1UB5wz7a8A="),
        (CREATE, json!({"name": "Order 1002"}), "DXCP5DM6Q32jx0iwraZPpoRK7t1mrnQbWRrjyXiD/Po="),
        (CREATE, json!({"name": "Çay & \"kahve\" – ğüşıöç"}), "LnuoUzsiimhehU8FegSCuG41hih2KOaZDH2YX004+SI="),
        (CREATE, json!({"price": 1446}), "BVOD+pi4LpTZbT47BBHUFVbCdc7BDquiX5slfojL6uM="),
        (CREATE, json!({"currency": "EUR"}), "JajLF9b2Og1Af4+ljEKYq1AHktDAvlvuXHaQc625sq8="),
        (CREATE, json!({"max_installment": 11}), "asdw1rQYGaoLQxGxbNyeTmbqYrCBcIBd/nEOBCCKKus="),
        (CREATE, json!({"lang": "en"}), "dXuQqNEyLuyPQgMaKhGOoDojikPcG/aWEHFtglC43IM="),
        (CREATE, json!({"min_count": 2}), "3Lt5TiYldfdmHLpRYTBJx0Hb0Kc7pjEDFMoWKlOphc8="),
        (CREATE, json!({"max_count": 2}), "ltsQj0i6d63uDOdrGBy3Bqlim9G/HYTsTqvZrEsxE0g="),
        (CREATE, json!({"max_count": null}), "lytof3TiMp5YmS6iaL6QQivH+yTwdKlHKTMxK/SAyDk="),
        (CREATE, collection(&json!({})), "Zw/C89KDO1zs02N9Aa0zT6wyoa+WBlbU78EGPQuNZO4="),
        (CREATE, collection(&json!({"reusable": true})), "C96AMC8WSSm0ad+nYdsvxrT3ex9MNOr/goXMolNpd+4="),
        (CREATE, flex(&json!({})), "wkGwP6HCDFJpASwmpEZereL5WKBPVq0LwQFWTsGhLJA="),
        (CREATE, flex(&json!({"flex_max_price": 1446})), "cNn5MyyZhUJ5zJ7eqwQTRF3hatlmqkJmWu2BLOJ8poM="),
        (CREATE, flex(&json!({"user_name": "Ali"})), "4sc8VBAPEQSsQXOWVjlPeBdQpgm2N6rcphTKcBz5Rck="),
        (CREATE, flex(&json!({"reusable": true})), "kiEiseESVcgDglSEtRtmEvNEGSgb5ImF3AUGaKn3/VU="),
        (CREATE, json!({"expiry_date": "2030-01-31 23:59:59"}), "V/pI5ycRZUoxKGFgkODtcC/xZbrk948iDou3xOr00dQ="),
        (CREATE, json!({"pft": 2}), "9wbYswEk0vLhnlj1tovkHYilipmXUigBqZXiWW35iMM="),
        (CREATE, json!({"get_qr": 1}), "tqjgVQ+Gu5QEGtBEATHvK9XlpIOdedlLWuWJfifEAwM="),
        (CREATE, json!({"debug_on": 1}), "dUqid+1fnBBRB4BTY8z0wkR9cCmN9iHSFsrO+OVne5A="),
        (CREATE, json!({"reference": "1001"}), "FcidBChtHP+3vLC6vUUnpx1xhaO4gUWKJpihOa9oLZY="),
        (CREATE, json!({"send": {"cell_phone": "05321234567"}}), "2V8i53SRxYW9HONI66LhAl90N+EhGllu891lDLVdfC8="),
        (CREATE, json!({"send": {"email": PAYER}}), "wBMFK2MadYD44r2WLmXmKbSktjSrBKqqlQLYbyJj4tk="),
        (CREATE, both_sends, "TXds9w/0LONYumh4T9Y3JwcVeiL0LztI8UTTmNfFQ6o="),
        (
            CREATE,
            json!({
                "link_type": "flex", "flex_max_price": 9000, "user_name": "Ali", "reusable": true, "currency": "USD",
                "max_installment": 3, "lang": "en", "expiry_date": "2030-01-31T20:59:59Z", "pft": 3, "get_qr": 1,
                "debug_on": 1, "reference": "WC/1001", "send": {"cell_phone": "05321234567", "email": PAYER},
            }),
            "3WecFFJnyuvCBIUl7lfksAp1Lyp1SaM3shlmZSj9his=",
        ),
        (DELETE, json!({"ids": ["a"]}), "oZFq/v3vzfu1bX2+BAU35vhjhPCtoIvKizi572cyLF4="),
        (DELETE, json!({"ids": ["b"]}), "W/okPACzzebL/vh+Pj7WIrAAQg2fNM+UG2X4+fsHJAk="),
        (DELETE, json!({"ids": ["a", "b"]}), "lG3F/tYN7Ifn92G5MjTbenQQOTJoynNOLI/QcOQKDRk="),
        (DELETE, json!({"ids": ["b", "a"]}), "jIBXM/dAXbBG5mPJ+Cv7JvM8jWgwwm+fy7BrT5NO36U="),
        (DELETE, json!({"ids": ["a"], "debug_on": 1}), "q9TgV1dvWbdRV+XT4W//mAy+YbtQ/hex9udZ/KvfmM8="),
        (DELETE, json!({"ids": [CALLBACK_ID]}), "i1Q1N6k3p2t0WJLIe+P8cw4kiPxXLWp561/Mlz8kYFw="),
        (DELETE, json!({"callback_id": CALLBACK_ID}), "xiz04z5u+DkNLhllmNQQEywMVOD1wy7QzOEcnu1xdiw="),
        (DELETE, json!({"callback_id": CALLBACK_ID, "debug_on": 1}), "8xb+71dx4l5lgGYCXxn58ft17bc7Zh6MIm76iyX0A5E="),
    ]
}

#[test]
fn the_fingerprint_of_a_message_never_changes() {
    for (message_type, more, expected) in golden() {
        assert_eq!(hash(message_type, &more), expected, "{message_type} {more}");
    }
}

#[test]
fn no_two_messages_that_say_something_else_have_one_fingerprint() {
    let hashes: BTreeSet<&str> = golden().iter().map(|(.., hash)| *hash).collect();
    assert_eq!(hashes.len(), golden().len());
}

#[test]
fn what_says_the_same_has_the_same_fingerprint() {
    let sends = json!({"send": {"cell_phone": "05321234567"}});
    for (message_type, one, other) in [
        (SMS, json!({}), json!({"cell_phone": "(0532) 123 45 67"})),
        (SMS, json!({"id": "7"}), json!({"id": 7})),
        (SMS, json!({}), json!({"debug_on": 0})),
        (SMS, json!({}), json!({"debug_on": null})),
        (EMAIL, json!({}), json!({"debug_on": 0})),
        (CREATE, json!({}), json!({"link_type": "product", "currency": "TRY", "min_count": 1, "max_count": 1})),
        (CREATE, json!({}), json!({"max_installment": 12, "lang": "tr"})),
        (CREATE, json!({}), json!({"get_qr": 0})),
        (CREATE, json!({}), json!({"debug_on": 0})),
        (CREATE, json!({}), json!({"get_qr": 0, "debug_on": 0, "pft": null, "expiry_date": null, "send": null})),
        (CREATE, json!({"min_count": 2}), json!({"min_count": 2, "max_count": 2})),
        (CREATE, collection(&json!({})), collection(&json!({"reusable": false}))),
        (CREATE, json!({"expiry_date": "2030-01-31 23:59:59"}), json!({"expiry_date": "2030-01-31T20:59:59Z"})),
        (CREATE, sends, json!({"send": {"cell_phone": "+90 532 123 45 67", "email": null}})),
        (DELETE, json!({"ids": ["7"]}), json!({"ids": [7]})),
        (DELETE, json!({"ids": ["a"]}), json!({"ids": ["a"], "debug_on": 0})),
    ] {
        assert_eq!(hash(message_type, &one), hash(message_type, &other), "{message_type} {one} {other}");
    }
}

/// An optional member of a later version is added like this, and messages without it keep what is recorded of them.
#[test]
fn a_member_that_is_left_out_leaves_no_trace() {
    let said = Fingerprint::of(CREATE).with("name", "Order 1001");
    let with_new = said.clone().with_flag("new", None).with_flag("newer", Some(false));
    assert_eq!(with_new.hash(&merchant()), said.hash(&merchant()));
    let written = said.clone().with_flag("new", Some(true));
    assert_eq!(written.hash(&merchant()), said.clone().with("new", "1").hash(&merchant()));
    assert_ne!(written.hash(&merchant()), said.hash(&merchant()));
}

#[test]
fn type_names_and_values_cannot_run_into_one_another() {
    let lists = [
        Fingerprint::of("a"),
        Fingerprint::of("a").with("b", "c"),
        Fingerprint::of("a").with("b", "cd"),
        Fingerprint::of("a").with("bc", "d"),
        Fingerprint::of("a").with("b", "").with("c", ""),
        Fingerprint::of("a").with("c", "").with("b", ""),
        Fingerprint::of("a").with("b", "c=").with("d", ""),
        Fingerprint::of("a").with("b", "c").with("=d", ""),
        Fingerprint::of("ab").with("c", "d"),
        Fingerprint::of("").with("a", ""),
    ];
    let hashes: BTreeSet<String> = lists.iter().map(|said| said.hash(&merchant())).collect();
    assert_eq!(hashes.len(), lists.len());
}

#[test]
fn a_fingerprint_is_kept_as_a_hash_that_stands_as_long_as_the_merchants_key() {
    let said = Fingerprint::of(SMS).with("cell_phone", "05321234567");
    let hash = said.hash(&merchant());
    assert_eq!(hash.len(), 44);
    let other_key = merchant_with("123456", "another key, newer", "sAlt0987654321xy");
    assert_ne!(said.hash(&other_key), hash);
    assert_eq!(said.hash(&merchant_with("654321", "kEy1234567890abc", "another salt, new")), hash);
}

//! PayTR's notification of a payment: its form, its hash, and what is sent in its place.

use crate::support::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, hmac_base64, merchant};
use base64::{Engine, engine::general_purpose::STANDARD};
use form_urlencoded::Serializer;
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::paytr::{Notification, TotalAmount, Unsigned, UnsignedText};
use proptest::prelude::*;

pub const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const OID: &str = "IN20261125A1";
const BAD_HASH: &str = "bad hash";
pub const UNSIGNED: [&str; 5] = ["payment_amount", "currency", "payment_type", "test_mode", "merchant_id"];

fn hash_of(text: &str) -> String {
    hmac_base64(MERCHANT_KEY.as_bytes(), text.as_bytes())
}

/// PayTR's formula, written once more.
pub fn right_hash(callback_id: &str, merchant_oid: &str, status: &str, total_amount: &str) -> String {
    hash_of(&format!("{callback_id}{merchant_oid}{MERCHANT_SALT}{status}{total_amount}"))
}

/// A notice as PayTR posts it.
fn good() -> Vec<(&'static str, String)> {
    vec![
        ("hash", right_hash(CALLBACK_ID, OID, "success", "171064")),
        ("callback_id", CALLBACK_ID.to_owned()),
        ("merchant_oid", OID.to_owned()),
        ("status", "success".to_owned()),
        ("total_amount", "171064".to_owned()),
        ("payment_amount", "158000".to_owned()),
        ("payment_type", "card".to_owned()),
        ("currency", "TL".to_owned()),
        ("merchant_id", MERCHANT_ID.to_owned()),
        ("test_mode", "0".to_owned()),
    ]
}

/// The good notice with some fields changed; the hash stays what it was.
fn with(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields = good();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, (*value).to_owned()));
    }
    fields
}

/// The good notice with its signed fields changed, and signed by who has the key.
fn signed_with(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let fields = with(changes);
    let value = |name: &str| fields.iter().find(|(known, _)| *known == name).unwrap().1.as_str();
    let hash = right_hash(value("callback_id"), value("merchant_oid"), value("status"), value("total_amount"));
    with(&[changes, &[("hash", &hash)]].concat())
}

pub fn encode<T: AsRef<str>>(fields: &[(&str, T)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_ref()))).finish()
}

fn verify<T: AsRef<str>>(fields: &[(&str, T)]) -> Result<Notification, &'static str> {
    Notification::verify(encode(fields).as_bytes(), &merchant())
}

#[test]
fn a_true_notice_is_taken_with_all_that_it_says() {
    let notification = verify(&good()).unwrap();
    assert_eq!(notification.callback_id.as_str(), CALLBACK_ID);
    assert_eq!((notification.merchant_oid.as_str(), notification.status.as_str()), (OID, "success"));
    assert_eq!(notification.total_amount, TotalAmount::MinorUnits(171_064, "171064".to_owned()));
    assert!(notification.unsigned_text.is_empty());
    let unsigned = Unsigned {
        payment_amount: Some(158_000),
        currency: Some("TL".into()),
        payment_type: Some("card".into()),
        test_mode: Some(false),
        merchant_id: Some(MERCHANT_ID.into()),
    };
    assert_eq!(notification.unsigned, unsigned);
    let stored = pack(&notification);
    assert!(!String::from_utf8_lossy(&stored).contains(&good()[0].1));
    assert_eq!(unpack::<Notification>(&stored), Some(notification));
}

#[test]
fn order_unknown_fields_and_encoding_do_not_matter() {
    let mut reversed = good();
    reversed.reverse();
    reversed.push(("installment_count", "3".to_owned()));
    reversed.push(("", String::new()));
    assert_eq!(verify(&reversed), verify(&good()));
    let all_encoded: String = good()
        .iter()
        .map(|(name, value)| {
            let value: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
            format!("{name}={value}&&")
        })
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(Notification::verify(all_encoded.as_bytes(), &merchant()), verify(&good()));
}

#[test]
fn what_is_missing_doubled_or_out_of_shape_is_named() {
    let without = |name: &str| good().into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>();
    let again = |name: &'static str, value: &str| [good(), vec![(name, value.to_owned())]].concat();
    let mut cases = vec![
        (vec![], "the field hash is missing".to_owned()),
        (again("status", "success"), "the field status came twice".to_owned()),
        (again("currency", "TL"), "a field came twice".to_owned()),
    ];
    for name in ["hash", "callback_id", "merchant_oid", "status", "total_amount"] {
        cases.push((without(name), format!("the field {name} is missing")));
        cases.push((again(name, "other"), format!("the field {name} came twice")));
    }
    cases.extend(UNSIGNED.map(|name| (again(name, "other"), "a field came twice".to_owned())));
    let (long_oid, long_status, long_amount) = ("x".repeat(65), "s".repeat(33), "1".repeat(33));
    let (longer_id, upper_id) = (format!("{CALLBACK_ID}0"), CALLBACK_ID.to_uppercase());
    let ids = ["", "ORDER123", &CALLBACK_ID[1..], &CALLBACK_ID[..32], &longer_id, &upper_id];
    let oids = ["", &long_oid, "IN 1", "IN\n1", "siparişno", "IN\u{7f}"];
    let statuses = ["", &long_status, "success1", "başarılı", "suc cess"];
    let amounts = ["", "-1", "+1", ".5", " 1", "1 ", "1\n", "158000₺", &long_amount, "١٢٣"];
    for (name, values, words) in [
        ("callback_id", &ids[..], "of this relay"),
        ("merchant_oid", &oids, "1 to 64 visible ASCII characters"),
        ("status", &statuses, "1 to 32 letters"),
        ("total_amount", &amounts, "1 to 15 digits"),
    ] {
        let words = format!("the field {name} is not {words}");
        cases.extend(values.iter().map(|value| (signed_with(&[(name, value)]), words.clone())));
    }
    // Those under a good hash are refused for the field's own shape.
    for (fields, words) in cases {
        assert_eq!(verify(&fields).err(), Some(words.as_str()), "{fields:?}");
    }
}

#[test]
fn every_other_value_under_a_good_hash_is_taken() {
    let longest_oid = "~".repeat(64);
    let oids = ["!", &longest_oid, "a&b=c+d%20"].map(|oid| ("merchant_oid", oid));
    let statuses = ["failed", "SUCCESS", "in_review-x"].map(|status| ("status", status));
    let amounts = ["0", "007", "999999999999999"].map(|amount| ("total_amount", amount));
    for (name, value) in [oids, statuses, amounts].concat() {
        let notification = verify(&signed_with(&[(name, value)])).unwrap_or_else(|words| panic!("{value} {words}"));
        let taken = match name {
            "merchant_oid" => notification.merchant_oid,
            "status" => notification.status,
            _ => {
                assert_eq!(notification.total_amount.minor_units(), value.parse().ok());
                notification.total_amount.as_str().to_owned()
            }
        };
        assert_eq!(taken, value, "{name}");
    }
}

#[test]
fn an_amount_that_begins_with_a_digit_and_is_none_is_kept_as_it_was_signed() {
    let longest = "1".repeat(32);
    for value in ["158000.00", "1580,00", "1e5", "0x10", "1.580,00TL", "1000000000000000", "1-", longest.as_str()] {
        let total_amount = verify(&signed_with(&[("total_amount", value)])).unwrap().total_amount;
        assert_eq!((total_amount.minor_units(), total_amount.as_str()), (None, value));
        assert_eq!(total_amount, TotalAmount::Unreadable(value.to_owned()));
    }
}

#[test]
fn what_is_not_read_may_come_as_often_as_it_likes() {
    for more in [
        vec![("urun[]", "1"), ("urun[]", "2")],
        vec![("x", ""), ("x", ""), ("x", "3")],
        vec![("", "1"), ("", "2")],
        vec![("Hash", "1"), ("Hash", "2"), ("status ", "failed"), ("callback-id", "1"), ("callback-id", "1")],
    ] {
        let more = more.into_iter().map(|(name, value)| (name, value.to_owned()));
        let fields: Vec<(&str, String)> = more.chain(good()).collect();
        assert_eq!(verify(&fields), verify(&good()), "{fields:?}");
    }
}

#[test]
fn a_form_may_have_16_kib() {
    let form = encode(&good());
    let padded = |length: usize| {
        let start = format!("{form}&padding=");
        format!("{start}{}", "x".repeat(length - start.len()))
    };
    assert!(Notification::verify(padded(16_384).as_bytes(), &merchant()).is_ok());
    let over = Notification::verify(padded(16_385).as_bytes(), &merchant());
    assert_eq!(over, Err("the form is over 16384 bytes"));
}

#[test]
fn forged_notices_and_wrong_formulas_have_a_bad_hash() {
    let right_text = format!("{CALLBACK_ID}{OID}{MERCHANT_SALT}success171064");
    let right = hash_of(&right_text);
    assert_eq!(right, good()[0].1);
    let key_and_salt_swapped =
        hmac_base64(MERCHANT_SALT.as_bytes(), format!("{CALLBACK_ID}{OID}{MERCHANT_KEY}success171064").as_bytes());
    let raw = STANDARD.decode(&right).unwrap();
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    // The last letter holds four bits of the digest and two that must be 0.
    let mut stray_bits = right.clone().into_bytes();
    stray_bits[42] += 1;
    let mut one_bit_off = raw.clone();
    one_bit_off[31] ^= 1;
    for (case, hash) in [
        ("the payer's amount in place of another", right_hash(CALLBACK_ID, OID, "success", "1")),
        ("another link's", right_hash(&CALLBACK_ID.replace('b', "a"), OID, "success", "171064")),
        ("another payment's", right_hash(CALLBACK_ID, "IN20261125A2", "success", "171064")),
        ("another status", right_hash(CALLBACK_ID, OID, "failed", "171064")),
        ("the iFrame's formula, without callback_id", hash_of(&format!("{OID}{MERCHANT_SALT}success171064"))),
        ("salt twice", hash_of(&format!("{CALLBACK_ID}{OID}{MERCHANT_SALT}success171064{MERCHANT_SALT}"))),
        ("salt first", hash_of(&format!("{MERCHANT_SALT}{CALLBACK_ID}{OID}success171064"))),
        ("salt last", hash_of(&format!("{CALLBACK_ID}{OID}success171064{MERCHANT_SALT}"))),
        ("no salt", hash_of(&format!("{CALLBACK_ID}{OID}success171064"))),
        ("merchant_id first", hash_of(&format!("{MERCHANT_ID}{CALLBACK_ID}{OID}{MERCHANT_SALT}success171064"))),
        ("merchant_oid first", hash_of(&format!("{OID}{CALLBACK_ID}{MERCHANT_SALT}success171064"))),
        ("payment_amount in place of total_amount", right_hash(CALLBACK_ID, OID, "success", "158000")),
        ("callback.id, which does not exist", right_hash("undefined", OID, "success", "171064")),
        ("separated by dots", hash_of(&format!("{CALLBACK_ID}.{OID}.{MERCHANT_SALT}.success.171064"))),
        ("key and salt swapped", key_and_salt_swapped),
        ("another merchant's salt", hash_of(&format!("{CALLBACK_ID}{OID}another salt, newsuccess171064"))),
        ("another merchant's key", hmac_base64(b"another key, newer", right_text.as_bytes())),
        ("hexadecimal", hex.clone()),
        ("base64 of the hexadecimal text", STANDARD.encode(&hex)),
        ("unpadded", right.trim_end_matches('=').to_owned()),
        ("padded once more", format!("{right}=")),
        ("a blank before it", format!(" {right}")),
        ("a line end after it", format!("{right}\n")),
        ("stray last bits", String::from_utf8(stray_bits).unwrap()),
        ("the last bit turned over", STANDARD.encode(one_bit_off)),
        ("the first 31 bytes", STANDARD.encode(&raw[..31])),
        ("nothing", String::new()),
        ("nothing, padded", "====".to_owned()),
        ("zeros", STANDARD.encode([0; 32])),
        ("the digest twice", STANDARD.encode([raw.clone(), raw.clone()].concat())),
        ("small letters", right.to_lowercase()),
    ] {
        for test_mode in ["0", "1"] {
            let fields = with(&[("hash", &hash), ("test_mode", test_mode)]);
            assert_eq!(verify(&fields), Err(BAD_HASH), "{case}");
        }
    }
}

#[test]
fn the_url_safe_alphabet_is_no_hash() {
    // The first payment whose hash has both of the letters in which the alphabets differ.
    let (oid, hash) = (0..)
        .map(|number| format!("IN{number}"))
        .map(|oid| (right_hash(CALLBACK_ID, &oid, "success", "171064"), oid))
        .find_map(|(hash, oid)| (hash.contains('+') && hash.contains('/')).then_some((oid, hash)))
        .unwrap();
    assert!(verify(&with(&[("merchant_oid", &oid), ("hash", &hash)])).is_ok());
    let url_safe = hash.replace('+', "-").replace('/', "_");
    assert_eq!(verify(&with(&[("merchant_oid", &oid), ("hash", &url_safe)])), Err(BAD_HASH));
    // A plus that was not encoded comes as a blank, which base64 never means.
    let blanks = hash.replace('+', " ");
    assert!(verify(&with(&[("merchant_oid", &oid), ("hash", &blanks)])).is_ok());
}

#[test]
fn no_boundary_can_be_moved() {
    let longer_id = format!("{CALLBACK_ID}{}", &OID[..1]);
    let oid_with_salt = format!("{OID}{MERCHANT_SALT}");
    let id_end_in_oid = format!("{}{OID}", &CALLBACK_ID[63..]);
    let moved: [&[(&str, &str)]; 8] = [
        &[("callback_id", &longer_id), ("merchant_oid", &OID[1..])],
        &[("callback_id", &CALLBACK_ID[..63]), ("merchant_oid", &id_end_in_oid)],
        &[("status", "success1"), ("total_amount", "71064")],
        &[("status", "success17106"), ("total_amount", "4")],
        &[("status", "succes"), ("total_amount", "s171064")],
        &[("status", ""), ("total_amount", "success171064")],
        &[("merchant_oid", &oid_with_salt), ("status", "success")],
        &[("callback_id", ""), ("merchant_oid", &longer_id)],
    ];
    for changes in moved {
        assert!(verify(&with(changes)).is_err(), "{changes:?}");
    }
}

#[test]
fn a_notice_of_the_iframe_cannot_be_read_as_one_of_a_link() {
    // The longest order number that PayTR's iFrame takes, chosen by the payer's own shop to look like a link's name.
    for oid in [CALLBACK_ID, &CALLBACK_ID[..63], "1", OID] {
        let signed = format!("{oid}{MERCHANT_SALT}success171064");
        let hash = hash_of(&signed);
        for cut in 0..=signed.len() {
            let (callback_id, rest) = signed.split_at(cut);
            // The rest of the order number first: the same text is signed, so that the shape alone stands against it.
            for merchant_oid in [oid.get(cut..).unwrap_or_default(), "", OID, rest] {
                for (status, total_amount) in [("success", "171064"), ("s", "1"), ("", "")] {
                    let fields = with(&[
                        ("hash", &hash),
                        ("callback_id", callback_id),
                        ("merchant_oid", merchant_oid),
                        ("status", status),
                        ("total_amount", total_amount),
                    ]);
                    assert!(verify(&fields).is_err(), "{callback_id} {merchant_oid} {status}");
                }
            }
        }
    }
}

/// The unsigned field of this name, and the text of it if it could not be read; both as JSON has them.
fn unsigned_field(notification: &Notification, name: &str) -> (Option<serde_json::Value>, Option<String>) {
    let unsigned = serde_json::to_value(&notification.unsigned).unwrap();
    let text = serde_json::to_value(&notification.unsigned_text).unwrap();
    (unsigned.get(name).cloned(), text.get(name).map(|text| text.as_str().unwrap().to_owned()))
}

#[test]
fn an_unsigned_field_that_is_absent_is_none() {
    for field in UNSIGNED {
        let absent = good().into_iter().filter(|(name, _)| *name != field).collect::<Vec<_>>();
        let notification = verify(&absent).unwrap();
        assert_eq!(unsigned_field(&notification, field), (None, None), "{field}");
        for other in UNSIGNED.into_iter().filter(|other| *other != field) {
            let expected = unsigned_field(&verify(&good()).unwrap(), other);
            assert_eq!(unsigned_field(&notification, other), expected, "{other} without {field}");
        }
    }
    let signed: Vec<_> = good().into_iter().filter(|(name, _)| !UNSIGNED.contains(name)).collect();
    let notification = verify(&signed).unwrap();
    assert_eq!((notification.unsigned, notification.unsigned_text), (Unsigned::default(), UnsignedText::default()));
}

#[test]
fn an_unsigned_field_that_cannot_be_read_is_kept_as_it_came() {
    let (long, longest) = ("x".repeat(33), "x".repeat(200));
    let odd = ["", " ", &long, "naïve", "two words", " 999", "USD ", "\u{20ba}"];
    for field in UNSIGNED {
        for value in odd {
            let notification = verify(&with(&[(field, value)])).unwrap();
            assert_eq!(unsigned_field(&notification, field), (None, Some(value.to_owned())), "{field} {value:?}");
            assert!(!notification.unsigned_text.is_empty());
            // Nothing is judged by the way of payment.
            assert_eq!(notification.unsigned_text.speaks_against(), field != "payment_type", "{field} {value:?}");
        }
        // What nobody sees is left out, and no more is kept than a person reads.
        for (value, expected) in
            [("\0", ""), ("a\nb\tc", "abc"), ("\u{202e}0\u{200b}0", "00"), (longest.as_str(), &longest[..64])]
        {
            let notification = verify(&with(&[(field, value)])).unwrap();
            assert_eq!(unsigned_field(&notification, field), (None, Some(expected.to_owned())), "{field} {value:?}");
        }
    }
    let amounts = ["158000.00", "-1", "1580000000000000", "1e6"].map(|value| ("payment_amount", value));
    let modes = ["true", "TRUE", "on", "01", "2", "1 "].map(|value| ("test_mode", value));
    for (field, value) in amounts.into_iter().chain(modes) {
        let notification = verify(&with(&[(field, value)])).unwrap();
        assert_eq!(unsigned_field(&notification, field), (None, Some(value.to_owned())), "{field} {value}");
    }
    for (written, test_mode) in [("0", false), ("1", true)] {
        let notification = verify(&with(&[("test_mode", written)])).unwrap();
        assert_eq!(unsigned_field(&notification, "test_mode"), (Some(test_mode.into()), None), "{written}");
    }
}

#[test]
fn a_notice_cannot_be_printed() {
    let printed = format!("{:?}", verify(&good()).unwrap());
    assert_eq!(printed, format!("Notification {{ callback_id: CallbackId({CALLBACK_ID:?}), .. }}"));
}

proptest! {
    #[test]
    fn what_a_form_writer_wrote_is_read_as_it_was(
        oid in "[!-~]{1,64}", status in "[A-Za-z_-]{1,32}", total_amount in "[0-9]{1,15}",
        extra in "\\PC{0,20}", position in 0_usize..5,
    ) {
        let mut fields = signed_with(&[("merchant_oid", &oid), ("status", &status), ("total_amount", &total_amount)]);
        fields.insert(position, ("unknown", extra));
        let notification = verify(&fields).unwrap();
        prop_assert_eq!(notification.merchant_oid, oid);
        prop_assert_eq!(notification.status, status);
        prop_assert_eq!(notification.total_amount.minor_units(), total_amount.parse::<u64>().ok());
        prop_assert_eq!(notification.total_amount.as_str(), total_amount);
    }

    #[test]
    fn a_single_changed_byte_of_what_is_signed_is_found(field in 1_usize..5, at in any::<prop::sample::Index>(), to in 33_u8..127) {
        let mut fields = good();
        let mut value = fields[field].1.clone().into_bytes();
        let at = at.index(value.len());
        prop_assume!(value[at] != to);
        value[at] = to;
        fields[field].1 = String::from_utf8(value).unwrap();
        prop_assert!(verify(&fields).is_err());
    }

    #[test]
    fn no_form_at_all_is_taken_without_the_key(form in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Notification::verify(&form, &merchant()).is_err());
    }
}

//! What PayTR leaves unsigned can only speak against a payment: no such field, whatever it holds, makes of a payment for
//! review one on which a shop may ship.

use crate::paytr_notification::{CALLBACK_ID, UNSIGNED, encode, right_hash};
use crate::support::{MERCHANT_ID, count, created, link, merchant, price, terms};
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::model::Currency;
use paytr_link_relay::payment::assessment::Expected;
use paytr_link_relay::payment::{Assessment, EventType, Reason};
use paytr_link_relay::paytr::Notification;
use proptest::prelude::*;
use proptest::sample::select;

const EARLIER: Option<u64> = Some(1_795_000_000_000);

/// A payment by what PayTR signs of it, and what the relay knows.
#[derive(Debug, Clone)]
struct Signed {
    status: String,
    total_amount: String,
    link: Option<Link>,
    is_changed: bool,
}

fn assess(signed: &Signed, unsigned: &[(&str, &str)]) -> Assessment {
    let Signed { status, total_amount, link, is_changed } = signed;
    let hash = right_hash(CALLBACK_ID, "IN1", status, total_amount);
    let fields: [(&str, &str); 5] = [
        ("hash", &hash),
        ("callback_id", CALLBACK_ID),
        ("merchant_oid", "IN1"),
        ("status", status),
        ("total_amount", total_amount),
    ];
    let form = encode(&[&fields, unsigned].concat());
    let notification = Notification::verify(form.as_bytes(), &merchant()).unwrap();
    let expected = Expected { merchant_id: MERCHANT_ID, link: link.as_ref(), is_changed: *is_changed };
    Assessment::new(&notification, &expected)
}

fn signed() -> impl Strategy<Value = Signed> {
    let status = prop_oneof![4 => Just("success"), 1 => select(vec!["failed", "SUCCESS", "s"])];
    let total_amount = prop_oneof![
        3 => select(vec!["158000", "171064", "157999", "0", "0158000", "474000"]).prop_map(str::to_owned),
        1 => select(vec!["158000.00", "1e9", "1000000000000000"]).prop_map(str::to_owned),
        1 => "[0-9]{1,15}",
    ];
    let time = || prop::option::weighted(0.2, Just(EARLIER.unwrap()));
    let link = (any::<bool>(), prop_oneof![3 => Just(1_u64), 1 => Just(3)], time(), time(), any::<bool>()).prop_map(
        |(paid_once, min_count, paid_at, deleted_at, in_lira)| {
            let currency = if in_lira { Currency::Tl } else { Currency::Eur };
            let terms = Terms { price: price(158_000), min_count: count(min_count), paid_once, currency, ..terms() };
            Link { terms, paid_at, deleted_at, ..link(created()) }
        },
    );
    (status, total_amount, prop::option::weighted(0.9, link), prop::bool::weighted(0.1)).prop_map(
        |(status, total_amount, link, is_changed)| Signed { status: status.to_owned(), total_amount, link, is_changed },
    )
}

/// What stands in an unsigned field: what PayTR writes, what is nearly that, and anything.
fn value() -> impl Strategy<Value = String> {
    let short =
        ["", " ", "0", "1", "2", "true", "TL", "TRY", "tl", "USD", "USD ", "₺", "card", "123456", " 123456", "999"];
    let amounts =
        ["158000", "157999", "158000.00", "-1", "1e6", "999999999999999", "1000000000000000", "\u{202e}", "\0"];
    let known = [&short[..], &amounts].concat();
    prop_oneof![3 => select(known).prop_map(str::to_owned), 1 => "\\PC{0,40}", 1 => any::<String>()]
}

fn unsigned() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let field = |name: &'static str| prop::option::of(value()).prop_map(move |value| value.map(|value| (name, value)));
    UNSIGNED.map(field).prop_map(|fields| fields.into_iter().flatten().collect())
}

fn holds(reasons: &[Reason], others: &[Reason]) -> bool {
    others.iter().all(|reason| reasons.contains(reason))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_unsigned_field_turns_a_review_into_a_payment_whatever_it_holds(signed in signed(), fields in unsigned()) {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let bare = assess(&signed, &[]);
        let with_all = assess(&signed, &fields);
        if bare.event_type() == EventType::LinkPaymentReview {
            prop_assert_eq!(with_all.event_type(), EventType::LinkPaymentReview, "{:?}", fields);
            prop_assert!(bare.pays_the_link() || !with_all.pays_the_link());
        }
        prop_assert!(holds(&with_all.reasons, &bare.reasons), "{:?} lost one of {:?}", with_all.reasons, bare.reasons);
        // Nor does any one of them beside the others: to take a field away gains nothing that its absence has not.
        for left_out in 0..fields.len() {
            let mut others = fields.clone();
            others.remove(left_out);
            let without = assess(&signed, &others);
            prop_assert!(holds(&with_all.reasons, &without.reasons), "{:?} hides a reason", fields[left_out]);
        }
    }

    #[test]
    fn a_field_that_is_there_is_read_or_speaks_against_the_payment(name in select(&UNSIGNED[..]), value in value()) {
        let good = Signed {
            status: "success".to_owned(),
            total_amount: "158000".to_owned(),
            link: Some(Link { terms: Terms { price: price(158_000), ..terms() }, ..link(created()) }),
            is_changed: false,
        };
        let digits = value.bytes().all(|byte| byte.is_ascii_digit()) && (1..=15).contains(&value.len());
        let says_nothing_against = match name {
            "payment_amount" => digits && value.parse::<u64>().unwrap() >= 158_000,
            "currency" => ["TL", "TRY"].contains(&value.as_str()),
            "test_mode" => value == "0",
            "merchant_id" => value == MERCHANT_ID,
            _ => true,
        };
        let assessment = assess(&good, &[(name, &value)]);
        prop_assert_eq!(assessment.event_type() == EventType::LinkPaid, says_nothing_against, "{} {:?}", name, value);
    }
}

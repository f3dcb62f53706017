//! What a payment is worth: each reason alone, together, and what says nothing against a payment.

use crate::support::MERCHANT_ID;
use paytr_link_relay::events::verdict::{Expected, Reason, Verdict};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::callback_id::CallbackId;
use paytr_link_relay::model::currency::Currency;
use paytr_link_relay::model::price::Price;
use paytr_link_relay::paytr::{Notification, Unsigned};

const PRICE: u64 = 158_000;

fn expected() -> Expected {
    let price = Price::parse(&JsonValue::Integer(PRICE)).unwrap();
    Expected { price, currency: Currency::Tl, paid_once: true }
}

fn payment() -> Notification {
    Notification {
        callback_id: CallbackId::parse(&"a".repeat(64)).unwrap(),
        merchant_oid: "IN1".into(),
        status: "success".into(),
        total_amount: PRICE,
        unsigned: Unsigned {
            payment_amount: Some(PRICE),
            currency: Some("TL".into()),
            payment_type: Some("card".into()),
            test_mode: Some(false),
            merchant_id: Some(MERCHANT_ID.into()),
        },
    }
}

/// A case: what is changed of a good payment, of the record and of the history, and the reasons that it gives.
struct Case {
    name: &'static str,
    change: fn(&mut Notification, &mut Option<Expected>, &mut bool),
    reasons: &'static [Reason],
}

const CASES: &[Case] = &[
    Case { name: "everything fits", change: |_, _, _| {}, reasons: &[] },
    Case { name: "more was paid", change: |payment, _, _| payment.total_amount += 1, reasons: &[] },
    Case {
        name: "instalment interest came on top",
        change: |payment, _, _| payment.total_amount = 171_064,
        reasons: &[],
    },
    Case {
        name: "nothing unsigned is there",
        change: |payment, _, _| payment.unsigned = Unsigned::default(),
        reasons: &[],
    },
    Case {
        name: "ISO's name of the lira",
        change: |payment, _, _| payment.unsigned.currency = Some("TRY".into()),
        reasons: &[],
    },
    Case {
        name: "another way of payment",
        change: |payment, _, _| payment.unsigned.payment_type = Some("eft".into()),
        reasons: &[],
    },
    Case {
        name: "a further payment of a link that may be paid again",
        change: |_, expected, paid_before| {
            expected.as_mut().unwrap().paid_once = false;
            *paid_before = true;
        },
        reasons: &[],
    },
    Case {
        name: "a link that may be paid again",
        change: |_, expected, _| expected.as_mut().unwrap().paid_once = false,
        reasons: &[],
    },
    Case { name: "no record", change: |_, expected, _| *expected = None, reasons: &[Reason::UnknownLink] },
    Case {
        name: "no record, and paid before",
        change: |_, expected, paid_before| {
            *expected = None;
            *paid_before = true;
        },
        reasons: &[Reason::UnknownLink],
    },
    Case {
        name: "no record, and nothing to compare amount and currency with",
        change: |payment, expected, _| {
            *expected = None;
            payment.total_amount = 0;
            payment.unsigned.currency = Some("USD".into());
        },
        reasons: &[Reason::UnknownLink],
    },
    Case { name: "failed", change: |payment, _, _| payment.status = "failed".into(), reasons: &[Reason::NotSuccess] },
    Case {
        name: "in capitals",
        change: |payment, _, _| payment.status = "SUCCESS".into(),
        reasons: &[Reason::NotSuccess],
    },
    Case {
        name: "longer",
        change: |payment, _, _| payment.status = "successful".into(),
        reasons: &[Reason::NotSuccess],
    },
    Case {
        name: "another merchant",
        change: |payment, _, _| payment.unsigned.merchant_id = Some("654321".into()),
        reasons: &[Reason::OtherMerchant],
    },
    Case {
        name: "the merchant's number written otherwise",
        change: |payment, _, _| payment.unsigned.merchant_id = Some(format!("0{MERCHANT_ID}")),
        reasons: &[Reason::OtherMerchant],
    },
    Case {
        name: "another currency",
        change: |payment, _, _| payment.unsigned.currency = Some("USD".into()),
        reasons: &[Reason::OtherCurrency],
    },
    Case {
        name: "a currency that nobody knows",
        change: |payment, _, _| payment.unsigned.currency = Some("JPY".into()),
        reasons: &[Reason::OtherCurrency],
    },
    Case {
        name: "lira for a link in euro",
        change: |_, expected, _| expected.as_mut().unwrap().currency = Currency::Eur,
        reasons: &[Reason::OtherCurrency],
    },
    Case { name: "a kuruş short", change: |payment, _, _| payment.total_amount -= 1, reasons: &[Reason::TooLittle] },
    Case {
        name: "a kuruş short, and the unsigned amount left out",
        change: |payment, _, _| {
            payment.total_amount -= 1;
            payment.unsigned.payment_amount = None;
        },
        reasons: &[Reason::TooLittle],
    },
    Case {
        name: "a kuruş short, whatever is claimed without proof",
        change: |payment, _, _| {
            payment.total_amount -= 1;
            payment.unsigned.payment_amount = Some(u64::MAX);
        },
        reasons: &[Reason::TooLittle],
    },
    Case {
        name: "too little, which the interest makes up for",
        change: |payment, _, _| {
            payment.total_amount = PRICE + 5000;
            payment.unsigned.payment_amount = Some(PRICE - 1);
        },
        reasons: &[Reason::TooLittle],
    },
    Case { name: "nothing", change: |payment, _, _| payment.total_amount = 0, reasons: &[Reason::TooLittle] },
    Case {
        name: "a test",
        change: |payment, _, _| payment.unsigned.test_mode = Some(true),
        reasons: &[Reason::TestPayment],
    },
    Case { name: "paid before", change: |_, _, paid_before| *paid_before = true, reasons: &[Reason::PaidBefore] },
    Case {
        name: "all that can be wrong with a link that is known",
        change: |payment, _, paid_before| {
            payment.status = "failed".into();
            payment.total_amount = 1;
            payment.unsigned.currency = Some("EUR".into());
            payment.unsigned.test_mode = Some(true);
            payment.unsigned.merchant_id = Some("1".into());
            *paid_before = true;
        },
        reasons: &[
            Reason::NotSuccess,
            Reason::OtherMerchant,
            Reason::OtherCurrency,
            Reason::TooLittle,
            Reason::TestPayment,
            Reason::PaidBefore,
        ],
    },
];

#[test]
fn a_payment_is_paid_if_nothing_speaks_against_it_and_for_review_with_every_reason_that_does() {
    for Case { name, change, reasons } in CASES {
        let (mut notification, mut expected, mut paid_before) = (payment(), Some(expected()), false);
        change(&mut notification, &mut expected, &mut paid_before);
        let verdict = Verdict::new(&notification, expected.as_ref(), MERCHANT_ID, paid_before);
        assert_eq!(verdict.reasons(), *reasons, "{name}");
        let event_type = if reasons.is_empty() { "link.paid" } else { "link.payment_review" };
        assert_eq!(verdict.event_type(), event_type, "{name}");
    }
}

#[test]
fn reasons_have_the_names_that_shops_read() {
    let names = [
        (Reason::UnknownLink, r#""unknown_link""#),
        (Reason::NotSuccess, r#""not_success""#),
        (Reason::OtherMerchant, r#""other_merchant""#),
        (Reason::OtherCurrency, r#""other_currency""#),
        (Reason::TooLittle, r#""too_little""#),
        (Reason::TestPayment, r#""test_payment""#),
        (Reason::PaidBefore, r#""paid_before""#),
    ];
    for (reason, name) in names {
        assert_eq!(serde_json::to_string(&reason).unwrap(), name);
    }
}

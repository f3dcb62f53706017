//! What a payment is worth: each reason alone, together, and what says nothing against a payment.

use crate::support::{MERCHANT_ID, amount, check_stored, count, created, link, payment, price, terms};
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::model::{Currency, LinkType};
use paytr_link_relay::payment::assessment::Expected;
use paytr_link_relay::payment::{Assessment, EventType, Reason};
use paytr_link_relay::paytr::{Notification, TotalAmount, Unsigned, UnsignedText};

const PRICE: u64 = 158_000;
const EARLIER: Option<u64> = Some(1_795_000_000_000);

/// A payment, and what it is held against.
struct Held {
    payment: Notification,
    link: Option<Link>,
    is_changed: bool,
}

impl Held {
    fn link(&mut self) -> &mut Link {
        self.link.as_mut().unwrap()
    }

    fn terms(&mut self) -> &mut Terms {
        &mut self.link().terms
    }

    fn unsigned(&mut self) -> &mut Unsigned {
        &mut self.payment.unsigned
    }

    fn unreadable(&mut self) -> &mut UnsignedText {
        &mut self.payment.unsigned_text
    }

    fn paid(&mut self, total_amount: u64) {
        self.payment.total_amount = amount(total_amount);
    }

    fn assess(&self) -> Assessment {
        let link = self.link.as_ref();
        Assessment::new(&self.payment, &Expected { merchant_id: MERCHANT_ID, link, is_changed: self.is_changed })
    }
}

fn good() -> Held {
    let link = Link { terms: Terms { price: price(PRICE), ..terms() }, ..link(created()) };
    Held { payment: payment(), link: Some(link), is_changed: false }
}

/// A case: what is changed of a good payment, of the record and of the history, and the reasons that it gives.
struct Case {
    name: &'static str,
    change: fn(&mut Held),
    reasons: &'static [Reason],
}

#[expect(clippy::unnecessary_wraps, reason = "a field of a notification may be absent")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const CASES: &[Case] = &[
    Case { name: "everything fits", change: |_| {}, reasons: &[] },
    Case { name: "more was paid", change: |held| held.paid(PRICE + 1), reasons: &[] },
    Case { name: "instalment interest came on top", change: |held| held.paid(171_064), reasons: &[] },
    Case { name: "nothing unsigned is there", change: |held| *held.unsigned() = Unsigned::default(), reasons: &[] },
    Case { name: "ISO's name of the lira", change: |held| held.unsigned().currency = text("TRY"), reasons: &[] },
    Case { name: "another way of payment", change: |held| held.unsigned().payment_type = text("eft"), reasons: &[] },
    Case {
        name: "a way of payment that cannot be read",
        change: |held| {
            held.unsigned().payment_type = None;
            held.unreadable().payment_type = text("kredi kart\u{131}");
        },
        reasons: &[],
    },
    Case {
        name: "a further payment of a link that may be paid again",
        change: |held| {
            held.terms().paid_once = false;
            held.link().paid_at = EARLIER;
        },
        reasons: &[],
    },
    Case { name: "a link that may be paid again", change: |held| held.terms().paid_once = false, reasons: &[] },
    Case {
        name: "a link whose create call is not answered yet",
        change: |held| held.link().creation = None,
        reasons: &[],
    },
    Case {
        name: "as many pieces as have to be bought",
        change: |held| {
            held.terms().min_count = count(3);
            held.paid(3 * PRICE);
            held.unsigned().payment_amount = Some(3 * PRICE);
        },
        reasons: &[],
    },
    Case {
        name: "a flex link by what may be paid at least",
        change: |held| {
            held.terms().link_type = LinkType::Flex;
            held.paid(PRICE * 7);
        },
        reasons: &[],
    },
    Case { name: "no record", change: |held| held.link = None, reasons: &[Reason::UnknownLink] },
    Case {
        name: "no record, and nothing to compare amount and currency with",
        change: |held| {
            held.link = None;
            held.paid(0);
            held.unsigned().currency = text("USD");
        },
        reasons: &[Reason::UnknownLink],
    },
    Case { name: "failed", change: |held| held.payment.status = "failed".into(), reasons: &[Reason::NotSuccess] },
    Case { name: "in capitals", change: |held| held.payment.status = "SUCCESS".into(), reasons: &[Reason::NotSuccess] },
    Case { name: "longer", change: |held| held.payment.status = "successful".into(), reasons: &[Reason::NotSuccess] },
    Case {
        name: "an amount that cannot be read",
        change: |held| held.payment.total_amount = TotalAmount::Unreadable("158000.00".into()),
        reasons: &[Reason::Unreadable],
    },
    Case {
        name: "an unsigned amount that cannot be read",
        change: |held| {
            held.unsigned().payment_amount = None;
            held.unreadable().payment_amount = text("1.00");
        },
        reasons: &[Reason::Unreadable],
    },
    Case {
        name: "a currency that cannot be read",
        change: |held| {
            held.unsigned().currency = None;
            held.unreadable().currency = text("USD ");
        },
        reasons: &[Reason::Unreadable],
    },
    Case {
        name: "a test mode that cannot be read",
        change: |held| {
            held.unsigned().test_mode = None;
            held.unreadable().test_mode = text("true");
        },
        reasons: &[Reason::Unreadable],
    },
    Case {
        name: "a merchant that cannot be read",
        change: |held| {
            held.unsigned().merchant_id = None;
            held.unreadable().merchant_id = text(" 999");
        },
        reasons: &[Reason::Unreadable],
    },
    Case {
        name: "a field of which nothing is to be seen",
        change: |held| {
            held.unsigned().test_mode = None;
            held.unreadable().test_mode = text("");
        },
        reasons: &[Reason::Unreadable],
    },
    Case {
        name: "another merchant",
        change: |held| held.unsigned().merchant_id = text("654321"),
        reasons: &[Reason::OtherMerchant],
    },
    Case {
        name: "the merchant's number written otherwise",
        change: |held| held.unsigned().merchant_id = Some(format!("0{MERCHANT_ID}")),
        reasons: &[Reason::OtherMerchant],
    },
    Case {
        name: "another currency",
        change: |held| held.unsigned().currency = text("USD"),
        reasons: &[Reason::OtherCurrency],
    },
    Case {
        name: "a currency that nobody knows",
        change: |held| held.unsigned().currency = text("JPY"),
        reasons: &[Reason::OtherCurrency],
    },
    Case {
        name: "lira for a link in euro",
        change: |held| held.terms().currency = Currency::Eur,
        reasons: &[Reason::OtherCurrency],
    },
    Case { name: "a kuruş short", change: |held| held.paid(PRICE - 1), reasons: &[Reason::TooLittle] },
    Case {
        name: "a kuruş short, and the unsigned amount left out",
        change: |held| {
            held.paid(PRICE - 1);
            held.unsigned().payment_amount = None;
        },
        reasons: &[Reason::TooLittle],
    },
    Case {
        name: "a kuruş short, whatever is claimed without proof",
        change: |held| {
            held.paid(PRICE - 1);
            held.unsigned().payment_amount = Some(u64::MAX);
        },
        reasons: &[Reason::TooLittle],
    },
    Case {
        name: "too little, which the interest makes up for",
        change: |held| {
            held.paid(PRICE + 5000);
            held.unsigned().payment_amount = Some(PRICE - 1);
        },
        reasons: &[Reason::TooLittle],
    },
    Case { name: "nothing", change: |held| held.paid(0), reasons: &[Reason::TooLittle] },
    Case {
        name: "one piece where three have to be bought",
        change: |held| held.terms().min_count = count(3),
        reasons: &[Reason::TooLittle],
    },
    Case {
        name: "a kuruş short of three pieces",
        change: |held| {
            held.terms().min_count = count(3);
            held.paid(3 * PRICE - 1);
            held.unsigned().payment_amount = None;
        },
        reasons: &[Reason::TooLittle],
    },
    Case { name: "a test", change: |held| held.unsigned().test_mode = Some(true), reasons: &[Reason::TestPayment] },
    Case {
        name: "the shop had deleted the link",
        change: |held| held.link().deleted_at = EARLIER,
        reasons: &[Reason::Deleted],
    },
    Case {
        name: "the shop had deleted a link that may be paid again",
        change: |held| {
            held.terms().paid_once = false;
            held.link().deleted_at = EARLIER;
        },
        reasons: &[Reason::Deleted],
    },
    Case { name: "paid before", change: |held| held.link().paid_at = EARLIER, reasons: &[Reason::PaidBefore] },
    Case {
        name: "PayTR said something else of it before",
        change: |held| held.is_changed = true,
        reasons: &[Reason::Changed],
    },
    Case {
        name: "PayTR said something else of it before, and there is no record",
        change: |held| {
            held.link = None;
            held.is_changed = true;
        },
        reasons: &[Reason::UnknownLink, Reason::Changed],
    },
    Case {
        name: "paid before, and deleted since",
        change: |held| {
            held.link().paid_at = EARLIER;
            held.link().deleted_at = EARLIER;
        },
        reasons: &[Reason::Deleted, Reason::PaidBefore],
    },
    Case {
        name: "all that can be wrong with a link that is known",
        change: |held| {
            held.payment.status = "failed".into();
            held.paid(1);
            held.unsigned().payment_amount = None;
            held.unreadable().payment_amount = text("1.00");
            held.unsigned().currency = text("EUR");
            held.unsigned().test_mode = Some(true);
            held.unsigned().merchant_id = text("1");
            held.link().deleted_at = EARLIER;
            held.link().paid_at = EARLIER;
            held.is_changed = true;
        },
        reasons: &[
            Reason::NotSuccess,
            Reason::Unreadable,
            Reason::OtherMerchant,
            Reason::OtherCurrency,
            Reason::TooLittle,
            Reason::TestPayment,
            Reason::Deleted,
            Reason::PaidBefore,
            Reason::Changed,
        ],
    },
];

#[test]
fn a_payment_is_paid_if_nothing_speaks_against_it_and_for_review_with_every_reason_that_does() {
    for Case { name, change, reasons } in CASES {
        let mut held = good();
        change(&mut held);
        let assessment = held.assess();
        assert_eq!(assessment.reasons, *reasons, "{name}");
        let event_type = if reasons.is_empty() { EventType::LinkPaid } else { EventType::LinkPaymentReview };
        assert_eq!(assessment.event_type(), event_type, "{name}");
    }
}

#[test]
fn every_reason_stands_alone_in_a_case() {
    for reason in REASONS.map(|(reason, _)| reason) {
        assert!(CASES.iter().any(|case| case.reasons == [reason]), "{reason:?}");
    }
}

#[test]
fn a_link_is_paid_by_what_it_asked_for_though_the_shop_may_have_deleted_it() {
    for Case { name, change, reasons } in CASES {
        let mut held = good();
        change(&mut held);
        let expected = reasons.is_empty() || *reasons == [Reason::Deleted];
        assert_eq!(held.assess().pays_the_link(), expected, "{name}");
    }
}

const REASONS: [(Reason, &str); 10] = [
    (Reason::UnknownLink, r#""unknown_link""#),
    (Reason::NotSuccess, r#""not_success""#),
    (Reason::Unreadable, r#""unreadable""#),
    (Reason::OtherMerchant, r#""other_merchant""#),
    (Reason::OtherCurrency, r#""other_currency""#),
    (Reason::TooLittle, r#""too_little""#),
    (Reason::TestPayment, r#""test_payment""#),
    (Reason::Deleted, r#""deleted""#),
    (Reason::PaidBefore, r#""paid_before""#),
    (Reason::Changed, r#""changed""#),
];

#[test]
fn reasons_have_the_names_that_shops_read() {
    for (reason, name) in REASONS {
        assert_eq!(serde_json::to_string(&reason).unwrap(), name);
    }
}

#[test]
fn reasons_are_stored_as_numbers_that_never_change() {
    for (number, (reason, _)) in (0..).zip(REASONS) {
        check_stored(&reason, &[number, 0]);
    }
}

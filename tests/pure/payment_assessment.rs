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
    fn link(mut self, change: fn(&mut Link)) -> Self {
        change(self.link.as_mut().unwrap());
        self
    }

    fn terms(self, change: fn(&mut Terms)) -> Self {
        let mut link = self.link.unwrap();
        change(&mut link.terms);
        Self { link: Some(link), ..self }
    }

    fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.payment.status);
        self
    }

    fn paid(mut self, total_amount: u64) -> Self {
        self.payment.total_amount = amount(total_amount);
        self
    }

    fn unsigned(mut self, change: fn(&mut Unsigned)) -> Self {
        change(&mut self.payment.unsigned);
        self
    }

    fn claiming(mut self, payment_amount: impl Into<Option<u64>>) -> Self {
        self.payment.unsigned.payment_amount = payment_amount.into();
        self
    }

    /// What is unsigned of it is this, and cannot be read.
    fn unreadable(mut self, change: fn(&mut UnsignedText)) -> Self {
        self.payment.unsigned = Unsigned::default();
        change(&mut self.payment.unsigned_text);
        self
    }

    fn no_link(self) -> Self {
        Self { link: None, ..self }
    }

    fn changed(self) -> Self {
        Self { is_changed: true, ..self }
    }
}

fn good() -> Held {
    let link = Link { terms: Terms { price: price(PRICE), ..terms() }, ..link(created()) };
    Held { payment: payment(), link: Some(link), is_changed: false }
}

#[expect(clippy::unnecessary_wraps, reason = "a field of a notification may be absent")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const EVERY: [Reason; 10] = [
    Reason::UnknownLink,
    Reason::NotSuccess,
    Reason::Unreadable,
    Reason::OtherMerchant,
    Reason::OtherCurrency,
    Reason::TooLittle,
    Reason::TestPayment,
    Reason::Deleted,
    Reason::PaidBefore,
    Reason::Changed,
];

/// What is changed of a good payment, of the record and of the history, and the reasons that it gives.
fn cases() -> Vec<(&'static str, Held, &'static [Reason])> {
    let odd = Notification { total_amount: TotalAmount::Unreadable("158000.00".into()), ..payment() };
    let three = || good().terms(|it| it.min_count = count(3));
    let reusable = || good().terms(|it| it.paid_once = false);
    let paid_before = |link: &mut Link| link.paid_at = EARLIER;
    let deleted = |link: &mut Link| link.deleted_at = EARLIER;
    vec![
        ("everything fits", good(), &[]),
        ("more was paid", good().paid(PRICE + 1), &[]),
        ("instalment interest came on top", good().paid(171_064), &[]),
        ("nothing unsigned is there", good().unsigned(|it| *it = Unsigned::default()), &[]),
        ("ISO's name of the lira", good().unsigned(|it| it.currency = text("TRY")), &[]),
        ("another way of payment", good().unsigned(|it| it.payment_type = text("eft")), &[]),
        ("an unreadable way of payment", good().unreadable(|it| it.payment_type = text("kredi kart\u{131}")), &[]),
        ("a further payment of a link that may be paid again", reusable().link(paid_before), &[]),
        ("a link that may be paid again", reusable(), &[]),
        ("a link whose create call is not answered yet", good().link(|it| it.creation = None), &[]),
        ("as many pieces as have to be bought", three().paid(3 * PRICE).claiming(3 * PRICE), &[]),
        ("a flex link by the least of it", good().terms(|it| it.link_type = LinkType::Flex).paid(PRICE * 7), &[]),
        ("no record", good().no_link(), &[Reason::UnknownLink]),
        (
            "nothing to compare",
            good().no_link().paid(0).unsigned(|it| it.currency = text("USD")),
            &[Reason::UnknownLink],
        ),
        ("failed", good().status("failed"), &[Reason::NotSuccess]),
        ("in capitals", good().status("SUCCESS"), &[Reason::NotSuccess]),
        ("longer", good().status("successful"), &[Reason::NotSuccess]),
        ("an unreadable amount", Held { payment: odd, ..good() }, &[Reason::Unreadable]),
        ("an unreadable claim", good().unreadable(|it| it.payment_amount = text("1.00")), &[Reason::Unreadable]),
        ("an unreadable currency", good().unreadable(|it| it.currency = text("USD ")), &[Reason::Unreadable]),
        ("an unreadable test mode", good().unreadable(|it| it.test_mode = text("true")), &[Reason::Unreadable]),
        ("an unreadable merchant", good().unreadable(|it| it.merchant_id = text(" 999")), &[Reason::Unreadable]),
        ("a field that shows nothing", good().unreadable(|it| it.test_mode = text("")), &[Reason::Unreadable]),
        ("another merchant", good().unsigned(|it| it.merchant_id = text("654321")), &[Reason::OtherMerchant]),
        (
            "a zero before the merchant",
            good().unsigned(|it| it.merchant_id = text("0123456")),
            &[Reason::OtherMerchant],
        ),
        ("another currency", good().unsigned(|it| it.currency = text("USD")), &[Reason::OtherCurrency]),
        ("a currency that nobody knows", good().unsigned(|it| it.currency = text("JPY")), &[Reason::OtherCurrency]),
        ("lira for a link in euro", good().terms(|it| it.currency = Currency::Eur), &[Reason::OtherCurrency]),
        ("a kuruş short", good().paid(PRICE - 1), &[Reason::TooLittle]),
        ("a kuruş short, and nothing claimed", good().paid(PRICE - 1).claiming(None), &[Reason::TooLittle]),
        ("a kuruş short, whatever is claimed", good().paid(PRICE - 1).claiming(u64::MAX), &[Reason::TooLittle]),
        ("too little but for interest", good().paid(PRICE + 5000).claiming(PRICE - 1), &[Reason::TooLittle]),
        ("nothing", good().paid(0), &[Reason::TooLittle]),
        ("one piece where three have to be bought", three(), &[Reason::TooLittle]),
        ("a kuruş short of three pieces", three().paid(3 * PRICE - 1).claiming(None), &[Reason::TooLittle]),
        ("a test", good().unsigned(|it| it.test_mode = Some(true)), &[Reason::TestPayment]),
        ("the shop had deleted the link", good().link(deleted), &[Reason::Deleted]),
        ("the shop had deleted a link that may be paid again", reusable().link(deleted), &[Reason::Deleted]),
        ("paid before", good().link(paid_before), &[Reason::PaidBefore]),
        ("PayTR changed its word", good().changed(), &[Reason::Changed]),
        ("no record, and a changed word", good().no_link().changed(), &[Reason::UnknownLink, Reason::Changed]),
        ("paid before, then deleted", good().link(paid_before).link(deleted), &[Reason::Deleted, Reason::PaidBefore]),
        (
            "all that can be wrong with a link that is known",
            good()
                .status("failed")
                .paid(1)
                .unreadable(|it| it.payment_amount = text("1.00"))
                .unsigned(|it| it.currency = text("EUR"))
                .unsigned(|it| it.test_mode = Some(true))
                .unsigned(|it| it.merchant_id = text("1"))
                .link(deleted)
                .link(paid_before)
                .changed(),
            &EVERY[1..],
        ),
    ]
}

#[test]
fn a_payment_is_paid_if_nothing_speaks_against_it_and_for_review_with_every_reason_that_does() {
    for (name, Held { payment, link, is_changed }, reasons) in cases() {
        let expected = Expected { merchant_id: MERCHANT_ID, link: link.as_ref(), is_changed };
        let assessment = Assessment::new(&payment, &expected);
        assert_eq!(assessment.reasons, reasons, "{name}");
        let event_type = if reasons.is_empty() { EventType::LinkPaid } else { EventType::LinkPaymentReview };
        assert_eq!(assessment.event_type(), event_type, "{name}");
        // A link is paid by what it asked for, though the shop may have deleted it.
        assert_eq!(assessment.pays_the_link(), reasons.is_empty() || reasons == [Reason::Deleted], "{name}");
    }
    for reason in EVERY {
        assert!(cases().iter().any(|(_, _, reasons)| *reasons == [reason]), "{reason:?} stands alone in no case");
    }
}

#[test]
fn reasons_have_the_names_that_shops_read_and_are_stored_as_numbers_that_never_change() {
    let names = concat!(
        r#"["unknown_link","not_success","unreadable","other_merchant","other_currency","too_little","#,
        r#""test_payment","deleted","paid_before","changed"]"#
    );
    assert_eq!(serde_json::to_string(&EVERY).unwrap(), names);
    for (number, reason) in (0..).zip(EVERY) {
        check_stored(&reason, &[number, 0]);
    }
}

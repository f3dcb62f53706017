//! The sweep: when it comes, and that what is documented to be kept outlives it. What goes is in `ledger_retention`.

use crate::support::{link, refused};
use paytr_link_relay::ledger::{link_expires_at, messages_kept_ms, payment_expires_at};
use paytr_link_relay::tasks::sweep::INTERVAL_MS;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

#[test]
fn nothing_is_kept_for_over_a_day_longer_than_is_documented() {
    assert_eq!(INTERVAL_MS, DAY_MS);
    let link = link(refused());
    for (what, kept_ms, documented_days) in [
        ("a message", messages_kept_ms(&[]), 7),
        ("a link that PayTR refused to create", link_expires_at(&link) - link.created_at, 7),
        ("a payment of a link that is not known", payment_expires_at(0, false), 30),
        ("a payment of a link that is known", payment_expires_at(0, true), 400),
    ] {
        assert_eq!(kept_ms, documented_days * DAY_MS, "{what}");
    }
}

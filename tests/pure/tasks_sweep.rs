//! The sweep: when it comes. What goes, and after how many days, is in `ledger_retention`.

use paytr_link_relay::tasks::sweep::INTERVAL_MS;

#[test]
fn nothing_is_kept_for_over_a_day_longer_than_it_is_to_be() {
    assert_eq!(INTERVAL_MS, 24 * 60 * 60 * 1000);
}

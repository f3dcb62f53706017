//! `link.send_sms` and `link.send_email`: whose they are. Their fields are in `operation_fields`, what PayTR gets in
//! `paytr_form`, what its reply is taken for in `paytr_reply`.

use crate::support::{asks_paytr, created, described, link, message_of};
use paytr_link_relay::message::{Keeper, Plan};
use serde_json::json;

#[test]
fn a_send_is_kept_limited_and_told_by_its_recipient() {
    for (message_type, field, recipient, masked) in [
        ("link.send_sms", "cell_phone", "05321234567", "05*******67"),
        ("link.send_email", "email", "musteri@example.com", "m***@e***.com"),
    ] {
        let message = message_of(message_type, &json!({"id": "NB2Zlz3", field: recipient}));
        let recipients = message.recipients();
        assert_eq!(recipients.iter().map(|one| (one.field(), one.as_str())).collect::<Vec<_>>(), [(field, recipient)]);
        assert!(matches!(message.plan(), Plan::Once(Keeper::Recipient(keeper), _) if keeper == recipients[0]));
        assert!(asks_paytr(&message).is_rate_limited());
        let line = described(&message);
        assert_eq!((line.message_type, line.link_id.as_deref()), (Some(message_type), Some("NB2Zlz3")));
        assert_eq!(line.recipient.as_deref(), Some(masked));
    }
}

#[test]
fn a_send_makes_no_link_and_asks_for_nothing_more() {
    let message = message_of("link.send_sms", &json!({"id": "NB2Zlz3", "cell_phone": "05321234567"}));
    assert_eq!(asks_paytr(&message).opens(0), None);
    assert_eq!(asks_paytr(&message).follow_ups(&link(created())), []);
}

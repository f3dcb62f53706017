//! Both channels, and every written form of what they carry.

use crate::support::services::DEFAULTS;
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::{message, people};
use paytr_sandbox::Channel;
use serde_json::json;
use std::sync::Arc;

crate::tests![
    a_link_goes_out_by_sms,
    a_link_goes_out_by_email,
    every_written_form_of_a_phone_number_reaches_paytr_as_05_and_nine_digits,
    an_address_reaches_paytr_as_it_was_written,
    a_link_id_reaches_paytr_as_it_was_written_and_an_integer_as_its_text,
];

async fn a_link_goes_out_by_sms(suite: Arc<Suite>) {
    let (link_id, phone) = (people::link_id(), people::phone());
    let signed = Signed::new(message::sms(&link_id, &phone));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "sms");
    let call = suite.only_call(&link_id);
    assert_eq!((call.channel, call.recipient.as_ref()), (Channel::Sms, Some(&phone)));
    assert!(call.delivered);
}

async fn a_link_goes_out_by_email(suite: Arc<Suite>) {
    let (link_id, email) = (people::link_id(), people::email());
    let signed = Signed::new(message::email(&link_id, &email));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "email");
    let call = suite.only_call(&link_id);
    assert_eq!((call.channel, call.recipient.as_ref()), (Channel::Email, Some(&email)));
    assert!(call.delivered);
}

async fn every_written_form_of_a_phone_number_reaches_paytr_as_05_and_nine_digits(suite: Arc<Suite>) {
    // `n` stands for the ten digits from the 5 on, and `a bcd efgh` style letters for their groups.
    let forms: [fn(&str) -> String; 14] = [
        |n| format!("0{n}"),
        str::to_owned,
        |n| format!("90{n}"),
        |n| format!("+90{n}"),
        |n| format!("0090{n}"),
        |n| format!("0 {} {} {} {}", &n[..3], &n[3..6], &n[6..8], &n[8..]),
        |n| format!("0({}) {}-{}-{}", &n[..3], &n[3..6], &n[6..8], &n[8..]),
        |n| format!("(0{}) {} {}", &n[..4], &n[4..6], &n[6..]),
        |n| format!("+90 ({}) {} {}", &n[..3], &n[3..6], &n[6..]),
        |n| format!("+90-{}-{}-{}", &n[..3], &n[3..6], &n[6..]),
        |n| format!("+90.{}.{}.{}", &n[..3], &n[3..6], &n[6..]),
        |n| format!("00 90 {} {}", &n[..3], &n[3..]),
        |n| format!("90 {} {}", &n[..3], &n[3..]),
        |n| format!(" {} {} ", &n[..3], &n[3..]),
    ];
    for (number, form) in forms.into_iter().enumerate() {
        let (link_id, phone) = (people::link_id(), people::phone());
        let signed = Signed::new(message::sms(&link_id, &form(&phone[1..])));
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, &format!("form {number}"));
        assert_eq!(suite.only_call(&link_id).recipient, Some(phone), "form {number}");
    }
}

async fn an_address_reaches_paytr_as_it_was_written(suite: Arc<Suite>) {
    let number = people::next();
    let label = "x".repeat(100 - 66 - people::EMAIL_MARK.len());
    let hundred = format!("{}@{label}.{}", "x".repeat(64), people::EMAIL_MARK);
    assert_eq!(hundred.len(), 100);
    for email in [
        format!("musteri+kasa{number}@{}", people::EMAIL_MARK),
        format!("Musteri.{number}@Mail.{}", people::EMAIL_MARK),
        format!("m%2b{number}!#$'*/?^_`{{|}}~-@{}", people::EMAIL_MARK),
        hundred,
    ] {
        let link_id = people::link_id();
        let signed = Signed::new(message::email(&link_id, &email));
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, &email);
        assert_eq!(suite.only_call(&link_id).recipient, Some(email));
    }
}

async fn a_link_id_reaches_paytr_as_it_was_written_and_an_integer_as_its_text(suite: Arc<Suite>) {
    let number = 7_000_000 + people::next();
    let longest = format!("{number}-_{}", "Zz".repeat(64))[..64].to_owned();
    for (id, text) in [
        (json!(number), number.to_string()),
        (json!(u64::MAX), u64::MAX.to_string()),
        (json!(format!("00{number}")), format!("00{number}")),
        (json!(longest), longest),
    ] {
        let body = json!({"type": "link.send_sms", "data": {"id": id, "cell_phone": people::phone()}});
        let signed = Signed::new(body.to_string());
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, &text);
        assert_eq!(suite.only_call(&text).field("id"), Some(text.as_str()));
    }
}

//! `link.send_sms` and `link.send_email`: whose they are. Their fields are in `message_fields`, what PayTR gets in
//! `paytr_form`, what its reply is taken for in `paytr_reply`.

use crate::support::{ANSWER_CONTEXT, asks_paytr, created_link, described, message_of, record, rejection, sent};
use paytr_link_relay::ledger::{Keeper, Refusal, Unavailable};
use paytr_link_relay::link::{SendOutcome, SendReport};
use paytr_link_relay::message::{Message, SendEmail, SendLink, SendSms, report_send};
use paytr_link_relay::model::{CellPhone, Email, LinkId, Recipient};
use paytr_link_relay::paytr::{Cause, Outcome};
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
        let asking = asks_paytr(&message);
        assert!(matches!(asking.keeper(), Keeper::Recipient(keeper) if keeper == recipients[0]));
        assert!(asking.is_rate_limited());
        assert_eq!((asking.opens(), asking.follow_ups(&created_link())), (None, vec![]), "it makes no link");
        let line = described(&message);
        assert_eq!((line.message_type, line.link_id.as_deref()), (Some(message_type), Some("NB2Zlz3")));
        assert_eq!(line.recipient.as_deref(), Some(masked));
        let sent = asking.answer(&record(&Outcome::Succeeded(())), &ANSWER_CONTEXT).unwrap();
        assert_eq!((sent.outcome(), sent.paytr_status()), ("sent", Some("success")), "{message_type}");
    }
}

#[test]
fn a_send_that_is_made_in_code_is_the_one_that_is_parsed() {
    let id = LinkId::parse("NB2Zlz3").unwrap();
    let send = |recipient, debug_on| SendLink { id: id.clone(), recipient, debug_on };
    let phone = send(Recipient::CellPhone(CellPhone::parse("0532 123 45 67").unwrap()), Some(true));
    let email = send(Recipient::Email(Email::parse("musteri@example.com").unwrap()), None);
    let by_sms = json!({"id": "NB2Zlz3", "cell_phone": "05321234567", "debug_on": 1});
    let by_email = json!({"id": "NB2Zlz3", "email": "musteri@example.com"});
    assert_eq!(phone.clone().to_message(), message_of("link.send_sms", &by_sms));
    assert_eq!(email.clone().to_message(), message_of("link.send_email", &by_email));
    assert_eq!(phone.clone().to_message(), Message::SendSms(SendSms(phone)));
    assert_eq!(email.clone().to_message(), Message::SendEmail(SendEmail(email)));
}

#[test]
fn how_a_send_ended_is_told_by_its_answer() {
    let report = |outcome, code: Option<&str>| SendReport {
        code: code.map(str::to_owned),
        ..SendReport::new("link.send_sms", outcome)
    };
    let unknown = |cause| Refusal::Unknown { cause, callback_id: None };
    let rejected = |code| report(SendOutcome::Rejected, Some(code));
    let limited = report(SendOutcome::Limited, Some("recipient-limit"));
    let is_unknown = SendReport { resend_safe: Some(false), ..report(SendOutcome::Unknown, Some("outcome-unknown")) };
    for (content, expected) in [
        (Ok(sent()), report(SendOutcome::Sent, None)),
        (Err(Refusal::Rejected(rejection())), SendReport { paytr: Some(rejection()), ..rejected("paytr-rejected") }),
        (Err(Refusal::WebhookIdReused), rejected("webhook-id-reused")),
        (Err(Refusal::LinkNotFound), rejected("link-not-found")),
        (Err(Refusal::RecipientLimit(42)), SendReport { retry_after: Some(42), ..limited }),
        (Err(unknown(Cause::Blocked)), is_unknown.clone()),
        (Err(unknown(Cause::TimedOut)), is_unknown),
    ] {
        assert_eq!(report_send("link.send_sms", content.clone()), Ok(expected), "{content:?}");
    }
    for refusal in
        [Refusal::InProgress(42), Refusal::Unavailable(Unavailable::Busy), Refusal::Unavailable(Unavailable::Reset)]
    {
        assert_eq!(report_send("link.send_sms", Err(refusal.clone())), Err(refusal));
    }
}

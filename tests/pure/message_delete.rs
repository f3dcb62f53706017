//! `link.delete`: which links, what PayTR gets, and what its reply is taken for.

use crate::support::{
    ANSWER_CONTEXT, Creation, MERCHANT_KEY, MERCHANT_SALT, UNKNOWN, asks_paytr, body_of, call, call_context,
    callback_id, config_of, created, created_link, described, form_fields, hmac_base64, invalid_fields, link, merchant,
    message_of, refused, response,
};
use paytr_link_relay::config::Config;
use paytr_link_relay::http::response::Response;
use paytr_link_relay::ledger::{Keeper, Refusal};
use paytr_link_relay::link::Link;
use paytr_link_relay::message::{AskPaytr, CallContext, Message, Settled};
use paytr_link_relay::paytr::{Cause, MAX_REPLY_BYTES, Private, read_reply};
use serde_json::{Value, json};

fn delete(data: &Value) -> Message {
    message_of("link.delete", data)
}

fn delete_ids(ids: &[&str]) -> Message {
    delete(&json!({ "ids": ids }))
}

fn delete_own() -> Message {
    delete(&json!({"callback_id": callback_id()}))
}

fn config() -> Config {
    config_of(merchant())
}

#[test]
fn a_deletion_names_one_to_ten_links_or_one_of_the_relays_own() {
    let ids = |count: usize| (0..count).map(|number| number.to_string()).collect::<Vec<_>>();
    assert_eq!(described(&delete(&json!({"ids": ids(1)}))).link_id.as_deref(), Some("0"));
    assert_eq!(described(&delete(&json!({"ids": ids(10)}))).link_id.as_deref(), Some("0,1,2,3,4,5,6,7,8,9"));
    assert_eq!(described(&delete(&json!({"ids": [7, "a"], "callback_id": null}))).link_id.as_deref(), Some("7,a"));
    let no_name = "must be the callback_id of link.create's answer: 64 digits of 0-9 a-f";
    let count = "must hold 1 to 10 link ids";
    let grammar = "must hold link ids alone, each 1 to 64 letters, digits, _ or -";
    for (data, pointer, detail) in [
        (json!({"ids": []}), "/data/ids", count),
        (json!({"ids": ids(11)}), "/data/ids", count),
        (json!({"ids": "NB2Zlz3"}), "/data/ids", "must be a list of link ids, even of one"),
        (json!({"ids": ["a", "b,c"]}), "/data/ids", grammar),
        (json!({"ids": [null]}), "/data/ids", grammar),
        (json!({"ids": ["a", "b", "a"]}), "/data/ids", "must not hold a link id twice"),
        (json!({"ids": ["7", 7]}), "/data/ids", "must not hold a link id twice"),
        (json!({}), "/data", "must have ids, a list of link ids, or callback_id, one link of the relay's own"),
        (json!({"ids": ["a"], "callback_id": callback_id()}), "/data", "must have either ids or callback_id, not both"),
        (json!({"callback_id": "1"}), "/data/callback_id", no_name),
        (json!({"ids": ["a"], "debug_on": true}), "/data/debug_on", "must be 0 or 1, as a number"),
    ] {
        let fields = invalid_fields(&json!({"type": "link.delete", "data": data}).to_string());
        assert_eq!(fields, [(pointer.to_owned(), detail)], "{data}");
    }
}

#[test]
fn the_form_is_exact_and_its_token_covers_the_ids() {
    for (data, ids, debug_on) in
        [(json!({"ids": ["NB2Zlz3"]}), "NB2Zlz3", "0"), (json!({"ids": ["b", "a", 7], "debug_on": 1}), "b,a,7", "1")]
    {
        let call = call(asks_paytr(&delete(&data)), &config());
        let token = hmac_base64(MERCHANT_KEY.as_bytes(), format!("{ids}123456{MERCHANT_SALT}").as_bytes());
        let expected =
            [("merchant_id", "123456"), ("id", ids), ("debug_on", debug_on), ("paytr_token", token.as_str())];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(form_fields(&call.form), expected);
        assert!(call.private == [Private::Secret(token)], "the token is private, and nothing else");
        assert_eq!(call.path, "/odeme/api/link/delete");
        assert_eq!(call.max_reply_bytes, MAX_REPLY_BYTES);
    }
    let explained = Config { debug_on: true, ..config() };
    assert!(call(asks_paytr(&delete_ids(&["a"])), &explained).form.contains("&debug_on=1&"));
}

#[test]
fn a_link_of_the_relays_own_is_deleted_by_the_id_in_its_record() {
    let config = config();
    let (message, own) = (delete_own(), link(created()));
    let form = asks_paytr(&message).call(&CallContext { link: Some(&own), ..call_context(&config) }).unwrap().form;
    assert_eq!(form, call(asks_paytr(&delete_ids(&["NB2Zlz3"])), &config).form);
    let unknown: [Option<Creation>; 4] = [None, Some(None), Some(refused()), Some(UNKNOWN)];
    for link in unknown.map(|creation| creation.map(link)) {
        let called = asks_paytr(&message).call(&CallContext { link: link.as_ref(), ..call_context(&config) });
        assert_eq!(called.err(), Some(Refusal::LinkNotFound), "{link:?}");
    }
}

/// What is recorded if PayTR answers like this, which must not show what is private.
fn settled(asking: &dyn AskPaytr, answered: Result<&str, Cause>, link: Option<&Link>) -> Settled {
    let config = config();
    let context = CallContext { link, ..call_context(&config) };
    let mut call = asking.call(&context).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    call.private.push(Private::Name("Ali".to_owned()));
    let reply = answered.map(|body| read_reply(200, body.as_bytes()).ok().unwrap());
    asking.settle(reply.as_ref().map_err(|cause| *cause), &call, &context)
}

/// What is recorded, and what the caller and the log are told.
struct Answered {
    settled: Settled,
    response: Response,
    reason: Option<&'static str>,
    paytr_status: Option<&'static str>,
}

fn answered(message: &Message, answered: Result<&str, Cause>) -> Answered {
    let settled = settled(asks_paytr(message), answered, None);
    let content = asks_paytr(message).answer(&settled.record, &ANSWER_CONTEXT);
    let (reason, paytr_status) = match &content {
        Ok(success) => (None, success.paytr_status()),
        Err(refusal) => (refusal.reason(), refusal.paytr_status()),
    };
    Answered { settled, response: response(message, content), reason, paytr_status }
}

#[test]
fn what_was_deleted_is_told_link_by_link() {
    let ids = ["a", "b", "c"];
    let lists = |status, done: &[&str], failed: &[&str]| {
        json!({
            "status": status, "success_deletes": done, "failed_deletes": failed,
        })
    };
    for (count, reply, deleted, failed, status) in [
        (1, json!({"status": "success"}), vec!["a"], vec![], "success"),
        (2, json!({"status": "success", "success_deletes": ["b", "a"]}), vec!["a", "b"], vec![], "success"),
        (3, lists("success", &["c"], &["a", "b", "x"]), vec!["c"], vec!["a", "b"], "success"),
        (2, lists("error", &["a"], &["b"]), vec!["a"], vec!["b"], "error"),
        (2, lists("failed", &["a"], &["b"]), vec!["a"], vec!["b"], "error"),
    ] {
        let message = delete_ids(&ids[..count]);
        let Answered { settled, response, paytr_status, .. } = answered(&message, Ok(&reply.to_string()));
        let body = json!({
            "outcome": "deleted", "webhook_id": "msg_1", "deleted": deleted, "failed": failed,
            "paytr": {"status": status},
        });
        assert_eq!((response.status, response.code), (200, "deleted"), "{reply}");
        assert_eq!((body_of(&response), settled.may_have_gone_out), (body, true), "{reply}");
        assert_eq!(paytr_status, Some(status), "{reply}");
    }
}

#[test]
fn a_deletion_of_which_none_succeeded_is_a_refusal_in_paytrs_words() {
    for (ids, reply, status) in [
        (vec!["a"], json!({"status": "failed", "reason": "Ali yok"}), "failed"),
        (vec!["a", "b"], json!({"status": "failed", "reason": "Ali yok"}), "failed"),
        (vec!["a", "b"], json!({"status": "error", "reason": "Ali yok", "failed_deletes": ["a", "b"]}), "error"),
        (vec!["a", "b"], json!({"status": "success", "reason": "Ali yok", "failed_deletes": ["b", "a"]}), "error"),
    ] {
        let Answered { settled, response, paytr_status, .. } = answered(&delete_ids(&ids), Ok(&reply.to_string()));
        let body = body_of(&response);
        assert_eq!(body["code"], "paytr-rejected", "{reply}");
        assert_eq!(body["paytr"], json!({"status": status, "reason": "[redacted] yok"}), "{reply}");
        assert!(body["detail"].as_str().unwrap().starts_with("PayTR did not delete the link;"));
        assert!(!settled.may_have_gone_out, "{reply}");
        assert_eq!(paytr_status, Some(status), "{reply}");
    }
}

#[test]
fn a_reply_that_leaves_a_link_out_leaves_open_what_was_deleted() {
    let two = delete_ids(&["a", "b"]);
    for reply in [
        json!({"status": "success"}),
        json!({"status": "success", "success_deletes": ["a"]}),
        json!({"status": "success", "failed_deletes": ["a"]}),
        json!({"status": "success", "success_deletes": ["a"], "failed_deletes": ["x"]}),
        json!({"status": "success", "success_deletes": ["a", "b"], "failed_deletes": ["b"]}),
        json!({"status": "error", "success_deletes": ["a"]}),
    ] {
        let Answered { settled, response, reason, .. } = answered(&two, Ok(&reply.to_string()));
        assert_eq!((response.status, reason), (502, Some("not-understood")), "{reply}");
        assert!(settled.may_have_gone_out);
    }
    let Answered { response, reason, .. } = answered(&two, Err(Cause::TimedOut));
    assert_eq!((response.status, reason), (504, Some("timed-out")));
    assert_eq!(body_of(&response)["resend_safe"], true);
}

#[test]
fn the_record_of_a_link_says_that_it_was_deleted_once_it_is() {
    let success = r#"{"status":"success"}"#;
    let cases = [
        (delete_own(), Ok(success), true),
        (delete_own(), Ok(r#"{"status":"error"}"#), false),
        (delete_own(), Err(Cause::ConnectionLost), false),
        // Whose record it is, the ids do not say.
        (delete_ids(&["NB2Zlz3"]), Ok(success), false),
    ];
    for (message, answered, expected) in cases {
        let settled = settled(asks_paytr(&message), answered, Some(&link(created())));
        assert_eq!(settled.deletes_link, expected, "{message:?} {answered:?}");
    }
}

#[test]
fn what_was_recorded_and_cannot_be_read_leaves_open_what_was_deleted() {
    // No record at all; a success without what succeeded; what was deleted without what was not.
    for record in [&b"{"[..], b"", b"null", b"\0\0", b"\0\x02\x01\0"] {
        let content = asks_paytr(&delete_own()).answer(record, &ANSWER_CONTEXT);
        let expected = Refusal::Unknown { cause: Cause::RecordUnreadable, callback_id: None };
        assert_eq!(content, Err(expected), "{record:?}");
    }
}

#[test]
fn a_deletion_is_kept_by_its_link_or_by_itself_and_is_sent_to_nobody() {
    let own = delete_own();
    assert!(matches!(asks_paytr(&own).keeper(), Keeper::Link(id) if *id == callback_id()));
    let by_ids = delete_ids(&["a"]);
    assert!(matches!(asks_paytr(&by_ids).keeper(), Keeper::Message));
    for message in [own, by_ids] {
        assert!(message.recipients().is_empty());
        let asking = asks_paytr(&message);
        assert!(!asking.is_rate_limited() && asking.opens().is_none());
        assert_eq!(asking.follow_ups(&created_link()), []);
    }
}

#[test]
fn somebody_in_the_place_of_an_id_is_not_written_to_the_log() {
    assert_eq!(described(&delete_ids(&["a", "05321234567"])).link_id.as_deref(), Some("[redacted]"));
    assert_eq!(described(&delete_own()).link_id, None);
    assert_eq!(described(&delete_own()).callback_id.as_deref(), Some(callback_id().as_str()));
    assert_eq!(described(&delete_ids(&["a"])).callback_id, None);
    assert_eq!(described(&delete_own()).message_type, Some("link.delete"));
}

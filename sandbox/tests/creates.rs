//! Creating links: what is accepted, what is refused, and in which words.

use crate::support::*;
use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use paytr_sandbox::{Channel, LinkState, LinkType, Merchant, Sandbox};
use serde_json::Value;

const TOMORROW: &str = "2999-12-31 23:59:59";

fn vectors(op: &str) -> Vec<Value> {
    include_str!("../../tests/vectors/paytr-token.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|vector| vector["op"] == op)
        .collect()
}

/// A sandbox of this vector's merchant, and what of the vector is in a form.
async fn sandbox_of(vector: &Value, names: &[&'static str]) -> (Sandbox, Vec<(&'static str, String)>) {
    let text = |name: &str| vector[name].as_str().map(str::to_owned);
    let [merchant_id, merchant_key, merchant_salt] =
        ["merchant_id", "merchant_key", "merchant_salt"].map(|name| text(name).unwrap());
    let merchant = Merchant { merchant_id, merchant_key, merchant_salt };
    let form = names.iter().filter_map(|name| Some((*name, text(name)?))).collect();
    (Sandbox::start(merchant, "127.0.0.1:0".parse().unwrap()).await.unwrap(), form)
}

#[tokio::test]
async fn every_create_of_the_vectors_makes_its_link() {
    let creates = vectors("create");
    assert!(creates.len() >= 7, "the vectors are gone");
    for vector in creates {
        let names = ["merchant_id", "name", "price", "currency", "max_installment", "link_type", "lang"];
        let all = [&names[..], &["min_count", "email", "paytr_token"]].concat();
        let (sandbox, mut form) = sandbox_of(&vector, &all).await;
        if vector["link_type"] == "flex" {
            form.push(("flex_max_price", "999999".into()));
        }
        let terms = sandbox.link(&created(&sandbox, &form).await).unwrap().terms;
        assert_eq!((&vector["name"], &vector["link_type"]), (&terms.name.into(), &terms.link_type.name().into()));
    }
}

#[tokio::test]
async fn every_delete_of_the_vectors_is_accepted() {
    let deletes = vectors("delete");
    assert!(deletes.len() >= 3, "the vectors are gone");
    for vector in deletes {
        let (sandbox, form) = sandbox_of(&vector, &["merchant_id", "id", "paytr_token"]).await;
        let reply = post(&sandbox, DELETE, URLENCODED, urlencoded(&form)).await;
        assert!(reply.text().starts_with(r#"{"status":"success""#), "{vector}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_product_link_is_made_with_an_id_like_paytrs_and_an_address_of_the_sandbox() {
    let sandbox = sandbox().await;
    let reply = post(&sandbox, CREATE, URLENCODED, urlencoded(&product())).await;
    let answer: Value = serde_json::from_slice(&reply.body).unwrap();
    let id = answer["id"].as_str().unwrap();
    assert_eq!(
        reply.text(),
        format!(r#"{{"status":"success","id":"{id}","link":"{}/link/{id}"}}"#, sandbox.base_url())
    );
    assert_eq!((reply.status(), reply.header("content-type")), (200, Some("text/html; charset=UTF-8")));
    assert!(id.len() == 7 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let link = sandbox.link(id).unwrap();
    assert_eq!((link.terms.price, link.terms.link_type, link.terms.max_count), (158_000, LinkType::Product, None));
    assert_eq!(link.state(0), LinkState::Open);
    let received = sandbox.received_for(id);
    assert_eq!((received.len(), received[0].channel, received[0].delivered), (1, Channel::Create, true));
}

#[tokio::test]
async fn two_hundred_links_have_two_hundred_ids() {
    let sandbox = sandbox().await;
    let mut ids = BTreeSet::new();
    for _ in 0..200 {
        ids.insert(created(&sandbox, &product()).await);
    }
    assert_eq!((ids.len(), sandbox.links().len()), (200, 200));
}

#[tokio::test]
async fn every_optional_field_is_kept() {
    let sandbox = sandbox().await;
    let callback = [("callback_link", "http://127.0.0.1:8787/callback"), ("callback_id", "9f86d081")];
    let more = [("max_count", "3"), ("expiry_date", TOMORROW), ("pft", "3"), ("get_qr", "0"), ("debug_on", "1")];
    let form = with(product(), &[&callback[..], &more[..]].concat());
    let terms = sandbox.link(&created(&sandbox, &form).await).unwrap().terms;
    assert_eq!((terms.max_count, terms.expiry_date.as_deref(), terms.free_installments), (Some(3), Some(TOMORROW), 3));
    let callback = terms.callback.unwrap();
    assert_eq!((callback.url.as_str(), callback.id.as_str()), ("http://127.0.0.1:8787/callback", "9f86d081"));

    let form = with(flex(), &[("user_name", "Ayşe Yılmaz")]);
    let terms = sandbox.link(&created(&sandbox, &form).await).unwrap().terms;
    assert_eq!((terms.flex_max_price, terms.user_name.as_deref()), (Some(500_000), Some("Ayşe Yılmaz")));
    let terms = sandbox.link(&created(&sandbox, &collection()).await).unwrap().terms;
    assert_eq!(terms.email.as_deref(), Some(ADDRESS));
}

#[tokio::test]
async fn the_qr_code_is_a_png() {
    let sandbox = sandbox().await;
    let answer = create(&sandbox, &with(product(), &[("get_qr", "1")])).await;
    let file = STANDARD.decode(answer["base64_qr"].as_str().unwrap()).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    // The finder pattern of the corner, behind four white modules of six pixels.
    let at = |x: usize, y: usize| pixels[y * frame.line_size + x];
    assert_eq!((at(0, 0), at(23, 23), at(24, 24), at(30, 30), at(36, 36)), (255, 255, 0, 255, 0));
    assert!(create(&sandbox, &product()).await.get("base64_qr").is_none());
}

#[tokio::test]
async fn a_field_that_is_missing_empty_doubled_or_out_of_shape_is_refused_by_name() {
    let long = "ğ".repeat(201);
    let far = format!("https://shop.example/{}", "a".repeat(400));
    let id = "a".repeat(65);
    let loopback = ("callback_link", "http://127.0.0.1:1/");
    let of_one_field = [
        (product(), "name", &["", "Çay", &long][..]),
        (product(), "price", &["", "0", "14.45", "-5", "+5", "0145", "1234567890123"]),
        (product(), "currency", &["", "TRY", "tl"]),
        (product(), "max_installment", &["", "0", "13"]),
        (product(), "link_type", &["", "Product"]),
        (product(), "lang", &["", "de"]),
        (product(), "min_count", &["", "0"]),
        (product(), "max_count", &["0"]),
        (product(), "email", &[ADDRESS]),
        (product(), "flex_max_price", &["9"]),
        (collection(), "email", &["", "müşteri@example.com"]),
        (collection(), "max_count", &["1"]),
        (collection(), "min_count", &["1"]),
        (flex(), "flex_max_price", &["", "157999"]),
        (collection(), "user_name", &["Ayşe"]),
        (product(), "expiry_date", &["2999-12-31", "2020-01-01 00:00:00", "2999-12-31T00:00:00+03:00"]),
        (product(), "get_qr", &["yes"]),
        (product(), "debug_on", &["2"]),
        (product(), "pft", &["1", "13"]),
    ];
    let of_one_field = of_one_field.into_iter().flat_map(|(form, name, values)| {
        values.iter().map(move |value| (with(form.clone(), &[(name, value)]), name)).collect::<Vec<_>>()
    });
    let of_the_callback = [
        (vec![loopback], "callback_id"),
        (vec![("callback_id", "abc")], "callback_link"),
        (vec![loopback, ("callback_id", "a-b")], "callback_id"),
        (vec![loopback, ("callback_id", &id)], "callback_id"),
        (vec![("callback_link", &far), ("callback_id", "abc")], "callback_link"),
        (vec![("callback_link", "https://shop.example:8443/"), ("callback_id", "abc")], "callback_link"),
        (vec![("callback_link", "ftp://127.0.0.1/"), ("callback_id", "abc")], "callback_link"),
        (vec![("callback_link", "/callback"), ("callback_id", "abc")], "callback_link"),
    ];
    let of_the_callback = of_the_callback.into_iter().map(|(changes, name)| (with(product(), &changes), name));
    let sandbox = sandbox().await;
    for (form, name) in of_one_field.chain(of_the_callback) {
        let answer = create(&sandbox, &form).await;
        let words = format!("Zorunlu alan degeri gecersiz veya gonderilmedi (Link API - create): {name}");
        assert_eq!(answer, serde_json::json!({"status": "error", "reason": words}), "{form:?}");
        let received = sandbox.received().pop().unwrap();
        assert!(received.hint.is_some() && !received.delivered, "{form:?}");
    }
    for odd in ["price=", "price=1&price=2"] {
        let body = urlencoded(&product()).replace("price=158000", odd);
        let reply = post(&sandbox, CREATE, URLENCODED, body).await;
        assert!(reply.text().ends_with(r#"create): price"}"#), "{odd}");
    }
    assert!(sandbox.links().is_empty());
}

#[tokio::test]
async fn the_limits_themselves_are_accepted() {
    let sandbox = sandbox().await;
    let long = "ğ".repeat(200);
    let id = "a".repeat(64);
    for change in [
        [("name", "abc😀"), ("price", "1")],
        [("name", &long), ("price", "123456789012")],
        [("max_installment", "1"), ("pft", "2")],
        [("callback_link", "http://localhost:8787/callback"), ("callback_id", &id)],
        [("callback_link", "http://[::1]:8787/callback"), ("callback_id", "a")],
        [("callback_link", "https://relay.example/callback"), ("callback_id", "a")],
    ] {
        created(&sandbox, &with(product(), &change)).await;
    }
    created(&sandbox, &with(flex(), &[("flex_max_price", "158000")])).await;
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_a_known_mistake_is_named() {
    let sandbox = sandbox().await;
    for (mut form, link_type, key, more, words) in [
        (product(), "product", KEY, &[SALT][..], "after lang"),
        (product(), "product", KEY, &["1", "123456", SALT], "merchant_id is not signed"),
        (product(), "product", KEY, &["1"], "missing"),
        (product(), "product", SALT, &["1", KEY], "swapped"),
        (collection(), "collection", KEY, &["1", SALT], "No known mistake"),
        (flex(), "flex", KEY, &["1", SALT], "No known mistake"),
    ] {
        let parts = [&["Çay takımı", "158000", "TL", "12", link_type, "tr"], more].concat();
        form.last_mut().unwrap().1 = token(key, &parts);
        let answer = create(&sandbox, &form).await;
        assert_eq!(answer["reason"], "paytr_token gonderilmedi veya gecersiz");
        assert!(sandbox.received().pop().unwrap().hint.unwrap().contains(words), "{words}");
    }
    assert!(sandbox.links().is_empty());
}

#[tokio::test]
async fn a_token_is_good_for_its_own_fields_only() {
    let sandbox = sandbox().await;
    for (mut form, name, other) in [
        (product(), "name", "Çay takimi"),
        (product(), "price", "158001"),
        (product(), "currency", "USD"),
        (product(), "max_installment", "11"),
        (product(), "lang", "en"),
        (product(), "min_count", "2"),
        (collection(), "email", "other@example.com"),
    ] {
        other.clone_into(&mut form.iter_mut().find(|(field, _)| *field == name).unwrap().1);
        assert_eq!(create(&sandbox, &form).await["status"], "error", "{name}");
    }
}

#[tokio::test]
async fn a_deleted_link_is_refused_in_a_send_and_in_another_delete() {
    let sandbox = sandbox().await;
    let id = created(&sandbox, &product()).await;
    let send = async || post(&sandbox, SMS, URLENCODED, sms(&id)).await.text().to_owned();
    assert_eq!(send().await, r#"{"status":"success"}"#);
    assert_eq!(delete(&sandbox, &id).await, serde_json::json!({"status": "success"}));
    let gone = r#"{"status":"error","reason":"Invalid id or link has already been deleted"}"#;
    assert_eq!(send().await, gone);
    assert_eq!(delete(&sandbox, &id).await, serde_json::from_str::<Value>(gone).unwrap());
    assert_eq!(sandbox.link(&id).unwrap().state(0), LinkState::Deleted);
    let effects: Vec<bool> = sandbox.received_for(&id).iter().map(|received| received.delivered).collect();
    assert_eq!(effects, [true, true, true, false, false]);
}

#[tokio::test]
async fn an_expired_link_is_refused_in_a_send() {
    let sandbox = sandbox().await;
    let id = created(&sandbox, &with(product(), &[("expiry_date", TOMORROW)])).await;
    assert!(post(&sandbox, SMS, URLENCODED, sms(&id)).await.text().contains("success"));
    sandbox.expire(&id);
    let reply = post(&sandbox, SMS, URLENCODED, sms(&id)).await;
    assert_eq!(reply.text(), r#"{"status":"error","reason":"Link aktif degil: gecerlilik suresi dolmus"}"#);
}

#[tokio::test]
async fn several_links_are_deleted_at_once_and_two_lists_say_which() {
    let sandbox = sandbox().await;
    let (one, two) = (created(&sandbox, &product()).await, created(&sandbox, &flex()).await);
    delete(&sandbox, &two).await;
    let answer = delete(&sandbox, &format!("{one},{two},NB2Zlz3,NB2Zlz3")).await;
    assert_eq!(answer["status"], "success");
    assert_eq!(answer["success_deletes"], serde_json::json!([one, "NB2Zlz3"]));
    assert_eq!(answer["failed_deletes"], serde_json::json!([two, "NB2Zlz3"]));
    let answer = delete(&sandbox, &format!("{one},{two}")).await;
    assert_eq!((&answer["status"], &answer["success_deletes"]), (&"error".into(), &serde_json::json!([])));
    assert_eq!(answer["failed_deletes"], serde_json::json!([one, two]));
    // A link from elsewhere is deleted like one of its own.
    assert!(!post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await.text().contains("success"));
    assert!(post(&sandbox, SMS, URLENCODED, sms("NB2Zlz4")).await.text().contains("success"));
}

#[tokio::test]
async fn a_list_of_ids_that_is_too_long_or_out_of_shape_is_refused() {
    let sandbox = sandbox().await;
    let id = created(&sandbox, &product()).await;
    let eleven = [id.as_str(); 11].join(",");
    for (ids, words) in [
        (eleven.as_str(), "Zorunlu alan degeri gecersiz veya gonderilmedi (Link API - delete): id"),
        (&format!("{id},"), "Process failed. Invalid id"),
        (&format!("{id}, NB2Zlz3"), "Process failed. Invalid id"),
    ] {
        let answer = delete(&sandbox, ids).await;
        let text = answer.get("reason").or(answer.get("err_msg")).unwrap();
        assert_eq!(text, words, "{ids}");
    }
    let first_only = deletion(&id).replace(&format!("id={id}"), &format!("id={id}%2CNB2Zlz3"));
    let reply = post(&sandbox, DELETE, URLENCODED, first_only).await;
    assert!(reply.text().contains("paytr_token gonderilmedi"));
    assert!(sandbox.received().pop().unwrap().hint.unwrap().contains("The whole list"));
    assert!(!sandbox.link(&id).unwrap().deleted);
}

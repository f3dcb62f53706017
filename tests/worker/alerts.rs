//! A person is told, by `ALERT_URL`.

use crate::support::client;
use crate::support::prelude::*;
use crate::support::storefront::{storefront, writes_back};

crate::tests![
    each_kind_is_told_in_one_line_that_names_nobody,
    a_shop_that_refuses_what_is_written_back_is_told_of_at_once_and_when_it_is_given_up,
    one_of_a_kind_is_told_in_ten_minutes_with_how_many_were_held_back,
    a_receiver_that_hangs_or_fails_is_tried_six_times_and_costs_nothing_else,
    without_an_address_nobody_is_told_and_nothing_is_kept,
];

const SERVICE: &str = "alerts";
const ELEVEN_MINUTES_DAYS: f64 = 11.0 / (24.0 * 60.0);

/// What the receiver was told, in order.
fn told(receiver: &Shop) -> Vec<String> {
    let text = |body: Value| {
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        body["text"].as_str().unwrap().to_owned()
    };
    receiver.all().iter().map(|alert| text(alert.json())).collect()
}

async fn wait_for(receiver: &Shop, count: usize) -> Vec<String> {
    wait_until("the receiver is told", || receiver.all().len() >= count).await;
    told(receiver)
}

fn service(suite: &Suite, shop: &Shop, receiver: &Shop) -> Service {
    Service::with_events(SERVICE, &suite.sandbox.base_url(), &shop.events_url())
        .text("ALERT_URL", &receiver.events_url())
}

/// Asserts that it is one line with these words, and about what.
#[track_caller]
fn assert_says(text: &str, words: &str, about: &str) {
    assert!(text.contains(words) && text.contains(about) && !text.contains('\n'), "{text}");
}

/// Until what a line of the log says is durable too.
async fn settle() {
    sleep(Duration::from_millis(300)).await;
}

/// Until the relay has it that so many were told since it was started: one that it does not know of is told again.
async fn wait_until_known(workerd: &Workerd, count: usize) {
    let told = || workerd.lines().into_iter().filter(|line| line["type"] == "alert" && line["outcome"] == "told");
    wait_until("it is in the log", || told().count() >= count).await;
    settle().await;
}

async fn each_kind_is_told_in_one_line_that_names_nobody(suite: Arc<Suite>) {
    let (shop, receiver) = (Shop::start().await, Shop::start().await);
    // A shop that has no such API.
    let stores = json!([storefront("shop", shop.events_url().strip_suffix("/paytr-events").unwrap(), &writes_back())]);
    let service = service(&suite, &shop, &receiver).text("STOREFRONTS", &stores.to_string());
    let aging = Aging::new(service);
    let workerd = aging.start();
    let mut count = 0;
    let mut assert_told = async |words: &str, about: &str| {
        count += 1;
        assert_says(wait_for(&receiver, count).await.last().unwrap(), words, about);
    };

    let link = workerd.link(SERVICE, &product()).await;
    shop.always(&link.callback_id, Reply::Status(410));
    workerd.pay(SERVICE, &link.callback_id).await;
    assert_told("An event was given up", &link.callback_id).await;

    let unknown = format!("{:064x}", people::next());
    workerd.pay(SERVICE, &unknown).await;
    assert_told("A payment has to be looked at", &unknown).await;

    let lost = Order::new(&and(product(), &json!({"send": {"cell_phone": people::phone(), "email": people::email()}})));
    suite.sandbox.misbehave(&lost.name, Misbehaviour::HtmlPage);
    workerd.post(SERVICE, &lost.signed).await.assert_unknown_but_safe(502, "lost");
    assert_told("Nobody knows whether PayTR did it", "link.create of the link ").await;

    // A send has no link of the relay's own, and is found by its request.
    let (link_id, phone) = (people::link_id(), people::phone());
    let no = Misbehaviour::Bytes { status: 403, body: b"<html>no</html>".to_vec(), delivers: false };
    suite.sandbox.misbehave(&link_id, no);
    workerd.post(SERVICE, &Signed::new(message::sms(&link_id, &phone))).await;
    let blocked = || workerd.lines().into_iter().find(|logged| logged["reason"] == "blocked");
    wait_until("the line is there", || blocked().is_some()).await;
    assert_told("PayTR refuses the relay itself", blocked().unwrap()["request_id"].as_str().unwrap()).await;

    let collection = workerd.link(SERVICE, &collection()).await;
    let refusal = Misbehaviour::Rejected { status: "error".to_owned(), reason: "no".to_owned() };
    suite.sandbox.misbehave(&collection.id, refusal);
    workerd.pay(SERVICE, &collection.callback_id).await;
    shop.wait_for(&collection.callback_id, 1).await;
    wait_until_known(&workerd, 4).await;
    let mut workerd = workerd;
    for tries in 1..5 {
        let closings = || workerd.lines().iter().filter(|line| line["type"] == "link.close").count();
        wait_until("it is tried", || closings() >= 1).await;
        assert_eq!(closings(), 1, "{tries}");
        settle().await;
        workerd = aging.restart(&workerd, 0.1);
        aging.ask_all(&workerd).await;
    }
    assert_told("A paid link could not be deleted", &collection.callback_id).await;

    let url = workerd.url(SERVICE);
    let foreign = [
        ("content-type", "application/json"),
        ("x-wc-webhook-topic", "order.created"),
        ("x-wc-webhook-signature", "AAAA"),
    ];
    for _ in 0..3 {
        let answer =
            client::request(&client::client(), &url, "POST", "/hooks/shop", &foreign, b"{}".to_vec()).await.unwrap();
        assert_eq!(answer.status, 401);
    }
    assert_told("A delivery of a shop was refused", "shop, invalid-signature").await;

    // It stays at one of each kind.
    settle().await;
    let all = told(&receiver);
    assert_eq!(all.len(), 6, "{all:#?}");
    let leaks = Leaks::of(&suite.sandbox);
    for (text, alert) in all.iter().zip(receiver.all()) {
        assert!(leaks.found_in(text.as_bytes()).is_empty(), "{text}");
        assert_eq!((alert.method.as_str(), alert.header("content-type")), ("POST", "application/json"));
    }
    workerd.kill();
    assert!(!workerd.output().contains(&receiver.events_url()), "the log has the address");
}

async fn a_shop_that_refuses_what_is_written_back_is_told_of_at_once_and_when_it_is_given_up(suite: Arc<Suite>) {
    let (shop, receiver, refusing) = (Shop::start().await, Shop::start().await, woocommerce().await);
    let stores = json!([storefront("shop", &refusing.url(), &writes_back())]);
    let aging = Aging::new(service(&suite, &shop, &receiver).text("STOREFRONTS", &stores.to_string()));
    let mut workerd = aging.start();
    connect(&refusing, &workerd, SERVICE, "shop").await;
    let placed = Placed::troubled(&refusing, ShopTrouble::KeyRefused);
    let about = format!("order.link of the order {} of shop", placed.number);
    for attempt in 1..=10 {
        let tries = || -> Vec<Value> {
            workerd.lines().into_iter().filter(|line| line["reference"] == placed.number.as_str()).collect()
        };
        let is_try = |line: &Value| line["type"] == "order.link";
        wait_until("it is tried", || tries().iter().any(is_try)).await;
        let line = tries().into_iter().find(is_try).unwrap();
        let outcome = if attempt < 10 { "retried-later" } else { "dead" };
        let members = ["outcome", "reason", "attempt"].map(|name| line[name].clone());
        assert_eq!(members, [json!(outcome), json!("key-refused"), json!(attempt)]);
        if attempt < 10 {
            wait_until_known(&workerd, usize::from(attempt == 1)).await;
            let all = told(&receiver);
            assert_eq!(all.len(), 1, "after try {attempt}: {all:#?}");
            assert_says(&all[0], "A shop refuses what it is told of its order", &about);
            workerd = aging.restart(&workerd, LONGEST_GAP_DAYS);
            aging.ask_all(&workerd).await;
        }
    }
    let text = wait_for(&receiver, 2).await.remove(1);
    assert_says(&text, "A shop could not be told of its order", &about);
    assert!(Leaks::of(&suite.sandbox).found_in(text.as_bytes()).is_empty(), "{text}");
    settle().await;
    assert_eq!(told(&receiver).len(), 2);
}

async fn one_of_a_kind_is_told_in_ten_minutes_with_how_many_were_held_back(suite: Arc<Suite>) {
    let (shop, receiver) = (Shop::start().await, Shop::start().await);
    let aging = Aging::new(service(&suite, &shop, &receiver));
    let workerd = aging.start();
    let link = workerd.link(SERVICE, &and(flex(), &json!({"reusable": true}))).await;
    pay_for_review(&workerd, &link.callback_id).await;
    let first = wait_for(&receiver, 1).await;
    assert!(!first[0].contains("more of this kind"), "{}", first[0]);
    for _ in 0..3 {
        pay_for_review(&workerd, &link.callback_id).await;
    }
    shop.wait_for(&link.callback_id, 4).await;
    // Another kind is not held up by it.
    let lost = Order::new(&product());
    suite.sandbox.misbehave(&lost.name, Misbehaviour::HtmlPage);
    workerd.post(SERVICE, &lost.signed).await.assert_unknown_but_safe(502, "lost");
    wait_until_known(&workerd, 2).await;
    assert_eq!(told(&receiver).len(), 2);
    let workerd = aging.restart(&workerd, ELEVEN_MINUTES_DAYS);
    let all = wait_for(&receiver, 3).await;
    assert_says(&all[2], "A payment has to be looked at", "");
    assert!(all[2].ends_with(" 2 more of this kind came before it."), "{}", all[2]);
    // And the next one is held back again.
    pay_for_review(&workerd, &link.callback_id).await;
    shop.wait_for(&link.callback_id, 5).await;
    settle().await;
    assert_eq!(told(&receiver).len(), 3);
}

async fn pay_for_review(workerd: &Workerd, callback_id: &str) {
    let notice = Notice::new(callback_id, &merchant_oid(), PRICE).with("test_mode", "1");
    workerd.callback(SERVICE, &notice).await.unwrap().assert_ok("paid");
}

async fn a_receiver_that_hangs_or_fails_is_tried_six_times_and_costs_nothing_else(suite: Arc<Suite>) {
    let (shop, receiver) = (Shop::start().await, Shop::answering(|| Reply::Hang).await);
    let aging = Aging::new(service(&suite, &shop, &receiver));
    let mut workerd = aging.start();
    let link = workerd.link(SERVICE, &and(flex(), &json!({"reusable": true}))).await;
    pay_for_review(&workerd, &link.callback_id).await;
    wait_for(&receiver, 1).await;
    // Events of the same partition go on while it hangs.
    for count in 2..=6 {
        workerd.pay(SERVICE, &link.callback_id).await;
        shop.wait_for(&link.callback_id, count).await;
    }
    let tries =
        |workerd: &Workerd| workerd.lines().into_iter().filter(|line| line["type"] == "alert").collect::<Vec<_>>();
    wait_until("its time is up", || !tries(&workerd).is_empty()).await;
    let first = tries(&workerd).remove(0);
    let members = ["outcome", "code", "reason", "attempt"].map(|name| first[name].clone());
    assert_eq!(members, [json!("retried-later"), json!("payment-review"), json!("timed-out"), json!(1)]);
    receiver.answer(|| Reply::Status(500));
    for attempt in 2..=6 {
        settle().await;
        workerd = aging.restart(&workerd, ELEVEN_MINUTES_DAYS);
        wait_until("it is tried again", || !tries(&workerd).is_empty()).await;
        let again = tries(&workerd).remove(0);
        let outcome = if attempt < 6 { "retried-later" } else { "dead" };
        let members = ["outcome", "shop_http_status", "attempt"].map(|name| again[name].clone());
        assert_eq!(members, [json!(outcome), json!(500), json!(attempt)]);
    }
    settle().await;
    let workerd = aging.restart(&workerd, ELEVEN_MINUTES_DAYS);
    aging.ask_all(&workerd).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(receiver.all().len(), 6, "it is tried for ever");
}

async fn without_an_address_nobody_is_told_and_nothing_is_kept(suite: Arc<Suite>) {
    let shop = Shop::start().await;
    let aging = Aging::new(Service::with_events(SERVICE, &suite.sandbox.base_url(), &shop.events_url()));
    let workerd = aging.start();
    let link = workerd.link(SERVICE, &product()).await;
    pay_for_review(&workerd, &link.callback_id).await;
    shop.wait_for(&link.callback_id, 1).await;
    assert_eq!(aging.rows("alerts"), 0);
}

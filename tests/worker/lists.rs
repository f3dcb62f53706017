//! Lists, counts, and the replay of all that was given up: what every partition is asked at once.

use crate::support::client::{client, request};
use crate::support::prelude::*;
use futures_util::future::join_all;

crate::tests![
    a_link_is_found_by_its_reference_its_state_and_its_time,
    pages_show_each_link_once_while_others_are_made_paid_and_deleted,
    a_link_whose_create_call_was_cut_off_is_listed_as_unknown_after_a_day,
    events_are_listed_by_their_state_with_what_they_are_of,
    all_dead_events_are_replayed_by_one_message_and_none_comes_twice,
    the_status_counts_what_was_made_and_paid_and_what_is_stuck,
    late_work_is_counted_and_set_going,
    a_ping_tries_the_shops_end,
    what_is_asked_of_all_partitions_leaves_one_line,
];

const SERVICE: &str = "lists";
const HOUR_DAYS: f64 = 1.0 / 24.0;

fn ask(message_type: &str, data: &Value) -> Signed {
    Signed::new(json!({"type": message_type, "data": data}).to_string())
}

async fn asked(workerd: &Workerd, message_type: &str, data: &Value) -> Answer {
    let answer = workerd.post(SERVICE, &ask(message_type, data)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

async fn listed(workerd: &Workerd, message_type: &str, data: &Value) -> Vec<Value> {
    let answer = asked(workerd, message_type, data).await.json();
    let member = if message_type == "link.list" { "links" } else { "events" };
    assert_eq!((&answer["outcome"], &answer["cursor"]), (&json!("listed"), &Value::Null), "{answer}");
    answer[member].as_array().unwrap().clone()
}

/// The `callback_id`s of a list, in its order.
async fn ids(workerd: &Workerd, data: &Value) -> Vec<String> {
    let text = |link: Value| link["link"]["callback_id"].as_str().unwrap().to_owned();
    listed(workerd, "link.list", data).await.into_iter().map(text).collect()
}

fn own(suite: &Suite, events_url: &str) -> Aging {
    Aging::new(Service::with_events(SERVICE, &suite.sandbox.base_url(), events_url))
}

/// Waits for this many lines of the log that say that an event's try ended so.
async fn wait_for_tries(workerd: &Workerd, outcome: &str, count: usize) {
    let are_there = || workerd.lines().iter().filter(|line| line["outcome"] == outcome).count() >= count;
    wait_until(&format!("{count} are {outcome}"), are_there).await;
}

async fn delete(workerd: &Workerd, link: &Link) {
    let answer = workerd.post(SERVICE, &about("link.delete", &link.callback_id)).await;
    assert_eq!(answer.code(), "deleted", "{}", answer.text());
}

async fn a_link_is_found_by_its_reference_its_state_and_its_time(suite: Arc<Suite>) {
    let aging = own(&suite, &suite.shop.events_url());
    let workerd = aging.start();
    assert_eq!(ids(&workerd, &json!({})).await, [""; 0]);
    let (old, lost) = (workerd.link(SERVICE, &product()).await, Order::new(&product()));
    suite.sandbox.misbehave(&lost.name, Misbehaviour::HtmlPage);
    workerd.post(SERVICE, &lost.signed).await.assert_unknown_but_safe(502, "lost");
    let refused = Order::new(&product());
    let rejected = Misbehaviour::Rejected { status: "error".to_owned(), reason: "no".to_owned() };
    suite.sandbox.misbehave(&refused.name, rejected);
    workerd.post(SERVICE, &refused.signed).await.assert_problem(422, "paytr-rejected", "refused");
    let workerd = aging.restart(&workerd, HOUR_DAYS);
    let open = workerd.link(SERVICE, &and(product(), &json!({"get_qr": 1}))).await;
    let paid = workerd.link(SERVICE, &product()).await;
    let deleted = workerd.link(SERVICE, &product()).await;
    let both = workerd.link(SERVICE, &product()).await;
    workerd.pay(SERVICE, &paid.callback_id).await;
    delete(&workerd, &deleted).await;
    delete(&workerd, &both).await;
    // Paid though it was deleted: for a person, and paid.
    workerd.pay(SERVICE, &both.callback_id).await;

    let id = |link: &Link| link.callback_id.clone();
    let all = ids(&workerd, &json!({})).await;
    assert_eq!(all[..4], [&both, &deleted, &paid, &open].map(id));
    assert_eq!(all.len(), 6, "what PayTR refused is listed, or something else is not");
    assert!(all[4..].contains(&old.callback_id));
    let unknown = all[4..].iter().find(|id| **id != old.callback_id).unwrap().clone();
    for (state, expected) in [
        ("open", vec![id(&open), id(&old)]),
        ("paid", vec![id(&both), id(&paid)]),
        ("deleted", vec![id(&deleted)]),
        ("unknown", vec![unknown]),
    ] {
        assert_eq!(ids(&workerd, &json!({"state": state})).await, expected, "{state}");
    }
    for (reference, state, count) in [
        (&open.reference, None, 1),
        (&open.reference, Some("open"), 1),
        (&open.reference, Some("paid"), 0),
        (&lost.reference, Some("unknown"), 1),
        (&refused.reference, None, 0),
        (&"nobody".to_owned(), None, 0),
    ] {
        let data = json!({"reference": reference, "state": state});
        assert_eq!(ids(&workerd, &data).await.len(), count, "{data}");
    }
    let half_an_hour_ago = moment(-1800);
    assert_eq!(ids(&workerd, &json!({"created_after": half_an_hour_ago})).await, all[..4]);
    assert_eq!(ids(&workerd, &json!({"created_before": half_an_hour_ago})).await, all[4..]);

    // What is listed is what link.get says, without payments and QR code.
    let mut expected = workerd.record(SERVICE, &open).await;
    take(&mut expected, "outcome");
    take(&mut expected, "payments");
    assert!(take(&mut expected["link"], "base64_qr").is_some());
    let mut shown = listed(&workerd, "link.list", &json!({"reference": open.reference})).await.remove(0);
    assert!(take(&mut shown, "created_at").unwrap().as_str().unwrap().ends_with('Z'));
    assert_eq!(shown, expected);
}

fn take(json: &mut Value, member: &str) -> Option<Value> {
    json.as_object_mut().unwrap().remove(member)
}

/// A time so many seconds from now.
fn moment(seconds: i64) -> String {
    let at = time::OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
    at.format(&time::format_description::well_known::Rfc3339).unwrap()
}

async fn pages_show_each_link_once_while_others_are_made_paid_and_deleted(suite: Arc<Suite>) {
    let aging = own(&suite, &suite.shop.events_url());
    let workerd = aging.start();
    let (terms, mut links) = (flex_once(), Vec::new());
    for _ in 0..3 {
        links.extend(join_all((0..30).map(|_| workerd.link(SERVICE, &terms))).await);
    }
    let steady: Vec<&String> = links.iter().step_by(3).map(|link| &link.callback_id).collect();
    for (limit, state) in [(7, None), (30, None), (100, None), (1, Some("open")), (10, Some("open"))] {
        let mut shown: BTreeMap<String, usize> = BTreeMap::new();
        let mut times = Vec::new();
        let mut cursor = Value::Null;
        let mut changing = links.chunks(3);
        loop {
            let data = json!({"limit": limit, "state": state, "cursor": cursor});
            let page = asked(&workerd, "link.list", &data).await.json();
            let links = page["links"].as_array().unwrap();
            assert!(links.len() <= limit);
            for link in links {
                *shown.entry(link["link"]["callback_id"].as_str().unwrap().to_owned()).or_default() += 1;
                times.push(link["created_at"].as_str().unwrap().to_owned());
            }
            cursor = page["cursor"].clone();
            if cursor.is_null() {
                break;
            }
            // Between two pages one is made, one is paid, one is deleted.
            workerd.link(SERVICE, &product()).await;
            if let Some([_, paid, deleted]) = changing.next() {
                workerd.pay(SERVICE, &paid.callback_id).await;
                workerd.post(SERVICE, &about("link.delete", &deleted.callback_id)).await;
            }
        }
        assert!(shown.values().all(|times| *times == 1), "{limit}: one came twice");
        assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{limit}: not newest first");
        let missing: Vec<_> = steady.iter().filter(|id| !shown.contains_key(**id)).collect();
        assert!(missing.is_empty(), "{limit} {state:?}: {missing:?}");
    }
}

/// A link that stays open when it is paid once.
fn flex_once() -> Value {
    and(flex(), &json!({"reusable": true}))
}

async fn a_link_whose_create_call_was_cut_off_is_listed_as_unknown_after_a_day(suite: Arc<Suite>) {
    let aging = own(&suite, &suite.shop.events_url());
    let workerd = aging.start();
    let order = Order::new(&product());
    suite.sandbox.misbehave(&order.name, Misbehaviour::Hang);
    let (url, signed) = (format!("http://{}", workerd.address(SERVICE)), order.signed.clone());
    // workerd does not live to answer.
    let asking = tokio::spawn(async move {
        request(&client(), &url, "POST", "/webhook", &signed.headers(), signed.body.clone()).await.ok()
    });
    wait_until("PayTR is asked", || !suite.creates_of(&order.name).is_empty()).await;
    workerd.kill();
    asking.await.unwrap();
    aging.age(1.1);
    let workerd = aging.start();
    // The question itself sets the overdue look through the tables going.
    aging.ask_all(&workerd).await;
    wait_until("the partitions have looked", || {
        workerd.lines().iter().any(|line| line["reason"] == "interrupted" && line["type"] == "link.create")
    })
    .await;
    let found = listed(&workerd, "link.list", &json!({"reference": order.reference})).await;
    assert_eq!((found.len(), &found[0]["state"]), (1, &json!("unknown")));
    workerd.post(SERVICE, &order.signed.retry()).await.assert_unknown_but_safe(502, "asked again");
    assert_eq!(suite.creates_of(&order.name).len(), 1, "PayTR was asked again");
}

async fn events_are_listed_by_their_state_with_what_they_are_of(suite: Arc<Suite>) {
    let shop = Shop::start().await;
    let aging = own(&suite, &shop.events_url());
    let workerd = aging.start();
    let mut expected = Vec::new();
    for (state, reply) in [("delivered", 200), ("dead", 410), ("pending", 500)] {
        let link = workerd.link(SERVICE, &product()).await;
        shop.always(&link.callback_id, Reply::Status(reply));
        let oid = workerd.pay(SERVICE, &link.callback_id).await;
        let event = shop.wait_for(&link.callback_id, 1).await.remove(0);
        expected.push(json!({
            "webhook_id": event.header("webhook-id"), "type": "link.paid", "state": state, "attempts": 1,
            "created_at": event.json()["timestamp"], "reference": link.reference, "callback_id": link.callback_id,
            "merchant_oid": oid,
        }));
    }
    // And one of a link that nobody knows.
    let unknown = format!("{:064x}", people::next());
    shop.always(&unknown, Reply::Status(410));
    workerd.pay(SERVICE, &unknown).await;
    for (outcome, count) in [("delivered", 1), ("dead", 2), ("retried-later", 1)] {
        wait_for_tries(&workerd, outcome, count).await;
    }

    let mut all = listed(&workerd, "event.list", &json!({})).await;
    assert_eq!(all.len(), 4);
    let of_unknown = all.iter().position(|event| event["callback_id"] == unknown.as_str()).unwrap();
    let of_unknown = all.remove(of_unknown);
    assert_eq!((&of_unknown["type"], &of_unknown["reference"]), (&json!("link.payment_review"), &Value::Null));
    for event in &mut all {
        assert_eq!(take(event, "next_at").is_some(), event["state"] == "pending", "{event}");
    }
    let by_id = |events: &[Value]| -> BTreeMap<String, Value> {
        events.iter().map(|event| (event["webhook_id"].as_str().unwrap().to_owned(), event.clone())).collect()
    };
    assert_eq!(by_id(&all), by_id(&expected));
    for (state, count) in [("delivered", 1), ("dead", 2), ("pending", 1)] {
        let found = listed(&workerd, "event.list", &json!({"state": state})).await;
        assert_eq!(found.len(), count, "{state}");
        assert!(found.iter().all(|event| event["state"] == state));
    }
    assert_eq!(listed(&workerd, "event.list", &json!({"created_after": moment(60)})).await.len(), 0);
    let first = asked(&workerd, "event.list", &json!({"limit": 3})).await.json();
    let rest = listed(&workerd, "event.list", &json!({"limit": 3, "cursor": first["cursor"]})).await;
    assert_eq!((first["events"].as_array().unwrap().len(), rest.len()), (3, 1));
}

async fn all_dead_events_are_replayed_by_one_message_and_none_comes_twice(suite: Arc<Suite>) {
    let count = std::env::var("DEAD_EVENTS").map_or(300, |count| count.parse().unwrap());
    let shop = Shop::answering(|| Reply::Status(410)).await;
    let aging = own(&suite, &shop.events_url());
    let workerd = aging.start();
    let kept = workerd.link(SERVICE, &product()).await;
    shop.always(&kept.callback_id, Reply::Status(200));
    workerd.pay(SERVICE, &kept.callback_id).await;
    // The first byte tells the partition.
    let paid: Vec<String> = (0..count).map(|number| format!("{:02x}{:062x}", number % 256, people::next())).collect();
    for some in paid.chunks(50) {
        join_all(some.iter().map(|callback_id| workerd.pay(SERVICE, callback_id))).await;
    }
    wait_for_tries(&workerd, "dead", count).await;
    let later = json!({"state": "dead", "created_after": moment(60)});
    asked(&workerd, "event.replay", &later).await.assert_body(&json!({"outcome": "replayed", "events": 0}));
    // Long enough that posts of one partition would be open together, if more than two were made.
    shop.answer(|| Reply::Slow(Duration::from_millis(20)));
    let tried = shop.count();
    let replayed = asked(&workerd, "event.replay", &json!({"state": "dead"})).await;
    replayed.assert_body(&json!({"outcome": "replayed", "events": count}));
    // A thousand after the other: many take longer than anything is waited for.
    for told in (0..count).step_by(1000).chain([count]) {
        wait_until("all are told", || shop.count() >= tried + told).await;
    }
    wait_for_tries(&workerd, "delivered", count + 1).await;
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for event in shop.all().into_iter().filter(|event| event.taken) {
        *told.entry(event.header("webhook-id").to_owned()).or_default() += 1;
    }
    assert_eq!((told.len(), told.values().max()), (count + 1, Some(&1)));
    let most_at_once = shop.most_at_once();
    assert!(most_at_once.len() >= count.min(32), "{most_at_once:?}");
    assert_eq!(most_at_once.values().max(), Some(&2), "{most_at_once:?}");
    assert_eq!(listed(&workerd, "event.list", &json!({"state": "dead"})).await.len(), 0);
    let again = asked(&workerd, "event.replay", &json!({"state": "dead"})).await;
    again.assert_body(&json!({"outcome": "replayed", "events": 0}));
}

async fn the_status_counts_what_was_made_and_paid_and_what_is_stuck(suite: Arc<Suite>) {
    let shop = Shop::start().await;
    let aging = own(&suite, &shop.events_url());
    let workerd = aging.start();
    let counts = |made, paid, pending, dead| {
        json!({
            "outcome": "status", "last_24_hours": {"links_created": made, "links_paid": paid},
            "events": {"pending": pending, "dead": dead}, "late_partitions": 0, "version": env!("CARGO_PKG_VERSION"),
        })
    };
    assert_eq!(asked(&workerd, "relay.status", &json!({})).await.json(), counts(0, 0, 0, 0));
    let old = workerd.link(SERVICE, &product()).await;
    let workerd = aging.restart(&workerd, 0.99);
    assert_eq!(asked(&workerd, "relay.status", &json!({})).await.json(), counts(1, 0, 0, 0));
    let workerd = aging.restart(&workerd, 0.02);
    let (gone, tried) = (workerd.link(SERVICE, &flex_once()).await, workerd.link(SERVICE, &product()).await);
    shop.always(&gone.callback_id, Reply::Status(410));
    shop.always(&tried.callback_id, Reply::Status(500));
    // Of one link twice: it is one that was paid.
    for link in [&old, &gone, &gone, &tried] {
        workerd.pay(SERVICE, &link.callback_id).await;
    }
    for (outcome, count) in [("delivered", 1), ("dead", 2), ("retried-later", 1)] {
        wait_for_tries(&workerd, outcome, count).await;
    }
    let mut counted = asked(&workerd, "relay.status", &json!({})).await.json();
    let oldest = take(&mut counted["events"], "oldest_pending_at").unwrap();
    let pending = listed(&workerd, "event.list", &json!({"state": "pending"})).await;
    assert_eq!((pending.len(), &pending[0]["created_at"]), (1, &oldest));
    assert_eq!(counted, counts(2, 3, 1, 2));
}

async fn late_work_is_counted_and_set_going(suite: Arc<Suite>) {
    let shop = Shop::answering(|| Reply::Status(500)).await;
    let aging = own(&suite, &shop.events_url());
    let workerd = aging.start();
    let link = workerd.link(SERVICE, &product()).await;
    workerd.pay(SERVICE, &link.callback_id).await;
    wait_for_tries(&workerd, "retried-later", 2).await;
    workerd.kill();
    aging.age(HOUR_DAYS);
    aging.lose_alarms("everywhere");
    let workerd = aging.start();
    let status = asked(&workerd, "relay.status", &json!({})).await.json();
    assert_eq!(status["late_partitions"], 1, "{status}");
    wait_for_tries(&workerd, "retried-later", 1).await;
    assert!(shop.events(&link.callback_id).len() >= 3, "it was not tried again");
    assert_eq!(asked(&workerd, "relay.status", &json!({})).await.json()["late_partitions"], 0);
}

async fn a_ping_tries_the_shops_end(suite: Arc<Suite>) {
    let shop = Shop::start().await;
    let workerd = own(&suite, &shop.events_url()).start();
    let ping = || ask("relay.ping", &json!({"events": true}));
    for (reply, expected) in [
        (Reply::Status(204), json!({"outcome": "delivered", "http_status": 204})),
        (Reply::Status(401), json!({"outcome": "refused", "http_status": 401})),
        (Reply::Redirect(301, "/elsewhere".to_owned()), json!({"outcome": "refused", "http_status": 301})),
        (Reply::Close, json!({"outcome": "no-answer", "reason": "connection-lost"})),
    ] {
        // Its link is none.
        shop.always("", reply);
        let answer = workerd.post(SERVICE, &ping()).await;
        answer.assert_body(&json!({"outcome": "pong", "version": env!("CARGO_PKG_VERSION"), "events": expected}));
    }
    let events = shop.all();
    let ids: BTreeSet<&str> = events.iter().map(|event| event.header("webhook-id")).collect();
    assert_eq!((events.len(), ids.len()), (4, 4));
    for event in &events {
        assert!(event.is_signed_by(&crate::support::secrets::events()));
        assert_eq!((&event.json()["type"], &event.json()["data"]), (&json!("relay.ping"), &json!({})));
        let id = event.header("webhook-id").strip_prefix("evt_").unwrap();
        assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    workerd.kill();
    let expected = json!({"outcome": "pong", "version": env!("CARGO_PKG_VERSION"), "events": {"outcome": "off"}});
    suite.post(DEFAULTS, &ping()).await.assert_body(&expected);
}

async fn what_is_asked_of_all_partitions_leaves_one_line(suite: Arc<Suite>) {
    let aging = own(&suite, &suite.shop.events_url());
    let workerd = aging.start();
    for (message_type, data, outcome) in [
        ("link.list", json!({"reference": "1001"}), "listed"),
        ("event.list", json!({}), "listed"),
        ("event.replay", json!({"state": "dead"}), "replayed"),
        ("relay.status", json!({}), "status"),
    ] {
        let signed = ask(message_type, &data);
        workerd.post(SERVICE, &signed).await;
        let lines = || -> Vec<Value> {
            let lines = workerd.lines().into_iter().filter(|line| line["webhook_id"] == signed.id.as_str());
            lines.map(|line| json!([line["type"], line["outcome"], line["status"], line["secret"]])).collect()
        };
        wait_until("its line is there", || !lines().is_empty()).await;
        assert_eq!(lines(), [json!([message_type, outcome, 200, 1])]);
    }
    workerd.kill();
    let answer = suite.post(WITHOUT_LEDGER, &ask("link.list", &json!({}))).await;
    answer.assert_problem(503, "ledger-unavailable", "without a ledger");
}

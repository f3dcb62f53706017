//! Payments: what the merchant is told, how often, and what PayTR's panel says of it.

use crate::support::*;
use std::{sync::mpsc, time::Duration};

use paytr_sandbox::{LinkState, Notification, NotificationState, Options, Pay, PayError, Payment, Sandbox, Schedule};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK";
const SOON: Schedule = Schedule { every: Duration::from_millis(10), attempts: 4 };

/// A merchant that answers each notification with the next of its answers, the last one for good.
struct Receiver {
    url: String,
    heard: mpsc::Receiver<String>,
}

impl Receiver {
    async fn start(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/callback", listener.local_addr().unwrap());
        let (sender, heard) = mpsc::channel();
        tokio::spawn(async move {
            for count in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = String::new();
                while !is_whole(&request) {
                    let mut buffer = [0; 4096];
                    let length = stream.read(&mut buffer).await.unwrap();
                    assert_ne!(length, 0, "half a request");
                    request.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
                }
                if sender.send(request).is_err() {
                    return;
                }
                let answer = answers[usize::min(count, answers.len() - 1)];
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { url, heard }
    }

    /// The fields of every notification so far.
    fn notifications(&self) -> Vec<Vec<(String, String)>> {
        let body = |request: String| request.split_once("\r\n\r\n").unwrap().1.to_owned();
        let fields = |body: String| form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        self.heard.try_iter().map(body).map(fields).collect()
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    body.len() == length.parse::<usize>().unwrap()
}

async fn hasty() -> Sandbox {
    sandbox_with(Options { schedule: SOON, ..Options::default() }).await
}

/// A link with a callback to this receiver.
async fn link(sandbox: &Sandbox, receiver: &str, form: Vec<(&'static str, String)>) -> String {
    created(sandbox, &with(form, &[("callback_link", receiver), ("callback_id", "9f86d081884c7d65")])).await
}

/// Pays such a link as its payer would, and waits until the receiver was told, or is told no more.
async fn paid(sandbox: &Sandbox, receiver: &str) -> Payment {
    let id = link(sandbox, receiver, product()).await;
    let oid = sandbox.pay(&id, Pay::default()).unwrap().merchant_oid;
    sandbox.notified(&oid).await.unwrap()
}

async fn post_json(sandbox: &Sandbox, path: &str, body: &str) -> (u16, Value) {
    let headers = [("content-type", "application/json")];
    let reply = exchange(sandbox, &format!("POST {path}"), "localhost", &headers, body.as_bytes()).await;
    (reply.status(), serde_json::from_slice(&reply.body).unwrap_or_default())
}

#[tokio::test]
async fn a_payment_is_notified_once_with_paytrs_fields_and_a_right_hash() {
    let (sandbox, receiver) = (hasty().await, Receiver::start(&[OK]).await);
    let payment = paid(&sandbox, &receiver.url).await;
    let oid = payment.merchant_oid;
    assert_eq!((payment.notification.in_panel(), payment.attempts.len()), ("Başarılı", 1));
    assert_eq!((payment.attempts[0].http_status, payment.attempts[0].text.as_str()), (Some(200), "OK"));
    let hash = token(KEY, &["9f86d081884c7d65", &oid, SALT, "success", "158000"]);
    let expected = [
        ("hash", hash.as_str()),
        ("callback_id", "9f86d081884c7d65"),
        ("merchant_oid", &oid),
        ("status", "success"),
        ("total_amount", "158000"),
        ("payment_amount", "158000"),
        ("payment_type", "card"),
        ("currency", "TL"),
        ("merchant_id", "123456"),
        ("test_mode", "0"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(receiver.notifications(), [expected]);
}

#[tokio::test]
async fn it_comes_again_until_the_answer_is_exactly_ok() {
    let answers = &[
        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nOK\n",
        "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        OK,
    ];
    let (sandbox, receiver) = (hasty().await, Receiver::start(answers).await);
    let payment = paid(&sandbox, &receiver.url).await;
    assert_eq!(payment.notification, NotificationState::Delivered);
    let seen: Vec<_> = payment.attempts.iter().map(|attempt| (attempt.http_status, attempt.text.as_str())).collect();
    assert_eq!(seen, [(Some(500), "OK"), (Some(200), "OK\n"), (Some(302), ""), (Some(200), "OK")]);
    let told = receiver.notifications();
    assert!(told.len() == 4 && told.iter().all(|fields| *fields == told[0]), "the tries differ");
}

#[tokio::test]
async fn it_stops_after_its_attempts_and_starts_again_when_asked() {
    let sandbox = hasty().await;
    let payment = paid(&sandbox, "http://127.0.0.1:9/callback").await;
    let oid = payment.merchant_oid;
    assert_eq!((payment.notification.in_panel(), payment.attempts.len()), ("Bildirim Durdu", 4));
    assert_eq!((payment.attempts[0].http_status, payment.next_attempt_at), (None, None));
    assert!(sandbox.notify_again(&oid));
    assert_eq!(sandbox.notified(&oid).await.unwrap().attempts.len(), 8);
    assert!(!sandbox.notify_again("LNK404"));
}

#[tokio::test]
async fn while_it_is_not_ok_the_panel_says_devam_ediyor() {
    let schedule = Schedule { every: Duration::from_mins(1), attempts: 2 };
    let sandbox = sandbox_with(Options { schedule, ..Options::default() }).await;
    let receiver = Receiver::start(&["HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nbad"]).await;
    let id = link(&sandbox, &receiver.url, product()).await;
    let oid = sandbox.pay(&id, Pay::default()).unwrap().merchant_oid;
    for _ in 0..500 {
        if sandbox.payment(&oid).unwrap().attempts.len() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let payment = &json(&sandbox, &format!("/sandbox/links/{id}")).await["payments"][0];
    assert_eq!((&payment["in_panel"], &payment["notification"]), (&"Devam Ediyor".into(), &"pending".into()));
    assert_eq!((&payment["attempts"][0]["http_status"], &payment["attempts"][0]["text"]), (&400.into(), &"bad".into()));
    assert!(payment["next_attempt_at"].as_u64() > payment["attempts"][0]["at"].as_u64());
}

#[tokio::test]
async fn nobody_but_this_machine_is_notified() {
    let sandbox = hasty().await;
    for url in [
        "https://relay.example/callback",
        "http://127.0.0.1.example/callback",
        "http://localhost.example/callback",
        "http://127.0.0.1@relay.example/callback",
        "http://relay.example/127.0.0.1",
        "http://10.0.0.1/callback",
        "http://0.0.0.0/callback",
        "http://[::ffff:10.0.0.1]/callback",
    ] {
        let payment = paid(&sandbox, url).await;
        assert_eq!((payment.notification, payment.attempts.len()), (NotificationState::Stopped, 1), "{url}");
        assert_eq!(payment.attempts[0].http_status, None, "{url}");
        assert!(payment.attempts[0].text.contains("this machine only"), "{url}");
    }
}

#[tokio::test]
async fn a_link_without_callback_is_paid_and_nobody_is_told() {
    let sandbox = hasty().await;
    let id = created(&sandbox, &product()).await;
    let payment = sandbox.pay(&id, Pay::default()).unwrap();
    assert_eq!((payment.notification, payment.fields.len()), (NotificationState::None, 0));
    assert!(!sandbox.notify_again(&payment.merchant_oid));
    assert_eq!(sandbox.link(&id).unwrap().state(0), LinkState::Paid);
}

#[tokio::test]
async fn a_product_link_is_sold_out_after_max_count_payments() {
    let sandbox = hasty().await;
    let id = created(&sandbox, &with(product(), &[("max_count", "2")])).await;
    let state = || sandbox.link(&id).unwrap().state(0);
    sandbox.pay(&id, Pay::default()).unwrap();
    assert_eq!(state(), LinkState::Paid);
    sandbox.pay(&id, Pay::default()).unwrap();
    assert_eq!(state(), LinkState::SoldOut);
    assert_eq!(sandbox.pay(&id, Pay::default()).unwrap_err(), PayError::Inactive(LinkState::SoldOut));
    sandbox.pay(&id, Pay { even_if_inactive: true, ..Pay::default() }).unwrap();
    assert_eq!(sandbox.link(&id).unwrap().payments.len(), 3);
    let reply = post(&sandbox, SMS, URLENCODED, sms(&id)).await;
    assert_eq!(reply.text(), r#"{"status":"error","reason":"Link aktif degil: stok adedi tukenmis"}"#);
}

#[tokio::test]
async fn what_is_paid_and_told_is_the_price_times_the_pieces() {
    let (sandbox, receiver) = (hasty().await, Receiver::start(&[OK]).await);
    for (min_count, quantity, installments, pieces, amount, total) in [
        ("1", None, None, 1, 1001, 1001),
        ("1", Some(4), None, 4, 4004, 4004),
        ("3", None, None, 3, 3003, 3003),
        ("3", Some(3), None, 3, 3003, 3003),
        ("3", Some(7), Some(2), 7, 7007, 7218),
    ] {
        let form = with(product(), &[("price", "1001"), ("min_count", min_count)]);
        let id = link(&sandbox, &receiver.url, form).await;
        let payment = sandbox.pay(&id, Pay { quantity, installments, ..Pay::default() }).unwrap();
        let case = format!("{quantity:?} of at least {min_count}");
        let paid = (payment.quantity, payment.payment_amount, payment.total_amount);
        assert_eq!(paid, (Some(pieces), amount, total), "{case}");
        sandbox.notified(&payment.merchant_oid).await.unwrap();
        let told = receiver.notifications().remove(0);
        for expected in [("payment_amount", amount), ("total_amount", total)] {
            assert!(told.contains(&(expected.0.to_owned(), expected.1.to_string())), "{case}: {told:?}");
        }
    }
}

#[tokio::test]
async fn a_product_link_is_sold_out_when_fewer_pieces_are_left_than_are_sold_at_once() {
    let sandbox = hasty().await;
    for (min_count, max_count, purchases) in [
        ("1", "3", &[(2, Some(1), LinkState::Paid), (1, Some(0), LinkState::SoldOut)][..]),
        ("1", "3", &[(3, Some(0), LinkState::SoldOut)]),
        ("2", "4", &[(2, Some(2), LinkState::Paid), (2, Some(0), LinkState::SoldOut)]),
        ("2", "5", &[(2, Some(3), LinkState::Paid), (2, Some(1), LinkState::SoldOut)]),
        ("2", "", &[(500, None, LinkState::Paid), (2, None, LinkState::Paid)]),
    ] {
        let form = with(product(), &[("min_count", min_count), ("max_count", max_count)]);
        let id = created(&sandbox, &form).await;
        for (quantity, left, state) in purchases {
            let case = format!("{quantity} of {min_count} to {max_count:?}");
            sandbox.pay(&id, Pay { quantity: Some(*quantity), ..Pay::default() }).unwrap();
            let link = sandbox.link(&id).unwrap();
            assert_eq!((link.left(), link.state(0)), (*left, *state), "{case}");
        }
    }
}

#[tokio::test]
async fn a_quantity_that_is_not_for_sale_is_refused_unless_it_is_forced() {
    let sandbox = hasty().await;
    let pieces = || with(product(), &[("min_count", "3"), ("max_count", "8")]);
    let pay = |quantity, amount, even_if_inactive| Pay {
        quantity: Some(quantity),
        amount,
        even_if_inactive,
        ..Pay::default()
    };
    for (form, pay, expected) in [
        (pieces(), pay(2, None, false), Err(PayError::TooFew)),
        (pieces(), pay(2, None, true), Err(PayError::TooFew)),
        (pieces(), pay(2, Some(5), false), Ok((Some(2), 5))),
        (pieces(), pay(0, None, false), Err(PayError::TooFew)),
        (pieces(), pay(0, Some(5), true), Err(PayError::TooFew)),
        (pieces(), pay(8, None, false), Ok((Some(8), 8 * 158_000))),
        (pieces(), pay(9, None, false), Err(PayError::TooMany)),
        (pieces(), pay(9, Some(5), false), Err(PayError::TooMany)),
        (pieces(), pay(9, None, true), Ok((Some(9), 9 * 158_000))),
        (pieces(), Pay { amount: Some(5), ..Pay::default() }, Ok((Some(3), 5))),
        (collection(), pay(1, Some(5), true), Err(PayError::NoQuantity)),
        (flex(), pay(1, None, false), Err(PayError::NoQuantity)),
        (flex(), Pay::default(), Ok((None, 158_000))),
    ] {
        let id = created(&sandbox, &form).await;
        let paid = sandbox.pay(&id, pay.clone()).map(|payment| (payment.quantity, payment.payment_amount));
        assert_eq!(paid, expected, "{pay:?}");
        let sold = expected.ok().and_then(|(quantity, _)| quantity).unwrap_or(0);
        assert_eq!(sandbox.link(&id).unwrap().sold(), sold, "{pay:?}");
    }
}

#[tokio::test]
async fn programs_pay_for_a_quantity_by_json() {
    let sandbox = hasty().await;
    let id = created(&sandbox, &with(product(), &[("min_count", "2"), ("max_count", "5")])).await;
    let pay = format!("/sandbox/links/{id}/pay");
    for (body, status, paid) in [
        (r#"{"quantity": 1}"#, 400, json!([null, null])),
        (r#"{"quantity": 6}"#, 409, json!([null, null])),
        (r#"{"quantity": 2.5}"#, 422, json!([null, null])),
        (r#"{"quantity": -1}"#, 422, json!([null, null])),
        (r#"{"quantity": 3}"#, 201, json!([3, 474_000])),
        (r#"{"quantity": 3}"#, 409, json!([null, null])),
        ("{}", 201, json!([2, 316_000])),
        ("{}", 409, json!([null, null])),
    ] {
        let (answered, answer) = post_json(&sandbox, &pay, body).await;
        assert_eq!(answered, status, "{body}: {answer}");
        assert_eq!(json!([answer["quantity"], answer["payment_amount"]]), paid, "{body}");
    }
    let link = json(&sandbox, &format!("/sandbox/links/{id}")).await;
    assert_eq!(json!([link["state"], link["sold"], link["left"]]), json!(["sold_out", 5, 0]));
}

#[tokio::test]
async fn instalments_cost_interest_and_those_of_pft_do_not() {
    let sandbox = hasty().await;
    let id = created(&sandbox, &with(product(), &[("pft", "3"), ("price", "1001")])).await;
    for (installments, total) in [(1, 1001), (2, 1001), (3, 1001), (4, 1062), (12, 1182)] {
        let payment = sandbox.pay(&id, Pay { installments: Some(installments), ..Pay::default() }).unwrap();
        assert_eq!((payment.payment_amount, payment.total_amount), (1001, total), "{installments}");
    }
    for installments in [0, 13] {
        let pay = Pay { installments: Some(installments), ..Pay::default() };
        assert_eq!(sandbox.pay(&id, pay).unwrap_err(), PayError::Installments);
    }
}

#[tokio::test]
async fn everything_about_a_payment_can_be_otherwise() {
    let (sandbox, receiver) = (hasty().await, Receiver::start(&[OK]).await);
    let id = link(&sandbox, &receiver.url, collection()).await;
    let pay = Pay {
        amount: Some(5),
        total_amount: Some(7),
        currency: Some("USD".into()),
        test_mode: true,
        merchant_id: Some("654321".into()),
        status: Some("failed".into()),
        merchant_oid: Some("OID-77".into()),
        leave_out: vec!["payment_type".into()],
        ..Pay::default()
    };
    sandbox.pay(&id, pay.clone()).unwrap();
    sandbox.notified("OID-77").await.unwrap();
    assert_eq!(sandbox.pay(&id, pay).unwrap_err(), PayError::MerchantOidTaken);
    let hash = token(KEY, &["9f86d081884c7d65", "OID-77", SALT, "failed", "7"]);
    let expected = [
        ("hash", hash.as_str()),
        ("callback_id", "9f86d081884c7d65"),
        ("merchant_oid", "OID-77"),
        ("status", "failed"),
        ("total_amount", "7"),
        ("payment_amount", "5"),
        ("currency", "USD"),
        ("merchant_id", "654321"),
        ("test_mode", "1"),
    ];
    assert_eq!(receiver.notifications(), [expected.map(|(name, value)| (name.to_owned(), value.to_owned()))]);
}

#[tokio::test]
async fn a_notification_can_be_signed_without_any_payment() {
    let plain = Notification::new(&merchant(), "ORDER123", "LNK0123456789", 3456);
    let form = Notification { currency: None, ..plain }.form(&merchant());
    assert!(form.starts_with("hash=LcIa9uEehH3fsSPWxbA1LLX5RkaUMwofjvqXZbW14d4%3D&callback_id=ORDER123&"), "{form}");
    assert!(form.contains("&total_amount=3456&") && !form.contains("currency"));
}

#[tokio::test]
async fn programs_pay_by_json_and_see_the_payment() {
    let (sandbox, receiver) = (hasty().await, Receiver::start(&[OK]).await);
    let id = link(&sandbox, &receiver.url, with(product(), &[("max_count", "1")])).await;
    let pay = format!("/sandbox/links/{id}/pay");
    let (status, payment) = post_json(&sandbox, &pay, r#"{"amount": 100, "installments": 3}"#).await;
    assert_eq!((status, &payment["payment_amount"], &payment["total_amount"]), (201, &100.into(), &105.into()));
    let oid = payment["merchant_oid"].as_str().unwrap();
    sandbox.notified(oid).await.unwrap();
    let (status, _) = post_json(&sandbox, &format!("/sandbox/payments/{oid}/notify"), "{}").await;
    assert_eq!(status, 202);
    sandbox.notified(oid).await.unwrap();
    let link = json(&sandbox, &format!("/sandbox/links/{id}")).await;
    assert_eq!((&link["state"], &link["payments"][0]["in_panel"]), (&"sold_out".into(), &"Başarılı".into()));
    assert_eq!(link["payments"][0]["attempts"].as_array().unwrap().len(), 2);
    let hash = Notification::new(&merchant(), "9f86d081884c7d65", oid, 105).hash(&merchant());
    assert!(!link.to_string().contains(&hash));
    assert_eq!(json(&sandbox, "/sandbox/links").await, json!({"total": 1, "links": [link]}));

    for (path, body, status) in [
        (pay.as_str(), "{}", 409),
        (&pay, r#"{"amount": 14.45}"#, 422),
        (&pay, r#"{"amont": 1445}"#, 422),
        (&pay, "amount=1", 400),
        (&pay, r#"{"even_if_inactive": true, "installments": 13}"#, 400),
        ("/sandbox/links/NB2Zlz3/pay", "{}", 404),
        ("/sandbox/payments/LNK404/notify", "{}", 404),
    ] {
        let (answered, answer) = post_json(&sandbox, path, body).await;
        assert_eq!(answered, status, "{path} {body}");
        assert!(answer["error"].is_string(), "{path} {body}");
    }
    assert_eq!(get(&sandbox, "/sandbox/links/NB2Zlz3").await.status(), 404);
}

#[tokio::test]
async fn a_page_of_another_origin_pays_nothing() {
    let sandbox = hasty().await;
    let id = created(&sandbox, &product()).await;
    // What a browser posts across origins without asking first.
    let pay = format!("POST /sandbox/links/{id}/pay");
    for (host, content_type) in
        [("localhost", "text/plain"), ("localhost", URLENCODED), ("evil.example", "application/json")]
    {
        let reply = exchange(&sandbox, &pay, host, &[("content-type", content_type)], b"{}").await;
        assert!(matches!(reply.status(), 403 | 415), "{host} {content_type}");
    }
    assert!(sandbox.link(&id).unwrap().payments.is_empty());
}

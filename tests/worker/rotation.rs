//! Secrets change while messages are on their way, as `docs/rotate.md` says.
//!
//! In scope: every step on one storage, with retries across the steps. Not in scope: how a signature finds its secret
//! (`tests/pure`).

use crate::support::data_directory::DataDirectory;
use crate::support::notice::SIGNED;
use crate::support::prelude::*;
use crate::support::token::hash_under;
use paytr_sandbox::Merchant;
use std::net::SocketAddr;

crate::tests![
    a_webhook_secret_is_rotated_without_a_failed_request,
    a_new_salt_keeps_the_ledger_and_with_it_what_paytr_rejected_meanwhile,
    a_new_merchant_key_forgets_what_was_sent_under_the_old_one,
    links_of_before_are_paid_under_a_new_key_and_salt_and_notifications_under_the_old_ones_are_refused,
];

const SERVICE: &str = "rotation";

async fn a_webhook_secret_is_rotated_without_a_failed_request(suite: Arc<Suite>) {
    let (old, new) = (&secrets::outgoing(), &secrets::current());
    let data = DataDirectory::new();
    let relay = |webhook_secrets: &str| {
        let service = Service::new(SERVICE, &suite.sandbox.base_url()).text("WEBHOOK_SECRETS", webhook_secrets);
        Relay(Workerd::start(&data, &[service]))
    };
    let (before, during, moved, after) = (Sms::new(), Sms::new(), Sms::new(), Sms::new());

    let only_old = relay(old);
    only_old.assert_first(&before, &[old]).await;
    assert_eq!(only_old.end(), [1]);

    let both = relay(&format!("{new} {old}"));
    both.assert_replayed(&before, &[old]).await;
    both.assert_first(&during, &[old]).await;
    // One shop has moved, another signs with both, as Standard Webhooks says for the time between.
    both.assert_first(&moved, &[new]).await;
    both.assert_replayed(&during, &[old, new]).await;
    both.assert_replayed(&moved, &[old]).await;
    assert_eq!(both.end(), [2, 2, 1, 1, 2]);

    let all_have_moved = relay(&format!("{new} {old}"));
    for sms in [&before, &during, &moved] {
        all_have_moved.assert_replayed(sms, &[new]).await;
    }
    assert_eq!(all_have_moved.end(), [1, 1, 1]);

    let only_new = relay(new);
    for sms in [&before, &during, &moved] {
        only_new.assert_replayed(sms, &[new]).await;
    }
    only_new.assert_first(&after, &[new]).await;
    only_new.assert_replayed(&after, &[old, new]).await;
    let late = Sms::new();
    for sms in [&before, &late] {
        only_new.post(sms, &[old]).await.assert_problem(401, "invalid-signature", "the old secret");
    }
    assert_eq!(only_new.end(), [1, 1, 1, 1, 1]);

    for sms in [&before, &during, &moved, &after] {
        suite.only_call(&sms.link_id);
    }
    suite.assert_nothing_sent(&late.link_id, "the old secret");
}

async fn a_new_salt_keeps_the_ledger_and_with_it_what_paytr_rejected_meanwhile(suite: Arc<Suite>) {
    let new_salt = "a_new_salt_of_16";
    let paytr = paytr(Merchant { merchant_salt: new_salt.to_owned(), ..secrets::merchant() }).await;
    let data = DataDirectory::new();
    let secret = secrets::current();
    let (sent, rejected) = (Sms::new(), Sms::new());

    let relay = Relay(Workerd::start(&data, &[Service::new(SERVICE, &suite.sandbox.base_url())]));
    relay.assert_first(&sent, &[&secret]).await;
    relay.end();

    // PayTR has the new salt, the relay does not.
    let relay = Relay(Workerd::start(&data, &[Service::new(SERVICE, &paytr.base_url())]));
    relay.post(&rejected, &[&secret]).await.assert_problem(422, "paytr-rejected", "the old salt");
    relay.end();

    let service = Service::new(SERVICE, &paytr.base_url()).text("PAYTR_MERCHANT_SALT", new_salt);
    let relay = Relay(Workerd::start(&data, &[service]));
    relay.assert_replayed(&sent, &[&secret]).await;
    relay.post(&rejected, &[&secret]).await.assert_problem(422, "paytr-rejected", "what is recorded stays");
    let again = Sms { signed: Signed { id: people::webhook_id(), ..rejected.signed }, ..rejected };
    relay.assert_first(&again, &[&secret]).await;
    relay.end();
}

async fn a_new_merchant_key_forgets_what_was_sent_under_the_old_one(suite: Arc<Suite>) {
    let new_key = "a_new_key_of_16_";
    let paytr = paytr(Merchant { merchant_key: new_key.to_owned(), ..secrets::merchant() }).await;
    let data = DataDirectory::new();
    let secret = secrets::current();
    let sms = Sms::new();

    let relay = Relay(Workerd::start(&data, &[Service::new(SERVICE, &suite.sandbox.base_url())]));
    relay.assert_first(&sms, &[&secret]).await;
    relay.end();

    let service = Service::new(SERVICE, &paytr.base_url()).text("PAYTR_MERCHANT_KEY", new_key);
    let relay = Relay(Workerd::start(&data, &[service]));
    relay.assert_first(&sms, &[&secret]).await;
    relay.assert_replayed(&sms, &[&secret]).await;
    relay.end();
    assert_eq!((suite.sandbox.received_for(&sms.link_id).len(), paytr.received_for(&sms.link_id).len()), (1, 1));
}

async fn links_of_before_are_paid_under_a_new_key_and_salt_and_notifications_under_the_old_ones_are_refused(
    suite: Arc<Suite>,
) {
    let (new_key, new_salt) = ("a_new_key_of_16_", "a_new_salt_of_16");
    let data = DataDirectory::new();
    let service = Service::with_events(SERVICE, &suite.sandbox.base_url(), &suite.shop.events_url());
    let workerd = Workerd::start(&data, std::slice::from_ref(&service));
    let terms = product();
    let [paid, open, other] = [(); 3].map(|()| workerd.link(SERVICE, &terms));
    let (paid, open, other) = tokio::join!(paid, open, other);
    let old = |link: &Link| Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    workerd.callback(SERVICE, &old(&paid)).await.unwrap().assert_ok("before");
    let told = suite.shop.wait_for(&paid.callback_id, 1).await.remove(0);
    let is_recorded = || workerd.lines().iter().any(|line| line["event_id"] == told.header("webhook-id"));
    wait_until("it is recorded", is_recorded).await;
    workerd.kill();

    let changed = service.text("PAYTR_MERCHANT_KEY", new_key).text("PAYTR_MERCHANT_SALT", new_salt);
    let new = |link: &Link| {
        let notice = old(link);
        let [callback_id, merchant_oid, status, total_amount] = SIGNED.map(|name| notice.field(name));
        let hash = hash_under(new_key, format!("{callback_id}{merchant_oid}{new_salt}{status}{total_amount}"));
        notice.clone().with("hash", &hash)
    };
    let workerd = Workerd::start(&data, std::slice::from_ref(&changed));
    let refused = workerd.callback(SERVICE, &old(&open)).await.unwrap();
    refused.assert_failed(400, "bad hash", "signed with what PayTR had before");
    workerd.callback(SERVICE, &new(&open)).await.unwrap().assert_ok("after");
    let event = suite.shop.wait_for(&open.callback_id, 1).await.remove(0).json();
    assert_eq!((&event["type"], &event["data"]["reference"]), (&json!("link.paid"), &json!(open.reference)));
    // An event of before is sent again as it was.
    let replay = workerd.post(SERVICE, &about("event.replay", &paid.callback_id)).await;
    replay.assert_body(&json!({"outcome": "replayed", "events": 1}));
    let again = suite.shop.wait_for(&paid.callback_id, 2).await.remove(1);
    assert_eq!((again.header("webhook-id"), &again.body), (told.header("webhook-id"), &told.body));
    workerd.kill();

    // Another shop's number with them makes of every payment that of another merchant.
    let workerd = Workerd::start(&data, &[changed.text("PAYTR_MERCHANT_ID", "7654321")]);
    workerd.callback(SERVICE, &new(&other)).await.unwrap().assert_ok("another merchant");
    let event = suite.shop.wait_for(&other.callback_id, 1).await.remove(0).json();
    assert_eq!(event["data"]["reasons"], json!(["other_merchant"]));
}

/// PayTR after the merchant's key or salt was changed there.
async fn paytr(merchant: Merchant) -> Sandbox {
    Sandbox::start(merchant, SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

struct Relay(Workerd);

impl Relay {
    async fn assert_first(&self, sms: &Sms, secrets: &[&String]) {
        self.assert_sent(sms, secrets, false).await;
    }

    async fn assert_replayed(&self, sms: &Sms, secrets: &[&String]) {
        self.assert_sent(sms, secrets, true).await;
    }

    async fn assert_sent(&self, sms: &Sms, secrets: &[&String], is_replay: bool) {
        let answer = self.post(sms, secrets).await;
        answer.assert_sent(&sms.signed.id, &sms.link_id);
        assert_eq!(answer.is_replay(), is_replay, "{}", sms.link_id);
    }

    /// Signed now with each of these secrets.
    async fn post(&self, sms: &Sms, secrets: &[&String]) -> Answer {
        let sign = |secret: &&String| Signed::with(secret, &sms.signed.id, now(), sms.signed.body.clone());
        let signatures: Vec<String> = secrets.iter().map(|secret| sign(secret).signature).collect();
        self.0.post(SERVICE, &Signed { signature: signatures.join(" "), ..sign(&secrets[0]) }).await
    }

    /// Ends it, and tells which of its secrets, counted from 1, each message was signed with that it took.
    fn end(self) -> Vec<u64> {
        self.0.kill();
        self.0.lines().iter().filter_map(|line| line["secret"].as_u64()).collect()
    }
}

//! workerd is killed around notices of payments and deliveries of events, again and again, with a shop that fails half of
//! the time: every payment that was answered `OK` reaches the shop, under one webhook-id for good.
//!
//! In scope: SIGKILL at a random moment, and a restart on the same storage some seconds older. Not in scope: a loss of
//! power, after which only the disk can say what was durable.

use crate::support::client::{client, request};
use crate::support::prelude::*;
use tokio::time::Instant;

crate::tests![every_payment_that_was_answered_ok_reaches_the_shop_however_workerd_is_killed];

/// Kills come at any time within this, which is longer than the last notice and its event take.
const LATEST_KILL: Duration = Duration::from_millis(70);
/// From one notice to the next.
const STEP: Duration = Duration::from_millis(10);
/// How often PayTR tells of one payment at once.
const COPIES: usize = 2;
/// How much older the storage is after a kill: a second try is due then.
const PAUSE_DAYS: f64 = 7.0 / 86_400.0;
/// So long the shop gets what is due in the end.
const PATIENCE: Duration = Duration::from_mins(1);
const SERVICE: &str = "crash-events";

struct Paid {
    link: Link,
    notice: Notice,
    /// Whether PayTR has its `OK`.
    is_ok: bool,
    is_to_be_deleted: bool,
}

struct Crashes {
    sandbox: Sandbox,
    shop: Shop,
    aging: Aging,
}

async fn every_payment_that_was_answered_ok_reaches_the_shop_however_workerd_is_killed(_: Arc<Suite>) {
    let rounds = crash::rounds();
    let sandbox = Sandbox::start(secrets::merchant(), ([127, 0, 0, 1], 0).into()).await.unwrap();
    let shop = Shop::answering(half_of_the_time).await;
    let aging = Aging::new(Service::with_events(SERVICE, &sandbox.base_url(), &shop.events_url()));
    let crashes = Crashes { sandbox, shop, aging };
    let (mut paid, mut output) = (Vec::new(), String::new());
    let (mut tally, mut checked) = (BTreeMap::<&str, usize>::new(), 0);
    for _ in 0..rounds {
        let workerd = crashes.aging.start();
        // PayTR comes again with what it has no answer to, while events of before are due.
        crashes.tell(&workerd, &mut paid, None).await;
        assert!(paid.iter().all(|paid| paid.is_ok), "a notice is refused");
        let mut new = crashes.links(&workerd).await;
        crashes.tell(&workerd, &mut new, Some(crash::any_moment(LATEST_KILL))).await;
        output.push_str(&workerd.output());
        crashes.assert_signed(&mut checked);
        for paid in &new {
            let is_told = !crashes.shop.events(&paid.link.callback_id).is_empty();
            *tally.entry(stage(paid.is_ok, is_told)).or_default() += 1;
        }
        paid.extend(new);
        crashes.aging.age(PAUSE_DAYS);
    }
    output.push_str(&crashes.settle(&mut paid).await);
    crashes.assert_signed(&mut checked);
    crashes.judge(&paid, &mut tally);
    assert_eq!(Leaks::of(&crashes.sandbox).found_in(output.as_bytes()), BTreeSet::from([WEBHOOK_ID]), "in the log");
    eprintln!("crash of payments and events: {rounds} rounds, {} payments, {tally:?}", paid.len());
    if rounds >= crash::MANY_ROUNDS {
        assert!(tally.values().all(|count| *count > 0) && tally.len() == 6, "the kills missed a moment: {tally:?}");
    }
}

/// What was known of a payment when workerd was killed.
fn stage(is_ok: bool, is_told: bool) -> &'static str {
    match (is_ok, is_told) {
        (false, false) => "killed before OK",
        (false, true) => "killed before OK, the shop told",
        (true, false) => "killed between OK and the shop",
        (true, true) => "killed after both",
    }
}

fn half_of_the_time() -> Reply {
    match crash::random() % 6 {
        0 | 1 => Reply::Status(200),
        2 => Reply::Slow(Duration::from_millis(30)),
        3 => Reply::Status(500),
        4 => Reply::Status(503),
        _ => Reply::Close,
    }
}

impl Crashes {
    /// A link of each kind, each with payments that nobody has been told of.
    async fn links(&self, workerd: &Workerd) -> Vec<Paid> {
        let reusable = and(flex(), &json!({"reusable": true}));
        let mut paid = Vec::new();
        for (kind, payments, is_to_be_deleted) in [(product(), 1, false), (collection(), 1, true), (reusable, 3, false)]
        {
            let link = workerd.link(SERVICE, &kind).await;
            paid.extend((0..payments).map(|_| {
                let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
                Paid { link: link.clone(), notice, is_ok: false, is_to_be_deleted }
            }));
        }
        paid
    }

    /// Tells of all payments that PayTR has no `OK` for, one soon after the other, and kills workerd after a while or not
    /// at all.
    async fn tell(&self, workerd: &Workerd, paid: &mut [Paid], kill_after: Option<Duration>) {
        let url = workerd.url(SERVICE);
        let mut notices = JoinSet::new();
        for (number, paid) in paid.iter().enumerate().filter(|(_, paid)| !paid.is_ok) {
            for _ in 0..COPIES {
                let (url, form) = (url.clone(), paid.notice.form());
                let delay = kill_after.map_or(Duration::ZERO, |_| STEP * u32::try_from(number).unwrap());
                notices.spawn(async move {
                    sleep(delay).await;
                    let answer = request(&client(), &url, "POST", "/callback", &[], form).await;
                    answer.ok().map(|answer| {
                        answer.assert_ok("a payment");
                        number
                    })
                });
            }
        }
        if let Some(kill_after) = kill_after {
            sleep(kill_after).await;
            workerd.kill();
        }
        for number in notices.join_all().await.into_iter().flatten() {
            paid[number].is_ok = true;
        }
    }

    /// PayTR has its last `OK`, the shop is well, and days go by.
    async fn settle(&self, paid: &mut [Paid]) -> String {
        let workerd = self.aging.start();
        self.tell(&workerd, paid, None).await;
        workerd.kill();
        self.shop.answer(|| Reply::Status(200));
        self.aging.age(LONGEST_GAP_DAYS);
        let workerd = self.aging.start();
        let deadline = Instant::now() + PATIENCE;
        while !self.all_told(paid) && Instant::now() < deadline {
            sleep(Duration::from_millis(50)).await;
        }
        for paid in paid.iter() {
            let record = workerd.record(SERVICE, &paid.link).await;
            let payments = record["payments"].as_array().unwrap();
            let oid = paid.notice.field("merchant_oid");
            let payment = payments.iter().find(|payment| payment["merchant_oid"] == oid).expect("a payment is lost");
            assert_eq!((&payment["type"], &payment["event"]["state"]), (&json!("link.paid"), &json!("delivered")));
            assert_eq!(payment["event"]["webhook_id"], self.webhook_ids(oid).into_iter().next().unwrap());
        }
        workerd.kill();
        workerd.output()
    }

    fn all_told(&self, paid: &[Paid]) -> bool {
        let events = self.shop.all();
        let told: BTreeSet<String> = events.iter().filter(|event| event.taken).map(Event::merchant_oid).collect();
        let is_deleted = |paid: &Paid| self.sandbox.link(&paid.link.id).unwrap().state(0) == LinkState::Deleted;
        paid.iter()
            .all(|paid| told.contains(paid.notice.field("merchant_oid")) && is_deleted(paid) == paid.is_to_be_deleted)
    }

    fn webhook_ids(&self, merchant_oid: &str) -> BTreeSet<String> {
        let events = self.shop.all().into_iter().filter(|event| event.merchant_oid() == merchant_oid);
        events.map(|event| event.header("webhook-id").to_owned()).collect()
    }

    /// Checks the events since the last time: a signature is good for five minutes.
    fn assert_signed(&self, checked: &mut usize) {
        let events = self.shop.all();
        assert!(events[*checked..].iter().all(|event| event.is_signed_by(&secrets::events())), "a bad signature");
        *checked = events.len();
    }

    fn judge(&self, paid: &[Paid], tally: &mut BTreeMap<&'static str, usize>) {
        assert!(self.all_told(paid), "the shop was not told of a payment, or a link was not deleted");
        let events = self.shop.all();
        let mut by_id = BTreeMap::<String, Vec<&Event>>::new();
        for event in &events {
            by_id.entry(event.header("webhook-id").to_owned()).or_default().push(event);
        }
        // As many ids as payments, and each of one payment, whose event is the same each time.
        assert_eq!(by_id.len(), paid.len());
        for told in by_id.values() {
            assert!(told.iter().all(|event| event.body == told[0].body), "an event changed");
        }
        let oids: BTreeSet<String> = events.iter().map(Event::merchant_oid).collect();
        assert_eq!(oids, paid.iter().map(|paid| paid.notice.field("merchant_oid").to_owned()).collect());
        let taken = |told: &[&Event]| told.iter().filter(|event| event.taken).count();
        tally.insert("events tried", events.len());
        tally.insert("taken more than once", by_id.values().filter(|told| taken(told) > 1).count());
    }
}

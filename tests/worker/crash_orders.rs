//! workerd is killed around deliveries of a shop, the messages that follow from them, and what is written back: every order
//! that was answered 200 gets one link that can be paid, nobody is written to twice about a link, and the shop sees each
//! link once. Where kills cut off three creates in a row, or a deletion that PayTR had made, so that it refuses to make it again,
//! there is no link, and a person was told.
//!
//! In scope: SIGKILL at a random moment, and a restart on the same storage some time older. Not in scope: a loss of power.

use crate::support::prelude::*;
use crate::support::storefront::{Store, shopify};
use paytr_sandbox::Link;
use tokio::time::Instant;

crate::tests![
    every_order_that_was_answered_200_gets_its_link_and_nobody_is_written_to_twice,
    so_does_every_order_of_shopify,
];

/// Kills come at any time within this, which is longer than an order takes from its delivery to its note.
const LATEST_KILL: Duration = Duration::from_millis(600);
/// From one delivery to the next.
const STEP: Duration = Duration::from_millis(15);
/// Orders of a round: one stays, one changes its amount, one is cancelled.
const FATES: [Fate; 3] = [Fate::Stays, Fate::CostsMore, Fate::IsCancelled];
/// How much older the storage is after a kill: what waits a minute is due then.
const PAUSE_DAYS: f64 = 65.0 / 86_400.0;
/// Longer than any two tries are apart.
const LONGEST_GAP_DAYS: f64 = 1.21;
/// Longer than any two tries of a deletion are apart.
const DELETION_GAP_DAYS: f64 = 2.1 / 24.0;
/// Settling: the first, and once more for each try of a deletion that then waits.
const SETTLINGS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(40);
/// So long a round waits for what the one before left; a deletion that was cut off twice waits longer than that.
const BETWEEN: Duration = Duration::from_secs(3);
const SERVICE: &str = "crash-orders";
const PRICE: u64 = 158_000;
const NEW_PRICE: u64 = 316_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    CostsMore,
    IsCancelled,
}

struct Told {
    placed: Placed,
    fate: Fate,
    /// Whether a delivery of the order as it was at first was answered 200.
    is_stored: bool,
}

struct Crashes<Shop> {
    sandbox: Sandbox,
    shop: Shop,
    aging: Aging,
}

async fn every_order_that_was_answered_200_gets_its_link_and_nobody_is_written_to_twice(_: Arc<Suite>) {
    kill_around_orders(woocommerce().await, "woocommerce").await;
}

async fn so_does_every_order_of_shopify(_: Arc<Suite>) {
    kill_around_orders(shopify().await, "shopify").await;
}

async fn kill_around_orders(shop: impl Store, platform: &str) {
    let rounds = crash::rounds();
    let sandbox = Sandbox::start(secrets::merchant(), ([127, 0, 0, 1], 0).into()).await.unwrap();
    let events = Shop::start().await;
    let storefronts = json!([shop.setting()]);
    let service = Service::with_events(SERVICE, &sandbox.base_url(), &events.events_url())
        .text("STOREFRONTS", &storefronts.to_string());
    let crashes = Crashes { sandbox, shop, aging: Aging::new(service) };
    let (mut told, mut output, mut tally) = (Vec::new(), String::new(), BTreeMap::<&str, usize>::new());
    for round in 0..rounds {
        let workerd = crashes.aging.start();
        // So that few orders meet three kills: after three unknown creates in a row a person is told, and it has no link.
        if round % 2 == 1 {
            crashes.wait_for(&workerd, &told, BETWEEN).await;
        }
        let new = crashes.round(&workerd).await;
        output.push_str(&workerd.output());
        for told in &new {
            *tally.entry(crashes.stage(told)).or_default() += 1;
        }
        told.extend(new);
        crashes.aging.age(PAUSE_DAYS);
    }
    output.push_str(&crashes.settle(&told).await);
    crashes.judge(&told, &mut tally);
    assert_eq!(Leaks::of(&crashes.sandbox).found_in(output.as_bytes()), BTreeSet::new(), "in the log");
    eprintln!("crash of orders of {platform}: {rounds} rounds, {} orders, {tally:?}", told.len());
    if rounds >= crash::MANY_ROUNDS {
        let later = ["killed between 200 and the link", "killed between link and note", "killed after the note"];
        for stage in later.into_iter().chain(["killed before 200"]) {
            assert!(tally.contains_key(stage), "the kills missed a moment: {tally:?}");
        }
    }
}

impl<Shop: Store> Crashes<Shop> {
    /// Tells of new orders, twice each and in both topics, changes some of them, and kills workerd.
    async fn round(&self, workerd: &Workerd) -> Vec<Told> {
        let url = format!("http://{}", workerd.address(SERVICE));
        let mut told: Vec<Told> =
            FATES.into_iter().map(|fate| Told { placed: Placed::new(&self.shop), fate, is_stored: false }).collect();
        let mut deliveries = JoinSet::new();
        for (number, one) in told.iter().enumerate() {
            let delay = STEP * u32::try_from(number).unwrap();
            for delivery in self.shop.first_deliveries(one.placed.id) {
                let url = url.clone();
                deliveries.spawn(async move {
                    sleep(delay).await;
                    deliver(&url, "shop", &delivery).await.map(|answer| (number, answer))
                });
            }
            match one.fate {
                Fate::Stays => continue,
                Fate::CostsMore => self.shop.set_cost(one.placed.id, "3160.00"),
                Fate::IsCancelled => self.shop.cancel_order(one.placed.id),
            }
            let (url, delivery) = (url.clone(), self.shop.next_delivery(one.placed.id));
            let later = delay + crash::any_moment(LATEST_KILL);
            deliveries.spawn(async move {
                sleep(later).await;
                deliver(&url, "shop", &delivery).await;
                None
            });
        }
        sleep(crash::any_moment(LATEST_KILL)).await;
        workerd.kill();
        for (number, answer) in deliveries.join_all().await.into_iter().flatten() {
            assert_eq!(answer.status, 200, "{}", answer.text());
            told[number].is_stored = true;
        }
        told
    }

    /// What was seen of an order when workerd was killed.
    fn stage(&self, told: &Told) -> &'static str {
        let (link, note) = (!told.placed.links(&self.sandbox).is_empty(), !told.placed.notes(&self.shop).is_empty());
        match (told.is_stored, link, note) {
            (false, false, _) => "killed before 200",
            (false, true, _) => "killed before 200, with a link",
            (true, false, _) => "killed between 200 and the link",
            (true, true, false) => "killed between link and note",
            (true, true, true) => "killed after the note",
        }
    }

    /// The shop's staff saves every order once more, time goes by, so that all that waits is due.
    async fn settle(&self, told: &[Told]) -> String {
        let mut output = String::new();
        for settling in 0..SETTLINGS {
            self.aging.age(if settling == 0 { LONGEST_GAP_DAYS } else { DELETION_GAP_DAYS });
            let workerd = self.aging.start();
            let patience = if settling + 1 == SETTLINGS { PATIENCE } else { Duration::from_secs(5) };
            self.wait_for(&workerd, told, patience).await;
            workerd.kill();
            output.push_str(&workerd.output());
        }
        output
    }

    /// The shop saves those orders once more whose news may be lost, and the relay has its time.
    async fn wait_for(&self, workerd: &Workerd, told: &[Told], patience: Duration) {
        let url = format!("http://{}", workerd.address(SERVICE));
        let is_lost = |one: &&Told| !self.is_settled(one) && (one.fate != Fate::Stays || !one.is_stored);
        for one in told.iter().filter(is_lost) {
            let delivery = self.shop.next_delivery(one.placed.id);
            let answer = deliver(&url, "shop", &delivery).await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        let deadline = Instant::now() + patience;
        while !told.iter().all(|one| self.is_settled(one)) && Instant::now() < deadline {
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Links that somebody was told of, by a message or a note.
    fn known(&self, one: &Told) -> Vec<Link> {
        let notes = one.placed.notes(&self.shop);
        let is_known = |link: &Link| notes.iter().any(|note| note.contains(&link_path(link)));
        one.placed.links(&self.sandbox).into_iter().filter(is_known).collect()
    }

    fn is_settled(&self, one: &Told) -> bool {
        let open: Vec<_> = self.known(one).into_iter().filter(|link| link.state(0) == LinkState::Open).collect();
        let expected = match one.fate {
            Fate::IsCancelled => return open.is_empty() && self.none_is_closing(one),
            Fate::Stays => PRICE,
            Fate::CostsMore => NEW_PRICE,
        };
        open.len() == 1 && open[0].terms.price == expected
    }

    /// Of a cancelled order no link that anybody was sent is open.
    fn none_is_closing(&self, one: &Told) -> bool {
        let links = one.placed.links(&self.sandbox);
        links.iter().all(|link| link.state(0) == LinkState::Deleted || self.sends(&link.id) == [0, 0])
    }

    /// Whether a person was told, once, and no link that anybody knows is open.
    fn person_was_told(&self, one: &Told) -> bool {
        let tells =
            |note: &&String| note.contains("ödeme linki oluşturulamadı") || note.contains("ödeme linki silinemedi");
        let told = one.placed.notes(&self.shop).iter().filter(tells).count();
        told == 1 && self.known(one).iter().all(|link| link.state(0) != LinkState::Open)
    }

    /// How often it was sent by SMS and by e-mail.
    fn sends(&self, link_id: &str) -> [usize; 2] {
        let calls = self.sandbox.received_for(link_id);
        [Channel::Sms, Channel::Email].map(|channel| calls.iter().filter(|call| call.channel == channel).count())
    }

    fn judge(&self, told: &[Told], tally: &mut BTreeMap<&'static str, usize>) {
        let (mut unknown, mut given_up) = (0, 0);
        for one in told {
            let case = format!("{:?} {:?}", one.fate, one.placed.notes(&self.shop));
            let is_given_up = !self.is_settled(one) && self.person_was_told(one);
            given_up += usize::from(is_given_up);
            assert!(is_given_up || self.is_settled(one), "{case}: {:?}", one.placed.links(&self.sandbox));
            for link in one.placed.links(&self.sandbox) {
                let sends = self.sends(&link.id);
                assert!(sends.iter().all(|sends| *sends <= 1), "{case}: SMS and e-mail of {}: {sends:?}", link.id);
                let notes = one.placed.notes(&self.shop);
                let of_link = notes.iter().filter(|note| note.contains(&link_path(&link))).count();
                assert!(of_link <= 1, "{case}: {of_link} notes of {}", link.id);
                unknown += usize::from(of_link == 0 && link.state(0) == LinkState::Open);
            }
        }
        tally.insert("links that nobody knows, left open by a kill", unknown);
        tally.insert("orders without a link, of which a person was told", given_up);
        // One in twenty; of fewer than sixty orders no share can be told.
        assert!(given_up * 20 <= told.len().max(60), "{given_up} of {} orders have no link", told.len());
    }
}

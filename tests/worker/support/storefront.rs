//! Shops whose webhooks make links: what they are set to, their orders, and what became of these.

use super::aging::Aging;
use super::answer::Answer;
use super::client::{client, request};
use super::people;
use super::secrets::{
    API_KEY, NEW_SHOP_SECRET, SHOP_SECRET, SHOPIFY_APP, SHOPIFY_SECRET, STORED_SHOP_SECRET, VECTORS_SHOP_SECRET,
};
use super::seen::Counts;
use super::services::Service;
use super::suite::{Suite, wait_until};
use super::workerd::Workerd;
use paytr_sandbox::shopify::{Shopify, ShopifyBasket};
use paytr_sandbox::woocommerce::{Basket, HookDelivery, ShopOrder, ShopTrouble, Topic, WooCommerce};
use paytr_sandbox::{Channel, Link, LinkState, Pay, Payment, Received, Sandbox};
use serde_json::{Value, json};
use std::fmt::Debug;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::sleep;

/// Events are on, there are no limits, and every shop but [`Stores::alone`] is known.
pub const STOREFRONT: &str = "storefront";
/// Events are off, `EVENTS_SECRETS` is not set, one message in three seconds; knows [`Stores::alone`].
pub const STOREFRONT_ALONE: &str = "storefront-alone";
/// The window of its limit.
pub const ALONE_LIMIT_SECONDS: u64 = 3;

/// The storefronts that no shop stands behind, each with its secret as the setting has it.
const SIGNED: [(&str, &str); 2] = [("real", VECTORS_SHOP_SECRET), ("stored", STORED_SHOP_SECRET)];

/// What an order costs, in minor units, unless it is said otherwise.
pub const ORDER_PRICE: u64 = 158_000;

/// Shops, each with webhooks at the storefront of its name.
pub struct Stores {
    /// All defaults.
    pub shop: WooCommerce,
    /// Without `api_key`.
    pub keyless: WooCommerce,
    /// English, SMS alone, one hour.
    pub english: WooCommerce,
    /// All defaults, at [`STOREFRONT_ALONE`].
    pub alone: WooCommerce,
    /// A Shopify, in two storefronts: one with its app's secret, and one with a wrong one.
    pub shopify: Shopify,
}

/// A shop of either platform, as far as tests treat both alike.
pub trait Store: Send + Sync {
    /// A member of `STOREFRONTS` that writes back.
    fn setting(&self) -> Value;
    type Basket;
    fn basket(&self, somebody: &Placed) -> Self::Basket;
    fn place_order(&self, basket: Self::Basket) -> u64;
    /// The deliveries of an order that was just placed, to be posted by the caller.
    fn first_deliveries(&self, id: u64) -> [HookDelivery; 2];
    fn next_delivery(&self, id: u64) -> HookDelivery;
    fn set_cost(&self, id: u64, total: &str);
    fn cancel_order(&self, id: u64);
    /// The notes that the relay wrote, the oldest first.
    fn notes_of(&self, id: u64) -> Vec<String>;
}

impl Store for WooCommerce {
    fn setting(&self) -> Value {
        storefront("shop", &self.url(), &writes_back())
    }

    type Basket = Basket;

    fn basket(&self, Placed { number, phone, email, .. }: &Placed) -> Basket {
        let (number, phone, email) = (Some(number.clone()), phone.clone(), email.clone());
        Basket { number, phone, email, first_name: people::link_name(), ..Basket::default() }
    }

    fn place_order(&self, basket: Basket) -> u64 {
        self.place(basket)
    }

    fn first_deliveries(&self, id: u64) -> [HookDelivery; 2] {
        [Topic::Created, Topic::Updated].map(|topic| self.delivery(id, topic, SHOP_SECRET).unwrap())
    }

    fn next_delivery(&self, id: u64) -> HookDelivery {
        self.delivery(id, Topic::Updated, SHOP_SECRET).unwrap()
    }

    fn set_cost(&self, id: u64, total: &str) {
        self.edit_total(id, total);
    }

    fn cancel_order(&self, id: u64) {
        self.set_status(id, "cancelled");
    }

    fn notes_of(&self, id: u64) -> Vec<String> {
        self.notes(id).into_iter().filter(|note| note.author == "relay").map(|note| note.note).collect()
    }
}

impl Store for Shopify {
    fn setting(&self) -> Value {
        shopify_storefront("shop", &self.url(), SHOPIFY_APP)
    }

    type Basket = ShopifyBasket;

    fn basket(&self, Placed { number, phone, email, .. }: &Placed) -> ShopifyBasket {
        let (name, phone, email) = (Some(number.clone()), Some(phone.clone()), Some(email.clone()));
        ShopifyBasket { name, phone, email, first_name: people::link_name(), ..ShopifyBasket::default() }
    }

    fn place_order(&self, basket: ShopifyBasket) -> u64 {
        self.place(basket)
    }

    fn first_deliveries(&self, id: u64) -> [HookDelivery; 2] {
        ["orders/create", "orders/updated"].map(|topic| self.delivery(id, topic, SHOPIFY_SECRET).unwrap())
    }

    fn next_delivery(&self, id: u64) -> HookDelivery {
        self.delivery(id, "orders/updated", SHOPIFY_SECRET).unwrap()
    }

    fn set_cost(&self, id: u64, total: &str) {
        self.edit(id, |order| order.cost(total));
    }

    fn cancel_order(&self, id: u64) {
        self.cancel(id);
    }

    fn notes_of(&self, id: u64) -> Vec<String> {
        let notes = self.order(id).and_then(|order| order.notes).unwrap_or_default();
        notes.lines().map(str::to_owned).collect()
    }
}

/// An order whose number, customer and link nobody else has.
#[derive(Debug, Clone)]
pub struct Placed {
    pub id: u64,
    pub number: String,
    pub phone: String,
    pub email: String,
}

pub async fn woocommerce() -> WooCommerce {
    WooCommerce::start(API_KEY, SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

pub async fn shopify() -> Shopify {
    Shopify::start(SHOPIFY_APP, SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

pub fn shopify_storefront(name: &str, url: &str, app: &str) -> Value {
    let more =
        json!({"platform": "shopify", "webhook_secret": SHOPIFY_SECRET, "api_key": app, "pay_by_link": ["Havale"]});
    storefront(name, url, &more)
}

/// A member of `STOREFRONTS`, with more of its members.
pub fn storefront(name: &str, url: &str, more: &Value) -> Value {
    let mut storefront = json!({"name": name, "platform": "woocommerce", "url": url, "webhook_secret": SHOP_SECRET,
        "pay_by_link": ["bacs", "kapida-link"]});
    storefront.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    storefront
}

/// Members of a storefront that writes back.
pub fn writes_back() -> Value {
    json!({"api_key": API_KEY})
}

impl Stores {
    pub async fn start() -> Self {
        Self {
            shop: woocommerce().await,
            keyless: woocommerce().await,
            english: woocommerce().await,
            alone: woocommerce().await,
            shopify: shopify().await,
        }
    }

    pub fn services(&self, base_url: &str, events_url: &str) -> Vec<Service> {
        let english = json!({"lang": "en", "link_name": "Web order {number}", "send": ["sms"], "expires_after_hours": 1,
            "api_key": API_KEY});
        let mut storefronts = vec![
            self.shop.setting(),
            storefront("keyless", &self.keyless.url(), &json!({})),
            storefront("english", &self.english.url(), &english),
            storefront("changing", "https://shop.example/", &json!({"webhook_secret": [SHOP_SECRET, NEW_SHOP_SECRET]})),
            shopify_storefront("shopify", &self.shopify.url(), SHOPIFY_APP),
            shopify_storefront("shopify-wrong", &self.shopify.url(), &format!("{SHOPIFY_APP}x")),
        ];
        let signed = |(name, secret)| storefront(name, "https://shop.example/wp", &json!({"webhook_secret": secret}));
        storefronts.extend(SIGNED.map(signed));
        let limit = json!([{"count": 1, "seconds": ALONE_LIMIT_SECONDS}]);
        vec![
            Service::with_events(STOREFRONT, base_url, events_url)
                .text("STOREFRONTS", &Value::from(storefronts).to_string()),
            Service::new(STOREFRONT_ALONE, base_url)
                .set("EVENTS_SECRETS", None)
                .json("SEND_LIMITS", &limit.to_string())
                .text("STOREFRONTS", &json!([self.alone.setting()]).to_string()),
        ]
    }

    /// Each WooCommerce, with the service and the storefront that its webhooks go to.
    fn woocommerces(&self) -> [(&WooCommerce, &'static str, &'static str); 4] {
        [
            (&self.shop, STOREFRONT, "shop"),
            (&self.keyless, STOREFRONT, "keyless"),
            (&self.english, STOREFRONT, "english"),
            (&self.alone, STOREFRONT_ALONE, "shop"),
        ]
    }

    pub async fn connect(&self, workerd: &Workerd) {
        for (shop, service, name) in self.woocommerces() {
            connect(shop, workerd, service, name).await;
        }
        self.shopify.connect(&format!("http://{}/hooks/shopify", workerd.address(STOREFRONT)), SHOPIFY_SECRET);
    }

    /// Adds what the shops' own deliveries were answered, once all are.
    pub async fn count(&self, counts: &mut Counts) {
        let mut deliveries = Vec::new();
        for (shop, ..) in self.woocommerces() {
            shop.idle().await;
            deliveries.extend(shop.deliveries());
        }
        self.shopify.idle().await;
        for delivery in deliveries.into_iter().chain(self.shopify.deliveries()) {
            let answer: Value = serde_json::from_str(&delivery.answer).unwrap();
            let code = answer["code"].as_str().or_else(|| answer["outcome"].as_str()).unwrap();
            *counts.entry((delivery.status.unwrap(), code.to_owned())).or_default() += 1;
        }
    }
}

/// A relay and its storage, which knows this shop alone, with events on.
pub fn relay_of(suite: &Suite, service: &str, shop: &impl Store) -> Aging {
    let service = Service::with_events(service, &suite.sandbox.base_url(), &suite.shop.events_url());
    Aging::new(service.text("STOREFRONTS", &json!([shop.setting()]).to_string()))
}

/// Saves a shop's webhooks at a storefront of a service. Their pings have to be answered.
pub async fn connect(shop: &WooCommerce, workerd: &Workerd, service: &str, name: &str) {
    let url = format!("http://{}/hooks/{name}", workerd.address(service));
    for ping in shop.connect(&url, SHOP_SECRET).await {
        assert_eq!(ping.status, Some(200), "a ping: {}", ping.answer);
    }
}

impl Placed {
    pub fn nobody() -> Self {
        Self { id: 0, number: format!("S{}", people::next()), phone: people::phone(), email: people::email() }
    }

    /// Orders, with what is otherwise about it.
    pub fn order<S: Store>(self, store: &S, more: impl FnOnce(&mut S::Basket)) -> Self {
        let mut basket = store.basket(&self);
        more(&mut basket);
        Self { id: store.place_order(basket), ..self }
    }

    /// Places an order of somebody new, with what is otherwise about it.
    pub fn with<S: Store>(store: &S, more: impl FnOnce(&mut S::Basket)) -> Self {
        Self::nobody().order(store, more)
    }

    /// The same, by bank transfer.
    pub fn new(store: &impl Store) -> Self {
        Self::with(store, |_| ())
    }

    /// The same, about which the shop's API fails from the start.
    pub fn troubled(shop: &WooCommerce, trouble: ShopTrouble) -> Self {
        // Its webhooks come a while after it is placed, and only then the relay asks.
        let placed = Self::new(shop);
        shop.misbehave(placed.id, trouble);
        placed
    }

    pub fn link_name(&self) -> String {
        format!("Sipariş {}", self.number)
    }

    /// The shop saves it several times as it is, and the relay has its time.
    pub async fn save_unchanged(&self, shop: &WooCommerce) {
        for _ in 0..3 {
            shop.touch(self.id);
            shop.idle().await;
        }
        sleep(Duration::from_millis(700)).await;
    }

    pub fn now(&self, shop: &WooCommerce) -> ShopOrder {
        shop.order(self.id).unwrap()
    }

    pub fn status(&self, shop: &WooCommerce) -> String {
        self.now(shop).basket.status
    }

    /// Its links, as PayTR has them, in order.
    pub fn links(&self, sandbox: &Sandbox) -> Vec<Link> {
        let is_its = |link: &Link| link.terms.name.rsplit(' ').next() == Some(&self.number);
        sandbox.links().into_iter().filter(is_its).collect()
    }

    /// Waits for this many links, of which the last is open and over this amount. Fails when there are more.
    pub async fn wait_for_link(&self, sandbox: &Sandbox, count: usize, price: u64) -> Link {
        let is_there = || self.links(sandbox).len() >= count;
        wait_until(&format!("order {} has {count} links", self.number), is_there).await;
        let mut links = self.links(sandbox);
        assert_eq!(links.len(), count, "links of {}", self.number);
        let link = links.pop().unwrap();
        assert_eq!((link.terms.price, link.state(0)), (price, LinkState::Open), "the link of {}", self.number);
        link
    }

    /// Waits for its first link, and until it was sent.
    pub async fn wait_until_linked(&self, suite: &Suite) -> Link {
        let link = self.wait_for_link(&suite.sandbox, 1, ORDER_PRICE).await;
        self.wait_until_sent(&suite.sandbox, &link.id).await;
        link
    }

    pub async fn wait_until_deleted(&self, sandbox: &Sandbox) {
        let is_deleted = || self.links(sandbox).iter().all(|link| link.state(0) == LinkState::Deleted);
        wait_until(&format!("the links of {} are deleted", self.number), is_deleted).await;
    }

    /// What its customer was sent by this way.
    pub fn sent(&self, sandbox: &Sandbox, channel: Channel) -> Vec<Received> {
        let recipient = if channel == Channel::Sms { &self.phone } else { &self.email };
        let is_its = |call: &Received| call.channel == channel && call.recipient.as_deref() == Some(recipient);
        sandbox.received().into_iter().filter(is_its).collect()
    }

    /// Waits until both ways were taken for this link, once each.
    pub async fn wait_until_sent(&self, sandbox: &Sandbox, link_id: &str) {
        for channel in [Channel::Sms, Channel::Email] {
            let of_link = || {
                let sent = self.sent(sandbox, channel);
                sent.iter().filter(|call| call.link_id.as_deref() == Some(link_id)).count()
            };
            wait_until(&format!("{channel:?} for {}", self.number), || of_link() > 0).await;
            assert_eq!(of_link(), 1, "{channel:?} for {}", self.number);
        }
    }

    /// The notes that the relay wrote, the oldest first.
    pub fn notes(&self, store: &impl Store) -> Vec<String> {
        store.notes_of(self.id)
    }

    /// Waits for the relay's n-th note, counted from 1, and returns it. Fails when there are more.
    pub async fn wait_for_note(&self, store: &impl Store, count: usize) -> String {
        let is_there = || self.notes(store).len() >= count;
        wait_until(&format!("order {} has {count} notes", self.number), is_there).await;
        let mut notes = self.notes(store);
        assert_eq!(notes.len(), count, "{notes:?}");
        notes.pop().unwrap()
    }
}

impl Suite {
    /// Posts a delivery to a storefront of [`STOREFRONT`].
    pub async fn deliver(&self, name: &str, delivery: &HookDelivery) -> Answer {
        let path = format!("/hooks/{name}");
        self.request(STOREFRONT, "POST", &path, &headers_of(delivery), delivery.body.clone()).await
    }

    /// An order with its link, sent and noted.
    pub async fn linked(&self, store: &impl Store) -> (Placed, Link) {
        let placed = Placed::new(store);
        let link = placed.wait_until_linked(self).await;
        placed.wait_for_note(store, 1).await;
        (placed, link)
    }

    pub async fn pay_order(&self, link: &Link) -> Payment {
        self.pay(&link.id, Pay::default()).await
    }
}

/// Posts a delivery to a workerd that a test has to itself. `None` if there is no answer.
pub async fn deliver(url: &str, name: &str, delivery: &HookDelivery) -> Option<Answer> {
    let path = format!("/hooks/{name}");
    request(&client(), url, "POST", &path, &headers_of(delivery), delivery.body.clone()).await.ok()
}

pub fn headers_of(delivery: &HookDelivery) -> Vec<(&str, &str)> {
    delivery.headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// A delivery that no shop has made.
pub fn delivery_of(headers: Vec<(&'static str, String)>, body: impl Into<Vec<u8>>) -> HookDelivery {
    HookDelivery { order_id: 0, headers, body: body.into(), status: None, answer: String::new() }
}

/// Asserts the answer to a delivery that is signed right.
#[track_caller]
pub fn assert_taken(answer: &Answer, outcome: &str, reason: Option<&str>, case: &str) {
    assert_eq!(answer.status, 200, "{case}: {}", answer.text());
    let json = answer.json();
    assert_eq!((json["outcome"].as_str(), json["reason"].as_str()), (Some(outcome), reason), "{case}");
    assert_eq!(answer.header("content-type"), Some("application/json"), "{case}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{case}");
}

/// The end of a link's address, as a note has it.
pub fn link_path(link: &Link) -> String {
    format!("/link/{} ", link.id)
}

/// A trouble of a shop's API: the HTTP status, the reason in the log, and whether that is an error at once.
type Failure<Trouble> = (Trouble, Option<u16>, &'static str, bool);

/// The lines of tries to write back to this order.
pub fn tries(suite: &Suite, placed: &Placed) -> Vec<Value> {
    suite.workerd.lines().into_iter().filter(|line| is_try(line, placed)).collect()
}

fn is_try(line: &Value, placed: &Placed) -> bool {
    line["reference"] == placed.number.as_str() && line["attempt"].is_u64()
}

impl Suite {
    /// The first try to write back to each of these orders fails as its case says, in the log as well, an error at once or
    /// not; the link is there and sent all the same, and so is the note once `behave` has made the shop answer again.
    pub async fn assert_tried_again<S: Store, Trouble: Debug>(
        &self,
        store: &S,
        begun: Vec<(Placed, Failure<Trouble>)>,
        behave: impl Fn(&Placed),
    ) {
        let mut waiting: Vec<&Placed> = begun.iter().map(|(placed, _)| placed).collect();
        // Each behaves as soon as it was tried once, whatever the others wait for.
        let all_were_tried = || {
            let lines = self.workerd.lines();
            waiting.retain(|placed| {
                let is_tried = lines.iter().any(|line| is_try(line, placed));
                if is_tried {
                    behave(placed);
                }
                !is_tried
            });
            waiting.is_empty()
        };
        wait_until("each is tried", all_were_tried).await;
        for (placed, (trouble, status, reason, is_error)) in begun {
            let case = format!("{trouble:?}");
            let logged = tries(self, &placed).remove(0);
            let became = ["type", "outcome", "reason", "shop_http_status"].map(|member| &logged[member]);
            let expected = json!(["order.link", "retried-later", reason, status]);
            assert_eq!(json!(became), expected, "{case}");
            assert_eq!(self.workerd.errors().contains(&logged), is_error, "{case}: an error at once");
            let link = placed.wait_until_linked(self).await;
            wait_until(&case, || tries(self, &placed).len() == 2).await;
            assert_eq!(tries(self, &placed)[1]["outcome"], "delivered", "{case}");
            // Besides what somebody else wrote there.
            let notes: Vec<_> = placed.notes(store).into_iter().filter(|note| note.contains("PayTR")).collect();
            assert!(notes.len() == 1 && notes[0].contains(&link_path(&link)), "{case}: {notes:?}");
        }
        assert_eq!(self.redirect_target.visitors(), 0);
    }

    /// An order that is gone when it is tried again is given up; `calls` says how often its shop was asked about it.
    pub async fn assert_given_up(&self, placed: &Placed, lose: impl FnOnce(), calls: impl Fn() -> usize) {
        wait_until("the note is tried", || !tries(self, placed).is_empty()).await;
        lose();
        wait_until("it is tried again", || tries(self, placed).len() == 2).await;
        let logged = tries(self, placed).remove(1);
        assert_eq!((logged["outcome"].as_str(), logged["reason"].as_str()), (Some("dead"), Some("no-such-order")));
        assert!(self.workerd.errors().contains(&logged), "{logged}");
        let asked = calls();
        // The schedule's second try, with its random delay, and more.
        sleep(Duration::from_secs(7)).await;
        assert_eq!(calls(), asked);
    }
}

//! A WooCommerce shop and its orders, for the tests of storefronts and orders.

use crate::support::price;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::link::SendOutcome;
use paytr_link_relay::model::{CellPhone, Currency, Email, Lang, LinkName, OrderKey, Recipient, Reference};
use paytr_link_relay::order::{Order, OrderLink, OrderNotice, PaidLink, People, Stage, WriteBack};
use paytr_link_relay::payment::Reason;
use paytr_link_relay::storefront::{
    Conversation, Job, LinkNote, Money, News, Review, Sent, ShopAnswer, ShopRequest, Storefront, Trouble, Turn, Ways,
    Why, Wish, parse_storefronts,
};
use serde_json::{Value, json};

pub const SECRET: &str = "wcS3cret0123456789abcdefWXYZ";
pub const API_KEY: &str = "ck_0123456789abcdef:cs_fedcba9876543210";
pub const URL: &str = "https://www.paytr.com/link/NB2Zlz3";
/// What a note that was written ends with.
pub const MARK: &str = "0f1e2d3c4b5a";
pub const BOTH: Ways = Ways { sms: true, email: true };
pub const NEITHER: Ways = Ways { sms: false, email: false };

/// Why an order has no link, in the word of the log.
pub const WHYS: [(Why, &str); 9] = [
    (Why::Draft, "draft"),
    (Why::OtherMethod, "other-method"),
    (Why::NothingToPay, "nothing-to-pay"),
    (Why::Paid, "paid"),
    (Why::Cancelled, "cancelled"),
    (Why::OtherStatus, "other-status"),
    (Why::Test, "test"),
    (Why::Amount, "amount"),
    (Why::Currency, "currency"),
];

/// This object with these members more, or others.
pub fn merged(mut base: Value, more: &Value) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

/// A shop with what has no default, and these members more; one that is `null` is left out.
pub fn shop(more: &Value) -> Value {
    let shop = json!({
        "name": "shop", "platform": "woocommerce", "url": "https://shop.example", "webhook_secret": SECRET,
        "pay_by_link": ["bacs"],
    });
    let mut shop = merged(shop, more);
    shop.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    shop
}

pub fn storefront(more: &Value) -> Storefront {
    let [storefront] = parse_storefronts(&json!([shop(more)]).to_string()).unwrap().try_into().unwrap();
    storefront
}

pub fn money_in(minor_units: u64, currency: Currency) -> Money {
    Money { price: price(minor_units), currency }
}

pub fn money(minor_units: u64) -> Money {
    money_in(minor_units, Currency::Tl)
}

pub fn reference(text: &str) -> Reference {
    Reference::from_text(text).unwrap()
}

pub fn phone() -> Recipient {
    Recipient::CellPhone(CellPhone::parse("05321234567").unwrap())
}

pub fn email() -> Recipient {
    Recipient::Email(Email::parse("musteri@example.com").unwrap())
}

/// News of order 11 at this time, with this wish.
pub fn news(modified_at: impl Into<Option<u64>>, wish: Wish) -> News {
    let number = Some(reference("1001"));
    News { order_id: "11".to_owned(), number, modified_at: modified_at.into(), wish }
}

pub fn wants(minor_units: u64) -> Wish {
    Wish::Link { money: money(minor_units), recipients: vec![phone(), email()] }
}

pub fn link_note() -> LinkNote {
    LinkNote {
        url: URL.to_owned(),
        money: money(158_000),
        is_another: false,
        sent: vec![Sent { to: "05*******67".to_owned(), outcome: SendOutcome::Sent }],
        missing: Ways { sms: false, email: true },
        expires_at: 1_795_600_800_000,
    }
}

/// A job of each kind, and each of its members.
pub fn jobs() -> Vec<Job> {
    let merchant_oid = "IN1".to_owned();
    let review = |total_amount, reasons| Review { merchant_oid: merchant_oid.clone(), total_amount, reasons };
    vec![
        Job::Link(link_note()),
        Job::Link(LinkNote { is_another: true, sent: Vec::new(), missing: NEITHER, ..link_note() }),
        paid(),
        Job::Review(review(Some(1), vec![Reason::Deleted])),
        Job::Review(review(None, vec![Reason::Unreadable, Reason::Changed])),
        Job::Trouble(Trouble::Refused(Some("Hata".to_owned()))),
        Job::Trouble(Trouble::Refused(None)),
        Job::Trouble(Trouble::Unknown),
        Job::Trouble(Trouble::NotDeleted(money(1))),
        Job::Trouble(Trouble::Unpayable(Why::Currency)),
        Job::Trouble(Trouble::CostsMore(money_in(1, Currency::Eur))),
    ]
}

pub fn paid() -> Job {
    Job::Paid { merchant_oid: "IN1".to_owned(), money: money(158_000) }
}

pub fn answer(status: u16, body: &str) -> ShopAnswer {
    ShopAnswer { status, retry_after: None, body: body.as_bytes().to_vec() }
}

/// These answers, and these behind them.
pub fn and_then(answers: &[ShopAnswer], more: Vec<ShopAnswer>) -> Vec<ShopAnswer> {
    let copy = |known: &ShopAnswer| answer(known.status, std::str::from_utf8(&known.body).unwrap());
    answers.iter().map(copy).chain(more).collect()
}

/// How the writing of a job goes on after these answers.
pub fn turn(
    (storefront, api_key, order_id): (&Storefront, &str, &str),
    job: &Job,
    kept: Option<&str>,
    answers: &[ShopAnswer],
) -> Turn {
    let conversation = Conversation { storefront, api_key, order_id, job, mark: MARK, kept, answers };
    storefront.platform.converse(&conversation)
}

/// A turn in a word, and a request in what `asked` says of it.
pub fn words(turn: Turn, asked: impl FnOnce(ShopRequest) -> String) -> String {
    match turn {
        Turn::Ask(request) => asked(request),
        Turn::Keep(_) => "keep".to_owned(),
        Turn::Renew(why) => format!("renewed: {why}"),
        Turn::Done => "done".to_owned(),
        Turn::Failed(why) => format!("failed: {why}"),
        Turn::GiveUp(why) => format!("given up: {why}"),
    }
}

/// Orders with each member that there is, and with the least.
pub fn orders() -> Vec<Order> {
    let link = |stage| OrderLink {
        number: 2,
        wish: 3,
        reference: reference("1001"),
        money: money(158_000),
        name: LinkName::parse(&JsonValue::Text("Sipariş 1001".to_owned())).unwrap(),
        lang: Lang::En,
        expires_at: 1_795_600_800_000,
        stage,
        due_at: Some(1_795_000_060_000),
        closing_tries: 1,
        paid: true,
        missing: BOTH,
    };
    let write_back = |job| WriteBack { name: "1".to_owned(), job, attempts: 2, next_at: 1_795_000_000_000 };
    let whole = Order {
        number: reference("1001"),
        modified_at: 1_795_000_000_000,
        updated_at: 1_795_000_000_001,
        origin: "https://relay.example".to_owned(),
        request_id: "8f3c2b1a0d9e7f65-IST".to_owned(),
        wanted: Some(money(158_000)),
        why: None,
        wishes: 3,
        link: Some(link(Stage::Asked)),
        planned: 2,
        made: 1,
        unknown: 1,
        paid: Some(money_in(100, Currency::Usd)),
        events: vec!["evt_1".to_owned(), "evt_2".to_owned()],
        write_backs: jobs().into_iter().map(write_back).collect(),
        written: 300,
        people: People::default(),
    };
    let least = Order {
        wanted: None,
        why: Some(Why::Cancelled),
        link: None,
        paid: None,
        events: Vec::new(),
        write_backs: Vec::new(),
        ..whole.clone()
    };
    let stages = [Stage::Open, Stage::Closing, Stage::Closed, Stage::Stuck, Stage::Refused, Stage::Unknown];
    let of_stage = |stage| Order {
        link: Some(OrderLink { due_at: None, ..link(stage) }),
        write_backs: Vec::new(),
        ..whole.clone()
    };
    let stages = stages.map(of_stage);
    [whole, least].into_iter().chain(stages).collect()
}

pub fn payment_of(number: u32, event_id: &str, reasons: Vec<Reason>) -> PaidLink {
    let pays_the_link = reasons.iter().all(|reason| *reason == Reason::Deleted);
    PaidLink {
        event_id: event_id.to_owned(),
        number,
        money: money(158_000),
        merchant_oid: "IN1".to_owned(),
        total_amount: Some(158_000),
        reasons,
        pays_the_link,
    }
}

/// What a partition may be told of an order: each kind, and each member.
pub fn notices() -> Vec<OrderNotice> {
    let told = |news| OrderNotice::News {
        storefront: "shop".to_owned(),
        news,
        origin: "https://relay.example".to_owned(),
        request_id: "8f3c2b1a0d9e7f65-IST".to_owned(),
    };
    let key = OrderKey { storefront: "shop".to_owned(), order_id: "11".to_owned() };
    let paid = |reasons, is_replay| OrderNotice::Paid {
        key: key.clone(),
        payment: payment_of(2, "evt_1", reasons),
        is_replay,
    };
    let mut notices = vec![
        told(news(1_795_000_000_000, wants(158_000))),
        told(News { number: None, ..news(None, Wish::Link { money: money(1), recipients: Vec::new() }) }),
        paid(Vec::new(), false),
        paid(vec![Reason::Deleted, Reason::TooLittle], true),
    ];
    notices.extend(
        WHYS.into_iter().flat_map(|(why, _)| [Wish::Nothing(why), Wish::Close(why)]).map(|wish| told(news(1, wish))),
    );
    notices
}

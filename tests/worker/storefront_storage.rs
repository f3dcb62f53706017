//! What is stored of orders: refused in another version, kept as long as its last link, and not lost while a setting is
//! wrong.

use crate::support::prelude::*;
use crate::support::secrets::SHOP_SECRET;
use crate::support::storefront::Store;
use paytr_sandbox::woocommerce::Topic;

crate::tests![
    storage_of_another_version_is_refused_and_nothing_is_sent,
    an_order_goes_thirty_days_after_its_link_and_its_recipients_once_they_were_written_to,
    an_order_without_a_link_goes_after_a_week,
    a_storefront_that_is_gone_for_a_while_loses_no_order,
];

const SERVICE: &str = "storefront-storage";
const A_WHILE: Duration = Duration::from_millis(700);
const FIVE_MINUTES_DAYS: f64 = 301.0 / 86_400.0;

async fn storage_of_another_version_is_refused_and_nothing_is_sent(suite: Arc<Suite>) {
    let shop = woocommerce().await;
    let aging = relay_of(&suite, SERVICE, &shop);
    let workerd = aging.start();
    let link = workerd.link(SERVICE, &product()).await;
    workerd.kill();
    for version in [1, 2, 4] {
        aging.to_version(version);
        let workerd = aging.start();
        let answer = workerd.post(SERVICE, &about("link.get", &link.callback_id)).await;
        answer.assert_problem(503, "ledger-unavailable", &format!("version {version}"));
        workerd.kill();
    }
    aging.to_version(3);
    let workerd = aging.start();
    assert_eq!(workerd.record(SERVICE, &link).await["state"], "open");
}

async fn an_order_goes_thirty_days_after_its_link_and_its_recipients_once_they_were_written_to(suite: Arc<Suite>) {
    let shop = woocommerce().await;
    let aging = relay_of(&suite, SERVICE, &shop);
    let workerd = aging.start();
    connect(&shop, &workerd, SERVICE, "shop").await;
    let placed = Placed::new(&shop);
    placed.wait_until_linked(&suite).await;
    placed.wait_for_note(&shop, 1).await;
    shop.idle().await;
    sleep(A_WHILE).await;
    assert_eq!((aging.rows("orders"), aging.rows("people")), (1, 0));
    // Three days until the link expires, and thirty.
    let workerd = aging.restart(&workerd, 32.5);
    poke(&shop, &workerd).await;
    sleep(A_WHILE).await;
    assert!(aging.rows("orders") >= 2);
    let workerd = aging.restart(&workerd, 1.1);
    poke(&shop, &workerd).await;
    aging.ask_all(&workerd).await;
    // Those that woke the partitions stay.
    wait_until("the partitions have swept", || aging.rows("orders") == 2).await;
}

/// An order that is none of the relay's business any more, so that an object is loaded and its sweep due.
async fn poke(shop: &WooCommerce, workerd: &Workerd) {
    connect(shop, workerd, SERVICE, "shop").await;
    let _ = Placed::with(shop, |basket| "cancelled".clone_into(&mut basket.status));
    shop.idle().await;
}

async fn an_order_without_a_link_goes_after_a_week(suite: Arc<Suite>) {
    let shop = woocommerce().await;
    let aging = relay_of(&suite, SERVICE, &shop);
    let workerd = aging.start();
    poke(&shop, &workerd).await;
    wait_until("it is stored", || aging.rows("orders") == 1).await;
    let _workerd = aging.restart(&workerd, 7.1);
    wait_until("the partition has swept", || aging.rows("orders") == 0).await;
}

async fn a_storefront_that_is_gone_for_a_while_loses_no_order(suite: Arc<Suite>) {
    let shop = woocommerce().await;
    let aging = relay_of(&suite, SERVICE, &shop);
    let workerd = aging.start();
    connect(&shop, &workerd, SERVICE, "shop").await;
    let placed = Placed::troubled(&shop, ShopTrouble::Close);
    placed.wait_until_linked(&suite).await;
    wait_until("the note is tried", || !shop.calls(placed.id).is_empty()).await;
    sleep(A_WHILE).await;
    workerd.kill();
    let service = Service::with_events(SERVICE, &suite.sandbox.base_url(), &suite.shop.events_url());
    let wrong = service.clone().text("STOREFRONTS", "[{\"name\": \"shop\"}]");
    let broken = aging.under(wrong);
    broken.age(FIVE_MINUTES_DAYS);
    let workerd = broken.start();
    let delivery = shop.delivery(placed.id, Topic::Updated, SHOP_SECRET).unwrap();
    let url = format!("http://{}", workerd.address(SERVICE));
    let answer = deliver(&url, "shop", &delivery).await.unwrap();
    answer.assert_problem(500, "misconfigured", "a wrong setting");
    let asked = shop.calls(placed.id).len();
    sleep(A_WHILE).await;
    assert_eq!(shop.calls(placed.id).len(), asked, "asked with a wrong setting");
    workerd.kill();
    shop.behave(placed.id);
    let right = service.text("STOREFRONTS", &json!([shop.setting()]).to_string());
    let mended = broken.under(right);
    mended.age(FIVE_MINUTES_DAYS);
    let _workerd = mended.start();
    placed.wait_for_note(&shop, 1).await;
}

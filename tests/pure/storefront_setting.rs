//! `STOREFRONTS`: each member right and wrong, and that nothing secret of it is ever shown.

use crate::config::{detail, environment, parse, parse_with};
use crate::shop::{API_KEY, SECRET, reference, shop, storefront};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::config::InvalidSetting;
use paytr_link_relay::model::Lang;
use paytr_link_relay::storefront::{Platform, Ways, parse_storefronts};
use serde_json::{Value, json};

/// What is wrong with a shop that has this member.
fn refused(member: &str, value: &Value) -> &'static str {
    let mut shop = shop(&json!({}));
    shop.as_object_mut().unwrap().insert(member.to_owned(), value.clone());
    parse_storefronts(&json!([shop]).to_string()).expect_err(&format!("{member}: {value}"))
}

/// None of these values is taken for this member.
fn assert_refused(member: &str, says: &str, values: &Value) {
    for value in values.as_array().unwrap() {
        let detail = refused(member, value);
        assert!(detail.starts_with("has a shop whose ") && detail.contains(says), "{member}: {value}: {detail}");
    }
}

#[test]
fn a_shop_needs_no_more_than_what_has_no_default() {
    let shop = storefront(&json!({}));
    assert_eq!((shop.name.as_str(), shop.platform), ("shop", Platform::WooCommerce));
    assert_eq!(shop.url, "https://shop.example");
    assert_eq!((shop.webhook_keys.len(), shop.api_key.is_none()), (1, true));
    assert_eq!(shop.pay_by_link, ["bacs"]);
    assert_eq!(shop.send, Ways { sms: true, email: true });
    assert_eq!((shop.expires_after_hours, shop.lang), (72, Lang::Tr));
    assert_eq!(shop.link_name(&reference("1001")).unwrap().as_str(), "Sipariş 1001");
    assert_eq!(Platform::WooCommerce.as_str(), "woocommerce");
}

#[test]
fn every_member_that_has_no_default_must_be_there() {
    for (member, says) in [
        ("name", "name is not 1 to 32 of a-z 0-9 -"),
        ("platform", "platform is none that the relay knows"),
        ("url", "url is not https://"),
        ("webhook_secret", "webhook_secret is not text of 24 to 256 characters"),
        ("pay_by_link", "pay_by_link is not a list of 1 to 20 payment methods"),
    ] {
        let detail = parse_storefronts(&json!([shop(&json!({member: null}))]).to_string()).unwrap_err();
        assert!(detail.contains(says), "{member}: {detail}");
        assert_refused(member, says, &json!([null, 7, true, {}]));
    }
}

#[test]
fn a_name_is_a_part_of_a_path() {
    for name in ["a", "0", "-", "shop-2", &"x".repeat(32)] {
        assert_eq!(storefront(&json!({"name": name})).name, name);
    }
    let values = json!(["", "Shop", "a b", "a/b", "a.b", "a_b", "ş", " a", "x".repeat(33)]);
    assert_refused("name", "name is not 1 to 32 of a-z 0-9 -", &values);
}

#[test]
fn an_address_is_https_and_may_have_wordpress_own_folder() {
    let longest = format!("https://shop.example/{}", "x".repeat(279));
    let folders = ["https://shop.example/magaza", "https://shop.example/a/B-_.~9/", "https://shop.example/..a/a.."];
    let hosts = ["https://shop.example", "https://shop.example/", "https://shop.example:8443"];
    let others = ["http://localhost:8080", "http://127.0.0.1", &longest];
    for url in [folders, hosts, others].concat() {
        assert_eq!(storefront(&json!({"url": url})).url, url.strip_suffix('/').unwrap_or(url));
    }
    let values = [
        &["", "shop.example", "http://shop.example", "https://", "https://Shop.example", "https://shop.example//"][..],
        &["https://shop.example/a//b", "https://shop.example/./a", "https://shop.example/a/.."],
        &["https://shop.example/?a", "https://shop.example/a?b", "https://shop.example/a#b"],
        &["https://shop.example/a b", "https://shop.example/%61", "https://shop.example/ş"],
        &["https://user@shop.example", &format!("{longest}x")],
    ];
    assert_refused("url", "url is not https:// and the shop's host in lower case", &json!(values.concat()));
}

#[test]
fn a_webhook_secret_is_one_text_or_two_while_it_changes() {
    let (least, most) = ("x".repeat(24), "~!".repeat(128));
    for one in [json!(SECRET), json!(least), json!(most), json!([SECRET]), json!("a&amp;b&#039;c&lt;0123456789")] {
        assert_eq!(storefront(&json!({"webhook_secret": one})).webhook_keys.len(), 1, "{one}");
    }
    assert_eq!(storefront(&json!({"webhook_secret": [SECRET, least]})).webhook_keys.len(), 2);
    let odd = [" ", "\n", "ş"].map(|end| format!("{SECRET}{end}"));
    let values = json!([
        "",
        "x".repeat(23),
        "x".repeat(257),
        odd[0],
        odd[1],
        odd[2],
        [],
        [SECRET, SECRET, SECRET],
        [SECRET, 7],
        [SECRET, "short"],
        [["x"]],
        {},
    ]);
    assert_refused("webhook_secret", "webhook_secret is not text of 24 to 256 characters without blanks", &values);
}

#[test]
fn an_api_key_is_woocommerces_pair() {
    for api_key in [API_KEY, "ck_a:cs_b", &format!("ck_{0}:cs_{0}", "x".repeat(100))] {
        assert_eq!(storefront(&json!({"api_key": api_key})).api_key.unwrap().as_str(), api_key);
    }
    let (key, secret) = (format!("ck_{}:cs_b", "x".repeat(101)), format!("ck_a:cs_{}", "x".repeat(101)));
    let values = json!([
        "",
        "ck_a",
        "ck_a:",
        "ck_:cs_b",
        "ck_a:cs_",
        "cs_a:ck_b",
        "ck_a:cs_b:cs_c",
        "ck_a-:cs_b",
        "ck_a:cs_b ",
        " ck_a:cs_b",
        key,
        secret,
    ]);
    assert_refused("api_key", "api_key is not WooCommerce's consumer key and consumer secret as ck_…:cs_…", &values);
    assert_refused("api_key", "api_key is not text", &json!([7, null, [API_KEY]]));
}

#[test]
fn an_api_key_of_shopify_is_an_apps_pair_for_the_address_of_its_api() {
    let shop = |url: &str, api_key: &str| {
        let shop = shop(&json!({"platform": "shopify", "url": url, "api_key": api_key}));
        parse_storefronts(&json!([shop]).to_string())
            .map(|shops| shops[0].api_key.as_ref().unwrap().as_str().to_owned())
    };
    let (url, longest) = ("https://shop-1.myshopify.com", format!("{0}:{0}", "x".repeat(100)));
    for api_key in ["0123abcd:shpss_0123abcd", "a-_:b", &longest] {
        for url in [url, "https://shop-1.myshopify.com/", "http://127.0.0.1:8080"] {
            assert_eq!(shop(url, api_key).as_deref(), Ok(api_key));
        }
    }
    for api_key in ["", "a", "a:", ":b", "a:b:c", "a:b c", "a&b:c", "a:b=c", "a:ş", &format!("{longest}x")] {
        let detail = shop(url, api_key).expect_err(api_key);
        let says = "api_key is not the client id and client secret of a Shopify app as id:secret";
        assert!(detail.contains(says), "{detail}");
    }
    let own = ["https://shop.example", "https://myshopify.com"];
    for url in own.into_iter().chain(["https://shop.myshopify.com.example", "https://shop.myshopify.com/a"]) {
        let detail = shop(url, "a:b").expect_err(url);
        assert!(detail.contains("url is not https://….myshopify.com"), "{url}: {detail}");
    }
    // Where nothing is written back, any address will do.
    let without = crate::shop::shop(&json!({"platform": "shopify", "url": "https://shop.example"}));
    assert_eq!(parse_storefronts(&json!([without]).to_string()).unwrap()[0].platform, Platform::Shopify);
    assert_eq!(Platform::Shopify.as_str(), "shopify");
}

#[test]
fn payment_methods_are_the_platforms_own_ids() {
    let many = |count| (0..count).map(|number| format!("method_{number}")).collect::<Vec<_>>();
    let longest = "ş".repeat(100);
    for methods in [json!(["bacs"]), json!(["bacs", "cod", "Havale / EFT"]), json!(many(20)), json!([longest])] {
        assert_eq!(json!(storefront(&json!({"pay_by_link": methods})).pay_by_link), methods);
    }
    let values = json!([[], many(21), "bacs", [""], [" bacs"], ["bacs "], ["bacs", 7], ["ş".repeat(101)], {}]);
    assert_refused("pay_by_link", "pay_by_link is not a list of 1 to 20 payment methods", &values);
}

#[test]
fn a_link_is_sent_by_the_ways_that_are_listed() {
    let ways = |sms, email| Ways { sms, email };
    for (send, expected) in [
        (json!(["sms"]), ways(true, false)),
        (json!(["email"]), ways(false, true)),
        (json!(["email", "sms"]), ways(true, true)),
    ] {
        assert_eq!(storefront(&json!({"send": send})).send, expected);
    }
    let values = json!([
        [], "sms", ["SMS"], ["sms", "sms"], ["email", "email"], ["sms", "fax"], [7], {"sms": true}, null,
    ]);
    assert_refused("send", "send is not a list of sms, email or both", &values);
}

#[test]
fn a_link_expires_after_whole_hours_on_a_known_platform_in_turkish_or_english() {
    for hours in [1, 72, 8760] {
        assert_eq!(storefront(&json!({"expires_after_hours": hours})).expires_after_hours, hours);
    }
    let says = "expires_after_hours is not a whole number from 1 to 8760";
    assert_refused("expires_after_hours", says, &json!([0, 8761, -1, 1.5, "72", null, [72]]));
    assert_refused("platform", "woocommerce", &json!(["", "WooCommerce", "Shopify", "ikas", "woocommerce "]));
    assert_eq!(storefront(&json!({"lang": "en"})).lang, Lang::En);
    assert_refused("lang", "lang is neither tr nor en", &json!(["", "TR", "de", null, 7]));
}

#[test]
fn a_link_is_named_by_the_shop_with_the_orders_number_in_it() {
    for (more, name) in [
        (json!({"lang": "en"}), "Order R-1"),
        (json!({"lang": "tr"}), "Sipariş R-1"),
        (json!({"link_name": "Kahve {number}"}), "Kahve R-1"),
        (json!({"link_name": "{number}: {number}"}), "R-1: R-1"),
        (json!({"link_name": "Kahve"}), "Kahve"),
        (json!({"link_name": "x".repeat(200)}), &"x".repeat(200)),
        (json!({"link_name": format!("{{number}}{}", "x".repeat(136))}), &format!("R-1{}", "x".repeat(136))),
    ] {
        assert_eq!(storefront(&more).link_name(&reference("R-1")).unwrap().as_str(), name);
    }
    // With the longest number it would be too long.
    let too_long = format!("{{number}}{}", "x".repeat(137));
    let values = json!(["", "abc", "{number}", "ab{number}", "a\nb{number}", "x".repeat(201), too_long, 7, null]);
    assert_refused("link_name", "link_name is not text that, with the order's number for {number}", &values);
}

#[test]
fn a_member_that_nobody_knows_is_named_with_those_that_are_known() {
    let detail = refused("secret", &json!("x"));
    let all = shop(&json!({"api_key": 1, "send": 1, "expires_after_hours": 1, "link_name": 1, "lang": 1}));
    for member in all.as_object().unwrap().keys() {
        assert!(detail.contains(member), "{member}: {detail}");
    }
    assert!(detail.starts_with("has a shop with a member that is none of "), "{detail}");
}

#[test]
fn the_setting_is_a_list_of_shops_with_names_of_their_own() {
    let named = |number: usize| shop(&json!({"name": format!("shop-{number}")}));
    let list = |count: usize| Value::Array((0..count).map(named).collect()).to_string();
    for count in [0, 1, 32] {
        assert_eq!(parse_storefronts(&list(count)).unwrap().len(), count);
    }
    let twice = json!([named(1), named(2), named(1)]).to_string();
    let member_twice = list(1).replace("\"name\"", "\"name\":\"other\",\"name\"");
    for (text, says) in [
        (list(33).as_str(), "must hold at most 32 shops"),
        (&twice, "has two shops with the same name"),
        ("[7]", "must hold JSON objects alone, one for each shop"),
        ("[null]", "must hold JSON objects alone, one for each shop"),
        ("{}", "must be a JSON list of shops"),
        ("shop", "must be a JSON list of shops"),
        (&shop(&json!({})).to_string(), "must be a JSON list of shops"),
        ("[", "must be a JSON list of shops"),
        (&member_twice, "must be a JSON list of shops"),
    ] {
        let detail = parse_storefronts(text).unwrap_err();
        assert!(detail.starts_with(says), "{text}: {detail}");
    }
}

#[test]
fn a_storefront_is_found_by_its_name() {
    let setting = json!([shop(&json!({})), shop(&json!({"name": "other", "lang": "en"}))]).to_string();
    let config = parse_with("STOREFRONTS", &setting).unwrap();
    assert_eq!(config.storefront("other").map(|storefront| storefront.lang), Some(Lang::En));
    assert_eq!(config.storefront("shop").map(|storefront| storefront.lang), Some(Lang::Tr));
    assert!(config.storefront("Shop").is_none() && config.storefront("").is_none());
    for none in ["", "[]"] {
        assert!(parse_with("STOREFRONTS", none).unwrap().storefronts.is_empty());
    }
    assert!(!detail("STOREFRONTS", " ").is_empty());
}

#[test]
fn a_shop_has_no_secret_of_the_relays_own() {
    let secret = format!("whsec_{}", STANDARD.encode([7; 24]));
    let shared = "holds a secret that is among WEBHOOK_SECRETS or EVENTS_SECRETS too; make one of its own";
    for (name, is_alone) in [("WEBHOOK_SECRETS", true), ("EVENTS_SECRETS", true), ("EVENTS_SECRETS", false)] {
        for (written, is_shared) in [
            (json!(secret), true),
            (json!([SECRET, secret]), true),
            (json!(format!("{secret}x")), true),
            (json!(SECRET), false),
        ] {
            let mut environment = environment();
            let secrets = if is_alone { secret.clone() } else { format!("{}\n{secret}", environment[name]) };
            environment.insert(name, secrets);
            environment.insert("STOREFRONTS", json!([shop(&json!({"webhook_secret": written}))]).to_string());
            let expected = is_shared.then(|| vec![InvalidSetting { name: "STOREFRONTS", detail: shared }]);
            assert_eq!(parse(&environment).err(), expected, "{name} {written}");
        }
    }
}

#[test]
fn nothing_secret_of_a_shop_is_ever_printed() {
    let other = "another$secret$of$24$chars";
    let setting = json!([shop(&json!({"api_key": API_KEY, "webhook_secret": [SECRET, other]}))]).to_string();
    let config = parse_with("STOREFRONTS", &setting).unwrap();
    let (key, secret) = API_KEY.split_once(':').unwrap();
    for printed in [format!("{config:?}"), format!("{config:#?}"), format!("{:?}", config.storefronts)] {
        for hidden in [SECRET, other, key, secret, &STANDARD.encode(API_KEY)] {
            assert!(!printed.contains(hidden), "{printed}");
        }
        assert!(printed.contains("https://shop.example") && printed.contains("ApiKey([redacted])"), "{printed}");
    }
    for wrong in [json!({"url": SECRET}), json!({"api_key": SECRET}), json!({"name": SECRET}), json!({SECRET: 1})] {
        let setting = json!([shop(&wrong)]).to_string();
        assert!(!parse_storefronts(&setting).unwrap_err().contains(SECRET));
    }
}

//! Every setting: unset, good, and malformed. What a printed setting shows is in `config_secrecy`.

use crate::support::{LIMITS, texts};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::config::{Config, InvalidSetting, LOCATIONS, allowed_origins};
use paytr_link_relay::model::SendLimit;
use std::collections::BTreeMap;

/// Those that must be set. `EVENTS_SECRETS` is one of them while `EVENTS_URL` is set.
pub const REQUIRED: [&str; 4] = ["PAYTR_MERCHANT_ID", "PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT", "WEBHOOK_SECRETS"];

pub type Environment = BTreeMap<&'static str, String>;

/// What has no default, and what signs events, which has none once they go somewhere.
pub fn environment() -> Environment {
    let secret = format!("whsec_{}", STANDARD.encode(b"a secret of 32 bytes for testing"));
    BTreeMap::from([
        ("PAYTR_MERCHANT_ID", "123456".to_owned()),
        ("PAYTR_MERCHANT_KEY", "kEy1234567890abc".to_owned()),
        ("PAYTR_MERCHANT_SALT", "sAlt0987654321xy".to_owned()),
        ("WEBHOOK_SECRETS", secret),
        ("EVENTS_SECRETS", format!("whsec_{}", STANDARD.encode(b"another secret of 32 bytes, test"))),
    ])
}

pub fn parse(environment: &Environment) -> Result<Config, Vec<InvalidSetting>> {
    Config::parse(|name| environment.get(name).cloned())
}

pub fn parse_with(name: &'static str, value: &str) -> Result<Config, Vec<InvalidSetting>> {
    let mut environment = environment();
    environment.insert(name, value.to_owned());
    parse(&environment)
}

fn origins(environment: &Environment) -> Vec<String> {
    allowed_origins(|name| environment.get(name).cloned())
}

fn good(name: &'static str, value: &str) -> Config {
    parse_with(name, value).unwrap_or_else(|bad| panic!("{name}={value:?}: {bad:?}"))
}

/// What is wrong with this value, if it alone is wrong.
pub fn detail(name: &'static str, value: &str) -> &'static str {
    match parse_with(name, value).expect_err(value).as_slice() {
        [bad] => {
            assert_eq!(bad.name, name);
            bad.detail
        }
        several => panic!("{name}={value:?}: {several:?}"),
    }
}

fn assert_refused(name: &'static str, says: &str, values: &[&str]) {
    for value in values {
        assert!(detail(name, value).contains(says), "{name}={value:?}: {}", detail(name, value));
    }
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let settings = parse(&environment()).unwrap();
    assert_eq!(settings.merchant.id(), "123456");
    assert_eq!(settings.webhook_secrets.len(), 1);
    assert_eq!(settings.base_url, "https://www.paytr.com");
    assert_eq!(settings.timeout_ms, 20_000);
    assert!(!settings.debug_on);
    assert!(origins(&environment()).is_empty());
    assert_eq!(settings.send_limits, LIMITS);
    assert_eq!((settings.events_url, settings.relay_origin), (None, None));
    assert_eq!(settings.ledger_location, "eeur");
    assert!(settings.storefronts.is_empty());
}

#[test]
fn each_setting_without_a_default_must_be_set() {
    for name in REQUIRED {
        let mut environment = environment();
        environment.remove(name);
        assert_eq!(parse(&environment).unwrap_err(), [InvalidSetting { name, detail: "is not set" }]);
    }
}

#[test]
fn no_setting_may_be_empty_or_blank() {
    for name in REQUIRED.into_iter().chain([
        "PAYTR_BASE_URL",
        "PAYTR_TIMEOUT_MS",
        "PAYTR_DEBUG_ON",
        "ALLOWED_ORIGINS",
        "SEND_LIMITS",
        "LEDGER_LOCATION",
    ]) {
        assert_eq!(detail(name, ""), "is empty", "{name}");
        for blank in [" ", "\n", "\t ", "                        "] {
            assert!(!detail(name, blank).is_empty(), "{name}={blank:?}");
        }
    }
}

#[test]
fn all_wrong_settings_are_named_at_once() {
    let bad = Config::parse(|_| Some(" ".to_owned())).unwrap_err();
    let names: Vec<&str> = bad.iter().map(|bad| bad.name).collect();
    assert_eq!(
        names,
        [
            "PAYTR_MERCHANT_ID",
            "PAYTR_MERCHANT_KEY",
            "PAYTR_MERCHANT_SALT",
            "WEBHOOK_SECRETS",
            "PAYTR_BASE_URL",
            "PAYTR_TIMEOUT_MS",
            "PAYTR_DEBUG_ON",
            "ALLOWED_ORIGINS",
            "SEND_LIMITS",
            "EVENTS_URL",
            "ALERT_URL",
            "RELAY_ORIGIN",
            "LEDGER_LOCATION",
            "EVENTS_SECRETS",
            "STOREFRONTS",
        ]
    );
    let unset = Config::parse(|_| None).unwrap_err();
    assert_eq!(unset, REQUIRED.map(|name| InvalidSetting { name, detail: "is not set" }));
}

#[test]
fn a_merchant_number_is_text_so_that_a_leading_zero_survives() {
    let longest = "1".repeat(32);
    for id in ["0", "001234", "123456", "AAAAAA", &longest] {
        assert_eq!(good("PAYTR_MERCHANT_ID", id).merchant.id(), id);
    }
    let too_long = "1".repeat(33);
    let refused = [" 123456", "123456 ", "123 456", "12.5", "-1", "\"123456\"", "123456\n", "１２３", "a&b", &too_long];
    assert_refused("PAYTR_MERCHANT_ID", "Mağaza No", &refused);
}

#[test]
fn key_and_salt_are_paytrs_text_alone_and_not_short() {
    for name in ["PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT"] {
        for value in ["1234567890123456", "XXXXXXXXXXXXXXXX", "!#$%&()*+,-./:;<=>?@[]^_`{|}~", &"k".repeat(144)] {
            good(name, value);
        }
        assert_refused(name, "is too short", &["x", "123456789012345"]);
        let marks = ["\"", "'", " ", "\n", "ş", "\u{a0}"].map(|mark| format!("1234567890123456{mark}"));
        let others = [" 1234567890123456", "12345678 90123456", "\"1234567890123456\"", "                "];
        for value in marks.iter().map(String::as_str).chain(others) {
            assert_refused(name, "without blanks, quotes or line ends", &[value]);
        }
    }
}

#[test]
fn the_key_signs_and_the_salt_is_signed() {
    let token = |settings: &Config| settings.merchant.send_token("NB2Zlz3", "05321234567").unwrap().as_str().to_owned();
    assert_eq!(token(&parse(&environment()).unwrap()), "/OTdzvKJwHk1UfTBkA0+L9B6arV86KKGOFNXLVvU6s8=");
}

#[test]
fn webhook_secrets_are_read_by_their_own_grammar() {
    let secret = |byte: u8, length| format!("whsec_{}", STANDARD.encode(vec![byte; length]));
    let two = format!("{}\n{}", secret(1, 24), secret(2, 64));
    assert_eq!(good("WEBHOOK_SECRETS", &two).webhook_secrets.len(), 2);
    assert_refused("WEBHOOK_SECRETS", "is blank", &[" ", "\n\n"]);
    assert_refused("WEBHOOK_SECRETS", "fewer than 24 bytes", &[&secret(1, 23), "whsec_"]);
    assert_refused("WEBHOOK_SECRETS", "does not begin with whsec_", &["secret", "[\"whsec_\"]"]);
}

#[test]
fn events_are_signed_with_secrets_of_their_own() {
    let secret = |byte: u8| format!("whsec_{}", STANDARD.encode([byte; 24]));
    let two = format!("{} {}", secret(1), secret(2));
    assert_eq!(good("EVENTS_SECRETS", &two).events_secrets.len(), 2);
    assert_refused("EVENTS_SECRETS", "does not begin with whsec_", &["secret"]);
    let mut environment = environment();
    environment.insert("WEBHOOK_SECRETS", format!("{}\n{}", secret(2), secret(3)));
    let detail = "holds a secret that is among WEBHOOK_SECRETS too; make one of its own";
    for (secrets, is_shared) in [(secret(1), false), (secret(2), true), (format!("{} {}", secret(1), secret(3)), true)]
    {
        environment.insert("EVENTS_SECRETS", secrets.clone());
        let expected = is_shared.then(|| vec![InvalidSetting { name: "EVENTS_SECRETS", detail }]);
        assert_eq!(parse(&environment).err(), expected, "{secrets}");
    }
}

#[test]
fn what_signs_events_is_needed_once_they_go_somewhere() {
    const SHOP: Option<&str> = Some("https://shop.example/events");
    let not_set = InvalidSetting { name: "EVENTS_SECRETS", detail: "is not set" };
    let empty = InvalidSetting { name: "EVENTS_SECRETS", detail: "is empty" };
    for (url, secrets, expected) in [
        (None, None, None),
        (Some(""), None, None),
        (None, Some(""), None),
        (Some(""), Some(""), None),
        (SHOP, None, Some(not_set)),
        (SHOP, Some(""), Some(empty)),
    ] {
        let given = [("EVENTS_URL", url), ("EVENTS_SECRETS", secrets)];
        match (parse_with_only(given), expected) {
            (Ok(settings), None) => assert!(settings.events_secrets.is_empty() && settings.events_url.is_none()),
            (Err(bad), Some(expected)) => assert_eq!(bad, [expected]),
            (parsed, _) => panic!("{given:?}: {parsed:?}"),
        }
    }
    // One that is there must be good all the same, and a wrong EVENTS_URL does not say that events are off.
    for (url, secrets, expected) in [
        (None, Some("whsec_"), &["EVENTS_SECRETS"][..]),
        (Some(""), Some("whsec_"), &["EVENTS_SECRETS"]),
        (Some("shop.example"), None, &["EVENTS_URL", "EVENTS_SECRETS"]),
    ] {
        let bad = parse_with_only([("EVENTS_URL", url), ("EVENTS_SECRETS", secrets)]).unwrap_err();
        assert_eq!(bad.iter().map(|bad| bad.name).collect::<Vec<_>>(), expected, "{url:?} {secrets:?}");
    }
    for blank in [" ", "\n", "\t "] {
        assert!(!detail("EVENTS_SECRETS", blank).is_empty(), "{blank:?}");
    }
}

/// The settings with these two, of which each may be missing.
fn parse_with_only(given: [(&'static str, Option<&str>); 2]) -> Result<Config, Vec<InvalidSetting>> {
    let mut environment = environment();
    environment.remove("EVENTS_SECRETS");
    environment.extend(given.iter().filter_map(|(name, value)| Some((*name, (*value)?.to_owned()))));
    parse(&environment)
}

#[test]
fn events_go_to_a_secure_address_with_a_path_or_are_off() {
    let longest = format!("https://shop.example/{}", "x".repeat(379));
    for url in [
        "https://shop.example/",
        "https://shop.example/paytr-events",
        "https://shop.example:8443/a//b/?shop=1&x=%20",
        "http://localhost:3000/events",
        "http://[::1]:3000/events",
        &longest,
    ] {
        assert_eq!(good("EVENTS_URL", url).events_url.as_deref(), Some(url));
    }
    assert_eq!(good("EVENTS_URL", "").events_url, None);
    assert_eq!(parse(&environment()).unwrap().events_url, None);
    let too_long = format!("{longest}x");
    let words = "must be https://, a host in lower case and a path";
    let no_urls = ["shop.example/events", "/events", "//shop.example/events", "https:///events"];
    assert_refused("EVENTS_URL", words, &no_urls);
    assert_refused("EVENTS_URL", words, &["https://shop.example", "http://shop.example/events", &too_long]);
    for path in ["/events#top", "/my events", "/events\n", "/\u{15f}"] {
        assert_refused("EVENTS_URL", words, &[&format!("https://shop.example{path}")]);
    }
}

/// Which origins there are is in `model_origin`.
#[test]
fn a_base_url_is_a_secure_origin_and_may_end_in_a_slash() {
    for (written, expected) in [
        ("https://www.paytr.com", "https://www.paytr.com"),
        ("https://www.paytr.com/", "https://www.paytr.com"),
        ("https://paytr.example:8443", "https://paytr.example:8443"),
        ("http://localhost:4010/", "http://localhost:4010"),
    ] {
        assert_eq!(good("PAYTR_BASE_URL", written).base_url, expected);
    }
    let refused = ["/", "https://www.paytr.com//", "https://www.paytr.com/odeme", "\"https://www.paytr.com\""];
    assert_refused("PAYTR_BASE_URL", "must be https:// and a host", &refused);
}

#[test]
fn the_relays_own_address_is_an_https_origin_without_a_port_or_is_left_to_the_request() {
    for (written, expected) in [
        ("https://relay.example", "https://relay.example"),
        ("https://relay.example/", "https://relay.example"),
        ("http://localhost:8787", "http://localhost:8787"),
        ("http://127.0.0.1:8787/", "http://127.0.0.1:8787"),
    ] {
        assert_eq!(good("RELAY_ORIGIN", written).relay_origin.as_deref(), Some(expected));
    }
    assert_eq!(good("RELAY_ORIGIN", "").relay_origin, None);
    let words = "the relay's own public host, in lower case, without port and path";
    assert_refused("RELAY_ORIGIN", words, &["/", "https://relay.example//", "\"https://relay.example\""]);
    // Where notifications would come to another origin than the one that is written.
    for written in
        ["http://relay.example", "https://relay.example:8443", "https://Relay.example", "https://relay.example."]
    {
        assert_refused("RELAY_ORIGIN", words, &[written]);
    }
}

#[test]
fn the_ledger_is_kept_at_one_of_cloudflares_places() {
    assert_eq!(LOCATIONS.len(), 9);
    for location in LOCATIONS {
        assert_eq!(good("LEDGER_LOCATION", location).ledger_location, location);
    }
    assert_refused("LEDGER_LOCATION", "must be one of wnam, enam,", &["tr", "EEUR", " eeur", "eeur,weur", "\"eeur\""]);
    for location in LOCATIONS {
        assert!(detail("LEDGER_LOCATION", "tr").contains(location), "{location} is not named");
    }
}

#[test]
fn a_timeout_is_a_whole_number_of_milliseconds() {
    for (written, expected) in [("1", 1), ("20000", 20_000), ("120000", 120_000)] {
        assert_eq!(good("PAYTR_TIMEOUT_MS", written).timeout_ms, expected);
    }
    let refused = ["0", "-1", "120001", "4294967297", "1.5", "2e4", "20 000", "20000ms", "abc", "null", "true", "[1]"];
    assert_refused("PAYTR_TIMEOUT_MS", "from 1 to 120000", &refused);
}

#[test]
fn debug_on_is_0_or_1() {
    assert!(!good("PAYTR_DEBUG_ON", "0").debug_on);
    assert!(good("PAYTR_DEBUG_ON", "1").debug_on);
    assert_refused("PAYTR_DEBUG_ON", "must be 0 or 1", &["2", "true", "false", "-1", "00", "01", "1.0", "on", "null"]);
}

#[test]
fn a_wrong_list_of_origins_allows_none() {
    for written in ["*", r#"["https://shop.example","*"]"#, "[1]", ""] {
        assert!(origins(&Environment::from([("ALLOWED_ORIGINS", written.to_owned())])).is_empty(), "{written}");
    }
}

#[test]
fn allowed_origins_are_a_json_list_of_origins() {
    let two = r#" [ "https://shop.example" , "https://www.shop.example:8443" ] "#;
    let cases: [(&str, &[&str]); 4] = [
        ("[]", &[]),
        (r#"["https://shop.example"]"#, &["https://shop.example"]),
        (two, &["https://shop.example", "https://www.shop.example:8443"]),
        (r#"["http://localhost:3000","http://[::1]"]"#, &["http://localhost:3000", "http://[::1]"]),
    ];
    for (written, expected) in cases {
        good("ALLOWED_ORIGINS", written);
        assert_eq!(origins(&Environment::from([("ALLOWED_ORIGINS", written.to_owned())])), expected);
    }
    let no_lists =
        ["*", "https://shop.example", "\"https://shop.example\"", "null", "{}", "[", "[\"https://a.example\",]"];
    assert_refused("ALLOWED_ORIGINS", "must be a JSON list of texts", &no_lists);
    for item in ["1", "null", r#""*""#, r#"["https://shop.example"]"#] {
        let lists = [format!("[{item}]"), format!(r#"["https://shop.example",{item}]"#)];
        assert_refused("ALLOWED_ORIGINS", "must ", &lists.each_ref().map(String::as_str));
    }
}

#[test]
fn send_limits_are_a_json_list_of_counts_and_seconds() {
    let limit = |count, seconds| SendLimit { count, seconds };
    let cases: [(&str, &[SendLimit]); 5] = [
        ("[]", &[]),
        (r#"[{"count":1,"seconds":1}]"#, &[limit(1, 1)]),
        (r#"[{"count":1000,"seconds":2678400}]"#, &[limit(1000, 2_678_400)]),
        (r#"[{"seconds":60,"count":2}]"#, &[limit(2, 60)]),
        (r#" [ {"count": 2, "seconds": 60}, {"count": 9, "seconds": 3600} ] "#, &[limit(2, 60), limit(9, 3600)]),
    ];
    for (written, expected) in cases {
        assert_eq!(good("SEND_LIMITS", written).send_limits, expected);
    }
    let no_lists = ["1", "null", "{}", r#"{"count":1,"seconds":60}"#, "[1]", "[null]", r#"[{"count":1,"seconds":60}"#];
    assert_refused("SEND_LIMITS", "must ", &no_lists);
    for (what, members) in texts(&[
        ("a member missing", &["", r#""count":1"#, r#""seconds":1"#]),
        ("under 1", &[r#""count":0,"seconds":60"#, r#""count":1,"seconds":0"#, r#""count":-1,"seconds":60"#]),
        ("too large", &[r#""count":1001,"seconds":60"#, r#""count":1,"seconds":2678401"#]),
        ("over 32 bits", &[r#""count":4294967297,"seconds":60"#, r#""count":1,"seconds":4294967356"#]),
        ("no whole number", &[r#""count":1.5,"seconds":60"#, r#""count":"1","seconds":60"#]),
        ("no seconds", &[r#""count":1,"seconds":"60""#, r#""count":1,"seconds":null"#]),
        ("another member", &[r#""count":1,"seconds":60,"per":"phone""#]),
        ("a member twice", &[r#""count":1,"count":5,"seconds":60"#]),
        ("the second limit wrong", &[r#""count":1,"seconds":60},{"count":0,"seconds":60"#]),
    ]) {
        let value = format!("[{{{members}}}]");
        assert!(detail("SEND_LIMITS", &value).contains("must "), "{what}: {value}");
    }
}

#[test]
fn alerts_go_to_an_address_as_its_service_writes_it_or_nowhere() {
    let teams = format!(
        "https://prod-12.westeurope.logic.azure.com:443/workflows/0f/triggers/manual/paths/invoke?sig={}",
        "x".repeat(500)
    );
    for url in [
        "https://hooks.slack.com/services/T000/B000/XXXX",
        "https://chat.googleapis.com/v1/spaces/AAA/messages?key=a-b&token=c%3D",
        "https://mattermost.example:8443/hooks/abc",
        "http://127.0.0.1:8099/alerts",
        &teams,
    ] {
        assert_eq!(good("ALERT_URL", url).alert_url.unwrap().as_str(), url);
    }
    assert_eq!(good("ALERT_URL", "").alert_url, None);
    let too_long = format!("https://hooks.example/{}", "x".repeat(1000));
    let refused =
        ["http://hooks.slack.com/services", "https://hooks.slack.com", "https://hooks.example/a#b", &too_long];
    assert_refused("ALERT_URL", "https://", &refused);
    assert_eq!(format!("{:?}", good("ALERT_URL", "https://hooks.example/zq").alert_url), "Some(AlertUrl)");
}

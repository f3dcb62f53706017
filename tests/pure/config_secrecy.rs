//! No setting's value is ever shown: neither by an error nor by printing the settings.

use crate::config::{Environment, REQUIRED, environment, parse};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::config::Config;
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::http::response::Response;
use proptest::prelude::*;

#[test]
fn printed_settings_show_no_key_no_salt_and_no_webhook_secret() {
    let environment = environment();
    let settings = parse(&environment).unwrap();
    let token = settings.merchant.send_token("NB2Zlz3", "05321234567").unwrap();
    let secret = &environment["WEBHOOK_SECRETS"];
    let secret_bytes = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    for printed in [format!("{settings:?}"), format!("{settings:#?}"), format!("{:?} {token:?}", settings.merchant)] {
        for hidden in [
            environment["PAYTR_MERCHANT_KEY"].as_str(),
            environment["PAYTR_MERCHANT_SALT"].as_str(),
            secret,
            secret.strip_prefix("whsec_").unwrap(),
            std::str::from_utf8(&secret_bytes).unwrap(),
            &format!("{secret_bytes:?}"),
            &format!("{:?}", environment["PAYTR_MERCHANT_KEY"].as_bytes()),
            token.as_str(),
        ] {
            assert!(!printed.contains(hidden), "{printed}");
        }
        assert!(printed.contains("123456"), "{printed}");
    }
}

proptest! {
    #[test]
    fn no_value_of_a_wrong_setting_is_ever_repeated(mark in "zq[a-z]{10,20}zq", form in 0..5_usize) {
        let value = match form {
            0 => format!(" {mark}\n"),
            1 => format!("[\"{mark} \"]"),
            2 => format!("whsec_{mark}"),
            3 => format!("[{{\"{mark}\":\"{mark}\"}}]"),
            _ => format!("https://{mark}.example/ {mark}"),
        };
        let bad = Config::parse(|_| Some(value.clone())).unwrap_err();
        let names: Vec<&str> = bad.iter().map(|bad| bad.name).collect();
        prop_assert!(names.contains(&"WEBHOOK_SECRETS") && names.contains(&"PAYTR_BASE_URL"));
        prop_assert!(!format!("{bad:?}").contains(&mark), "{bad:?}");
        let answer = Response::from(Problem::Misconfigured(bad));
        prop_assert!(!format!("{answer:?}").contains(&mark), "{answer:?}");
        for name in names {
            prop_assert!(answer.body.contains(name));
        }
    }

    #[test]
    fn a_wrong_setting_is_never_guessed(which in 0..=REQUIRED.len(), junk in "[ \t\"'ş]{1,30}") {
        let mut environment: Environment = environment();
        let name = REQUIRED.get(which).copied().unwrap_or("EVENTS_SECRETS");
        environment.insert(name, junk);
        let bad = parse(&environment).unwrap_err();
        prop_assert_eq!(bad.len(), 1);
        prop_assert_eq!(bad[0].name, name);
    }
}

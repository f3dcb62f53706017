//! What may be found in no log and no storage, and the search for it.

use super::invalid_settings::{invalid_settings, needle};
use super::people::{EMAIL_MARK, NAME_MARK, PHONE_MARK, WEBHOOK_ID_MARK};
use super::{notice, secrets};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_sandbox::Sandbox;
use std::collections::{BTreeSet, HashMap};

/// Characters of a token that no other token begins with, and that percent-encoding leaves at that length or breaks off.
const TOKEN_PART: usize = 12;

/// What an answer and the storage may hold, and the log may not.
pub const QR_CODE: &str = "a QR code";
/// How every PNG begins.
const PNG_IN_BASE64: &str = "iVBORw0KGgo";

/// What proves a notice of PayTR's.
pub const HASH: &str = "a notice's hash";

/// What a storefront's webhooks are signed with.
pub const SHOP_SECRET: &str = "a storefront's secret";
/// What a shop's API is asked with.
pub const API_KEY: &str = "an API key";

/// What a log may hold, and a storage may not.
pub const WEBHOOK_ID: &str = "a webhook id";

/// Secrets, tokens, recipients and webhook ids, by how they begin.
pub struct Leaks {
    by_start: HashMap<[u8; 2], Vec<(&'static str, Vec<u8>)>>,
    /// Whether anything begins with these two bytes: quicker than the map, as most of a storage is nothing.
    starts: Vec<bool>,
}

impl Leaks {
    /// All secrets of the tests, every token that the sandbox got, and every hash of a notice.
    pub fn of(sandbox: &Sandbox) -> Self {
        let mut leaks = Self { by_start: HashMap::new(), starts: vec![false; 1 << 16] };
        leaks.add("the merchant key", secrets::MERCHANT_KEY.as_bytes());
        leaks.add("the merchant salt", secrets::MERCHANT_SALT.as_bytes());
        leaks.add("an e-mail address", EMAIL_MARK.as_bytes());
        leaks.add("a phone number", PHONE_MARK.as_bytes());
        leaks.add("a link's name", NAME_MARK.as_bytes());
        leaks.add(QR_CODE, PNG_IN_BASE64.as_bytes());
        leaks.add(WEBHOOK_ID, WEBHOOK_ID_MARK.as_bytes());
        for secret in
            [secrets::current(), secrets::outgoing(), secrets::foreign(), secrets::events(), secrets::new_events()]
        {
            let encoded = secret.strip_prefix("whsec_").unwrap();
            leaks.add("a webhook secret", encoded.as_bytes());
            leaks.add("a webhook secret's bytes", &STANDARD.decode(encoded).unwrap());
        }
        // JSON for PHP, and what stands in its form on the wire.
        leaks.add("a link's name", NAME_MARK.replace('ş', "\\u015f").as_bytes());
        let of_shops = [
            secrets::SHOP_SECRET,
            secrets::NEW_SHOP_SECRET,
            secrets::TYPED_SHOP_SECRET,
            secrets::STORED_SHOP_SECRET,
            secrets::SHOPIFY_SECRET,
        ];
        for secret in of_shops.into_iter().chain(secrets::SHOP_SECRETS) {
            leaks.add(SHOP_SECRET, secret.as_bytes());
        }
        leaks.add(API_KEY, secrets::SHOPIFY_TOKEN_MARK.as_bytes());
        for part in secrets::API_KEY.split(':').chain(secrets::SHOPIFY_APP.split(':')) {
            leaks.add(API_KEY, part.as_bytes());
        }
        leaks.add(API_KEY, &STANDARD.encode(secrets::API_KEY).as_bytes()[..TOKEN_PART]);
        leaks.add(API_KEY, secrets::SHOP_API_KEY.as_bytes());
        for value in invalid_settings().iter().filter_map(|(_, _, value)| value.as_ref().and_then(needle)) {
            leaks.add("an invalid setting's value", value.as_bytes());
        }
        let calls = sandbox.received();
        let tokens: Vec<&str> = calls.iter().filter_map(|call| call.field("paytr_token")).collect();
        assert!(!tokens.is_empty(), "PayTR got no token");
        for token in tokens {
            leaks.add_base64("a token", token);
        }
        let payments = sandbox.links().into_iter().flat_map(|link| link.payments);
        let told = payments.flat_map(|payment| payment.fields).filter(|(name, _)| name == "hash");
        for hash in told.map(|(_, hash)| hash).chain(notice::hashes()) {
            leaks.add_base64(HASH, &hash);
        }
        leaks
    }

    /// The kinds of what `bytes` hold.
    pub fn found_in(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        for (place, pair) in bytes.windows(2).enumerate() {
            if self.starts[start(pair[0], pair[1])] {
                let rest = &bytes[place..];
                let here = self.by_start[&[pair[0], pair[1]]].iter().filter(|(_, needle)| rest.starts_with(needle));
                found.extend(here.map(|(kind, _)| *kind).filter(|kind| *kind != "a phone number" || is_phone(rest)));
            }
        }
        found
    }

    /// As it is, and as a form has it.
    fn add_base64(&mut self, kind: &'static str, text: &str) {
        for written in [text, &text.replace('+', "%2B").replace('/', "%2F")] {
            self.add(kind, &written.as_bytes()[..TOKEN_PART]);
        }
    }

    fn add(&mut self, kind: &'static str, needle: &[u8]) {
        self.starts[start(needle[0], needle[1])] = true;
        self.by_start.entry([needle[0], needle[1]]).or_default().push((kind, needle.to_vec()));
    }
}

fn start(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// The mark of the tests' numbers and four digits more, whatever stands in front.
fn is_phone(bytes: &[u8]) -> bool {
    let number = &bytes[..bytes.len().min(PHONE_MARK.len() + 4)];
    number.len() == PHONE_MARK.len() + 4 && number.iter().all(u8::is_ascii_digit)
}

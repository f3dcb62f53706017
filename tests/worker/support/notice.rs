//! PayTR's notice of a payment, made here once more from PayTR's formula, and what the relay answers to one.

use super::answer::Answer;
use super::client::{client, request};
use super::order::PRICE;
use super::people::{EMAIL_MARK, NAME_MARK, PHONE_MARK};
use super::secrets::{MERCHANT_ID, MERCHANT_SALT};
use super::suite::Suite;
use super::token::hash;
use super::workerd::Workerd;
use super::{people, raw};
use std::sync::Mutex;

/// Every right hash that was made here: what no log and no storage may hold.
static HASHES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The fields that PayTR signs, in the order of its formula.
pub const SIGNED: [&str; 4] = ["callback_id", "merchant_oid", "status", "total_amount"];
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// The fields of a notice, in order.
#[derive(Clone)]
pub struct Notice(pub Vec<(String, String)>);

impl Notice {
    /// A card payment in TL, as PayTR tells of it, with what PayTR may one day say of the payer.
    pub fn new(callback_id: &str, merchant_oid: &str, amount: u64) -> Self {
        let amount = amount.to_string();
        let payer = format!("{NAME_MARK} {EMAIL_MARK} {PHONE_MARK}1234");
        let fields = [
            ("callback_id", callback_id),
            ("merchant_oid", merchant_oid),
            ("status", "success"),
            ("total_amount", &amount),
            ("payment_amount", &amount),
            ("payment_type", "card"),
            ("currency", "TL"),
            ("merchant_id", MERCHANT_ID),
            ("test_mode", "0"),
            ("payer", &payer),
        ];
        Self(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()).signed()
    }

    /// The fields that PayTR signs, and the hash.
    pub fn least(callback_id: &str, merchant_oid: &str, amount: u64) -> Self {
        let mut notice = Self::new(callback_id, merchant_oid, amount);
        notice.0.retain(|(name, _)| name == "hash" || SIGNED.contains(&name.as_str()));
        notice
    }

    /// A field's value.
    pub fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// With another value of a field, and no other hash.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => value.clone_into(known),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Without a field, and with no other hash.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// With one field more at the end, even one that is there already.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With the right hash, in front.
    pub fn signed(self) -> Self {
        let [callback_id, merchant_oid, status, total_amount] = SIGNED.map(|name| self.field(name));
        let hash = hash(&format!("{callback_id}{merchant_oid}{MERCHANT_SALT}{status}{total_amount}"));
        HASHES.lock().unwrap().push(hash.clone());
        let mut fields = vec![("hash".to_owned(), hash)];
        fields.extend(self.without("hash").0);
        Self(fields)
    }

    /// The body that is posted.
    pub fn form(&self) -> Vec<u8> {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish().into_bytes()
    }
}

/// PayTR's number of a payment.
pub fn merchant_oid() -> String {
    format!("IN20261125A{}", people::next())
}

/// Every right hash that was made here so far.
pub fn hashes() -> Vec<String> {
    HASHES.lock().unwrap().clone()
}

impl Suite {
    /// Posts a form to the callback of a service. The log then has a line of this code.
    pub async fn callback(&self, service: &str, form: &[u8], code: &str) -> Answer {
        let answer = self.request(service, "POST", "/callback", &FORM, form.to_vec()).await;
        self.seen.expect(answer.status, code);
        answer
    }

    /// The same in chunks, without a length.
    pub async fn callback_in_chunks(&self, service: &str, form: &[u8], code: &str) -> Answer {
        let mut bytes = raw::head("POST", "/callback", &[FORM[0], ("transfer-encoding", "chunked")]).into_bytes();
        bytes.extend(b"\r\n");
        bytes.extend(raw::chunked(form, 1000));
        let answer = self.raw(service, &bytes).await.unwrap();
        self.seen.expect(answer.status, code);
        answer
    }
}

impl Workerd {
    /// Posts a form to the callback of a service of a workerd that a test has to itself.
    pub async fn callback(&self, service: &str, notice: &Notice) -> reqwest::Result<Answer> {
        request(&client(), &self.url(service), "POST", "/callback", &FORM, notice.form()).await
    }

    /// Tells it of a payment that fits a link. Returns PayTR's number of the payment.
    pub async fn pay(&self, service: &str, callback_id: &str) -> String {
        let oid = merchant_oid();
        self.callback(service, &Notice::new(callback_id, &oid, PRICE)).await.unwrap().assert_ok(callback_id);
        oid
    }
}

impl Answer {
    /// Asserts that the payment is stored, in the words that PayTR waits for.
    #[track_caller]
    pub fn assert_ok(&self, case: &str) {
        assert_eq!((self.status, self.text().as_str()), (200, "OK"), "{case}");
        self.assert_plain(case);
    }

    /// Asserts a refusal, in words that PayTR's panel shows.
    #[track_caller]
    pub fn assert_failed(&self, status: u16, words: &str, case: &str) {
        let text = format!("PAYTR notification failed: {words}");
        assert_eq!((self.status, self.text()), (status, text), "{case}");
        self.assert_plain(case);
    }

    #[track_caller]
    fn assert_plain(&self, case: &str) {
        assert_eq!(self.header("content-type"), Some("text/plain; charset=utf-8"), "{case}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{case}");
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{case}");
        assert_eq!(self.header("access-control-allow-origin"), None, "{case}");
    }
}

//! The form that PayTR gets: exact to the byte, as an encoder of the test's own writes it.

use crate::support::{
    EMAIL, MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT, SMS, call, config_of, email_to, hmac_base64, merchant,
    merchant_with, message, sms_to,
};
use paytr_link_relay::config::Config;
use paytr_link_relay::message::SendLink;
use paytr_link_relay::paytr::{Merchant, urlencode};
use proptest::prelude::*;

fn form_of(merchant: &Merchant, message: &SendLink, debug_on: bool) -> String {
    call(message, &Config { debug_on, ..config_of(merchant.clone()) }).form
}

/// Nothing but what is unreserved stays as it is.
fn encoded(text: &str) -> String {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte| if is_unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

#[test]
fn each_channel_has_its_path_and_its_form_is_exact_to_the_byte() {
    for (message, debug_on, channel, recipient, token) in [
        (message(SMS), 0, "sms", "cell_phone=05321234567", "%2FOTdzvKJwHk1UfTBkA0%2BL9B6arV86KKGOFNXLVvU6s8%3D"),
        (message(EMAIL), 1, "email", "email=musteri%40example.com", "U52hOp0gY0uKnxJwGVcIwthNfglEmoXNAe0YDfP%2FIus%3D"),
        // A plus in an address is signed raw and sent encoded.
        (
            email_to("musteri+fatura@example.com"),
            0,
            "email",
            "email=musteri%2Bfatura%40example.com",
            "ujQ8vZuTttOc11sFN2xhldJUKb7RxkilkFea0i8WJvY%3D",
        ),
    ] {
        let form = form_of(&merchant(), &message, debug_on == 1);
        let expected = format!("merchant_id=123456&id=NB2Zlz3&{recipient}&debug_on={debug_on}&paytr_token={token}");
        assert_eq!(form, expected);
        assert_eq!(call(&message, &config_of(merchant())).path, format!("/odeme/api/link/send-{channel}"));
    }
}

#[test]
fn every_byte_outside_the_unreserved_set_is_percent_encoded() {
    let ascii: String = (0..128).map(char::from).collect();
    let every_lead_and_tail: String = (0x80..0x800)
        .chain((0x800..0x1_0000).step_by(61))
        .chain((0x1_0000..0x11_0000).step_by(997))
        .filter_map(char::from_u32)
        .collect();
    for id in [ascii, every_lead_and_tail] {
        let form = form_of(&merchant_with(&id, MERCHANT_KEY, MERCHANT_SALT), &message(SMS), false);
        let expected = format!("merchant_id={}&id=NB2Zlz3&cell_phone=05321234567&debug_on=0&", encoded(&id));
        assert!(form.starts_with(&expected), "{form}");
    }
    let form = form_of(&merchant_with("\0 !~\u{7f}ç", MERCHANT_KEY, MERCHANT_SALT), &message(SMS), false);
    assert!(form.starts_with("merchant_id=%00%20%21~%7F%C3%A7&"), "{form}");
}

#[test]
fn a_form_is_written_of_any_fields_and_read_back_by_any_reader() {
    let fields = [("name", "Çay & \"kahve\" = 100%+ 😀"), ("a b&", ""), ("~-._", "~-._*")];
    let form = urlencode(&fields);
    assert_eq!(form, "name=%C3%87ay%20%26%20%22kahve%22%20%3D%20100%25%2B%20%F0%9F%98%80&a%20b%26=&~-._=~-._%2A");
    let read: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
    assert_eq!(read, fields.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(urlencode(&[]), "");
}

proptest! {
    #[test]
    fn what_is_sent_is_what_was_signed(
        id in "[A-Za-z0-9_-]{1,64}",
        local in "[a-zA-Z0-9!#$%'*+/?^_`{|}~-]{1,30}([.][a-zA-Z0-9!#$%'*+/?^_`{|}~-]{1,20})?",
        subscriber in "[0-9]{9}",
        by_sms in any::<bool>(),
        debug_on in any::<bool>(),
    ) {
        let recipient = if by_sms { format!("05{subscriber}") } else { format!("{local}@example.com") };
        let template = if by_sms { sms_to(&recipient) } else { email_to(&recipient) };
        let with_id = if by_sms { SMS } else { EMAIL }.replace("NB2Zlz3", &id);
        let message = SendLink { id: message(&with_id).id, ..template };
        let form = form_of(&merchant(), &message, debug_on);
        let token = hmac_base64(
            MERCHANT_KEY.as_bytes(),
            format!("{id}{MERCHANT_ID}{recipient}{MERCHANT_SALT}").as_bytes(),
        );
        let field = if by_sms { "cell_phone" } else { "email" };
        let (to, token, debug) = (encoded(&recipient), encoded(&token), u8::from(debug_on));
        let expected = format!("merchant_id={MERCHANT_ID}&id={id}&{field}={to}&debug_on={debug}&paytr_token={token}");
        prop_assert_eq!(form, expected);
    }
}

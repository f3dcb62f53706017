//! Every note that a shop's staff reads, in both languages. The page for shop owners quotes them.

use crate::shop::{API_KEY, NEITHER, answer, link_note, money, money_in, paid, storefront, turn};
use paytr_link_relay::link::SendOutcome;
use paytr_link_relay::model::{Currency, Lang};
use paytr_link_relay::payment::Reason;
use paytr_link_relay::storefront::{Job, LinkNote, Money, Review, Sent, ShopAnswer, Trouble, Turn, Ways, Why};
use serde_json::{Value, json};

/// The note of a job, of an order that is like this.
fn note_of(job: &Job, order: Option<&Value>, lang: Lang) -> String {
    let storefront = storefront(&json!({"lang": lang.as_str()}));
    let answers: Vec<ShopAnswer> =
        order.into_iter().chain([&json!([])]).map(|body| answer(200, &body.to_string())).collect();
    let Turn::Ask(request) = turn((&storefront, API_KEY, "11"), job, None, &answers) else {
        panic!("{job:?} is not written")
    };
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    body["note"].as_str().unwrap().strip_suffix(" [0f1e2d3c4b5a]").unwrap().to_owned()
}

fn check(job: &Job, tr: &str, en: &str) {
    assert_eq!(note_of(job, None, Lang::Tr), tr);
    assert_eq!(note_of(job, None, Lang::En), en);
}

fn link(sent: &[(&str, SendOutcome)], missing: Ways) -> LinkNote {
    let sent = sent.iter().map(|(to, outcome)| Sent { to: (*to).to_owned(), outcome: *outcome }).collect();
    LinkNote { sent, missing, ..link_note() }
}

const LINK_TR: &str =
    "PayTR ödeme linki oluşturuldu: https://www.paytr.com/link/NB2Zlz3 (1.580,00 TL, son ödeme 25.11.2026 13:00).";
const LINK_EN: &str = "PayTR payment link: https://www.paytr.com/link/NB2Zlz3 (1,580.00 TL, can be paid until 2026-11-25 13:00 Istanbul time).";

#[test]
fn a_new_link_is_told_with_what_became_of_each_send() {
    for (outcome, tr, en) in [
        (SendOutcome::Sent, ": gönderildi.", ": sent."),
        (SendOutcome::Rejected, ": PayTR göndermedi.", ": PayTR did not send it."),
        (
            SendOutcome::Unknown,
            ": gönderilip gönderilmediği bilinmiyor; müşteriye sorun.",
            ": nobody knows whether it was sent; ask the customer.",
        ),
        (
            SendOutcome::Limited,
            ": bu müşteriye az önce mesaj gönderildi; sırası gelince gönderilecek.",
            ": was written to just now; will be sent when its time has come.",
        ),
        (SendOutcome::Obsolete, ": gönderilmesine gerek kalmadı.", ": no longer needed."),
    ] {
        let job = Job::Link(link(&[("05*******67", outcome)], NEITHER));
        check(&job, &format!("{LINK_TR} 05*******67{tr}"), &format!("{LINK_EN} 05*******67{en}"));
    }
    let both = [("05*******67", SendOutcome::Sent), ("m***@e***.com", SendOutcome::Rejected)];
    check(
        &Job::Link(link(&both, NEITHER)),
        &format!("{LINK_TR} 05*******67: gönderildi. m***@e***.com: PayTR göndermedi."),
        &format!("{LINK_EN} 05*******67: sent. m***@e***.com: PayTR did not send it."),
    );
}

#[test]
fn a_way_for_which_there_is_nobody_is_told_and_who_sends_a_link_that_nobody_got() {
    let no_phone = (
        " Siparişte geçerli bir cep telefonu yok, SMS gönderilmedi.",
        " The order has no valid mobile number, so no SMS was sent.",
    );
    let no_email = (
        " Siparişte geçerli bir e-posta adresi yok, e-posta gönderilmedi.",
        " The order has no valid e-mail address, so no e-mail was sent.",
    );
    let nobody = (" Linki müşteriye siz gönderin.", " Send the customer the link yourself.");
    let sent = [("m***@e***.com", SendOutcome::Sent)];
    let is_sent = (" m***@e***.com: gönderildi.", " m***@e***.com: sent.");
    for (sent, sms, email, texts) in [
        (&sent[..], true, false, vec![no_phone, is_sent]),
        (&sent, false, true, vec![no_email, is_sent]),
        (&[], true, true, vec![no_phone, no_email, nobody]),
        (&[], true, false, vec![no_phone, nobody]),
        (&[], false, false, vec![nobody]),
    ] {
        let tr: String = texts.iter().map(|(tr, _)| *tr).collect();
        let en: String = texts.iter().map(|(_, en)| *en).collect();
        check(&Job::Link(link(sent, Ways { sms, email })), &format!("{LINK_TR}{tr}"), &format!("{LINK_EN}{en}"));
    }
}

#[test]
fn a_link_that_takes_the_place_of_another_says_so() {
    let note = LinkNote { is_another: true, ..link(&[("05*******67", SendOutcome::Sent)], NEITHER) };
    let tr = LINK_TR.replace("oluşturuldu", "yenilendi") + " Önceki link artık geçersiz. 05*******67: gönderildi.";
    let en = format!("New {LINK_EN} The earlier link is no more. 05*******67: sent.");
    check(&Job::Link(note), &tr, &en);
}

#[test]
fn amounts_are_written_as_each_language_does() {
    let amount = |money: Money, lang| note_of(&Job::Trouble(Trouble::CostsMore(money)), None, lang);
    for (minor_units, tr, en) in [
        (1, "0,01 TL", "0.01 TL"),
        (10, "0,10 TL", "0.10 TL"),
        (99_999, "999,99 TL", "999.99 TL"),
        (100_000, "1.000,00 TL", "1,000.00 TL"),
        (12_345_678, "123.456,78 TL", "123,456.78 TL"),
        (100_000_000, "1.000.000,00 TL", "1,000,000.00 TL"),
        (9_999_999_999, "99.999.999,99 TL", "99,999,999.99 TL"),
    ] {
        let (turkish, english) = (amount(money(minor_units), Lang::Tr), amount(money(minor_units), Lang::En));
        assert!(turkish.contains(&format!("linkiyle {tr} ödenmişti")), "{turkish}");
        assert!(english.starts_with(&format!("{en} was paid")), "{english}");
    }
    for (currency, name) in
        [(Currency::Eur, "EUR"), (Currency::Usd, "USD"), (Currency::Gbp, "GBP"), (Currency::Rub, "RUB")]
    {
        assert!(amount(money_in(100, currency), Lang::En).starts_with(&format!("1.00 {name} was paid")));
    }
}

#[test]
fn a_payment_is_told_with_its_number_and_what_is_wrong_with_the_order() {
    let order = |status: &str, total: &str, transaction_id: &str| json!({"status": status, "total": total, "currency": "TRY", "transaction_id": transaction_id});
    for (order, tr, en) in [
        (
            order("processing", "1580.00", "IN1"),
            "PayTR: 1.580,00 TL ödeme linkiyle ödendi. PayTR işlem numarası: IN1.",
            "PayTR: 1,580.00 TL was paid by payment link. PayTR's number of the payment: IN1.",
        ),
        (
            order("on-hold", "2000", ""),
            "PayTR: 1.580,00 TL ödeme linkiyle ödendi (IN1), ancak sipariş tutarı şimdi 2.000,00 TL. Siparişin durumu \
             değiştirilmedi; lütfen kontrol edin.",
            "PayTR: 1,580.00 TL was paid by payment link (IN1), but the order costs 2,000.00 TL now. Its status was not \
             changed; please look at it.",
        ),
        (
            order("on-hold", "x", ""),
            "PayTR: 1.580,00 TL ödeme linkiyle ödendi (IN1), ancak sipariş tutarı şimdi ?. Siparişin durumu değiştirilmedi; \
             lütfen kontrol edin.",
            "PayTR: 1,580.00 TL was paid by payment link (IN1), but the order costs ? now. Its status was not changed; please \
             look at it.",
        ),
        (
            order("cancelled", "1580.00", ""),
            "PayTR: 1.580,00 TL ödeme linkiyle ödendi (IN1), ancak siparişin durumu zaten “cancelled”. Durum değiştirilmedi; \
             müşteri iki kez ödemiş ya da iptal edilen siparişi ödemiş olabilir, lütfen kontrol edin.",
            "PayTR: 1,580.00 TL was paid by payment link (IN1), but the order's status was “cancelled” already. It was not \
             changed; the customer may have paid twice, or for a cancelled order. Please look at it.",
        ),
    ] {
        assert_eq!(note_of(&paid(), Some(&order), Lang::Tr), tr);
        assert_eq!(note_of(&paid(), Some(&order), Lang::En), en);
    }
}

#[test]
fn a_payment_that_a_person_has_to_look_at_is_told_with_each_reason() {
    let review = |total_amount, reasons| Job::Review(Review { merchant_oid: "IN1".to_owned(), total_amount, reasons });
    let tr = |amount: &str, reasons: &str| {
        format!(
            "PayTR bir ödeme bildirdi (IN1, tutar {amount}), ancak sipariş ödendi sayılmadı: {reasons}. Lütfen PayTR \
             panelinden kontrol edin."
        )
    };
    let en = |amount: &str, reasons: &str| {
        format!(
            "PayTR told of a payment (IN1, amount {amount}) that does not count as paid: {reasons}. Please look it up in \
             PayTR's panel."
        )
    };
    let reasons = [
        (Reason::UnknownLink, "link tanınmıyor", "the link is not known"),
        (Reason::NotSuccess, "ödeme başarısız", "the payment failed"),
        (Reason::Unreadable, "bildirimin bir alanı okunamıyor", "a field of the notification cannot be read"),
        (Reason::OtherMerchant, "başka bir mağazaya ödenmiş", "it was paid to another merchant"),
        (Reason::OtherCurrency, "para birimi farklı", "the currency is another"),
        (Reason::TooLittle, "tutar eksik", "the amount is too little"),
        (Reason::TestPayment, "test ödemesi, para çekilmedi", "it is a test payment, no money was moved"),
        (Reason::Deleted, "link silinmişti", "the link was deleted"),
        (Reason::PaidBefore, "link daha önce ödenmişti", "the link was paid before"),
        (
            Reason::Changed,
            "PayTR aynı ödeme için daha önce başka bir şey bildirmişti",
            "PayTR said something else of this payment before",
        ),
    ];
    for (reason, turkish, english) in reasons {
        check(&review(Some(158_000), vec![reason]), &tr("1.580,00", turkish), &en("1,580.00", english));
    }
    check(
        &review(None, vec![Reason::Unreadable, Reason::Deleted]),
        &tr("?", "bildirimin bir alanı okunamıyor; link silinmişti"),
        &en("?", "a field of the notification cannot be read; the link was deleted"),
    );
}

#[test]
fn whatever_a_person_has_to_see_to_is_told() {
    for (reason, told) in [(Some("Hata".to_owned()), "Hata"), (None, "?")] {
        let tr = format!("PayTR ödeme linkini oluşturmadı: {told}. Sipariş değişmeden yeniden denenmeyecek.");
        let en = format!("PayTR did not make the payment link: {told}. It is not asked again until the order changes.");
        check(&Job::Trouble(Trouble::Refused(reason)), &tr, &en);
    }
    for (trouble, tr, en) in [
        (
            Trouble::Unknown,
            "PayTR'a ulaşılamadı ya da yanıtı anlaşılamadı; ödeme linki oluşturulamadı. Linki PayTR panelinden oluşturun.",
            "PayTR could not be reached, or its answer not be read: there is no payment link. Make one in PayTR's panel.",
        ),
        (
            Trouble::NotDeleted(money(158_000)),
            "1.580,00 TL tutarındaki PayTR ödeme linki silinemedi ve hâlâ ödenebilir. Linki PayTR panelinden silin; yenisi \
             oluşturulmadı.",
            "The PayTR payment link for 1,580.00 TL could not be deleted and can still be paid. Delete it in PayTR's panel; \
             no new one was made.",
        ),
        (
            Trouble::Unpayable(Why::Currency),
            "Siparişin para birimini PayTR kabul etmiyor; ödeme linki oluşturulmadı.",
            "PayTR has no such currency as the order's; no payment link was made.",
        ),
        (
            Trouble::Unpayable(Why::Amount),
            "Siparişin tutarı okunamadı ya da PayTR'ın aldığı sınırların dışında; ödeme linki oluşturulmadı.",
            "The order's amount cannot be read, or is more than PayTR takes; no payment link was made.",
        ),
        (
            Trouble::CostsMore(money(158_000)),
            "Bu sipariş için ödeme linkiyle 1.580,00 TL ödenmişti; tutarı şimdi daha fazla. Yeni link oluşturulmadı, lütfen \
             kontrol edin.",
            "1,580.00 TL was paid for this order by payment link, and it costs more now. No new link was made; please look at \
             it.",
        ),
    ] {
        check(&Job::Trouble(trouble), tr, en);
    }
}

#[test]
fn each_kind_of_job_has_its_word_in_the_log() {
    let review = Review { merchant_oid: "IN1".to_owned(), total_amount: None, reasons: Vec::new() };
    let jobs = [Job::Link(link_note()), paid(), Job::Review(review), Job::Trouble(Trouble::Unknown)];
    assert_eq!(jobs.each_ref().map(Job::as_str), ["order.link", "order.paid", "order.review", "order.trouble"]);
}

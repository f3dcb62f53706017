//! The notes that a shop's staff reads in an order, in Turkish and English.
//!
//! They hold amounts, PayTR's number of a payment and masked recipients, and no person's name or address.

use super::job::{Job, LinkNote, Review, Sent, Trouble};
use super::wish::{Money, Why};
use crate::link::SendOutcome;
use crate::model::{Currency, ExpiryDate, Lang};
use crate::payment::Reason;

/// What a payment that is as it was to be comes to in the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payment<'a> {
    /// The order is marked as paid.
    Taken,
    /// It costs this by now, or in a currency that nobody knows.
    CostsMore(Option<Money>),
    /// It is in a status that is no more to be paid.
    NotUnpaid(&'a str),
}

/// The note of a job. `payment` counts for [`Job::Paid`] alone.
pub(super) fn text(job: &Job, payment: &Payment<'_>, lang: Lang) -> String {
    let say = |tr: String, en: String| match lang {
        Lang::Tr => tr,
        Lang::En => en,
    };
    match job {
        Job::Link(note) => link(note, lang),
        Job::Paid { merchant_oid, money } => {
            let paid = amount(*money, lang);
            match payment {
                Payment::Taken => say(
                    format!("PayTR: {paid} ödeme linkiyle ödendi. PayTR işlem numarası: {merchant_oid}."),
                    format!("PayTR: {paid} was paid by payment link. PayTR's number of the payment: {merchant_oid}."),
                ),
                Payment::CostsMore(costs) => {
                    let costs = costs.map_or_else(|| "?".to_owned(), |costs| amount(costs, lang));
                    say(
                        format!(
                            "PayTR: {paid} ödeme linkiyle ödendi ({merchant_oid}), ancak sipariş tutarı şimdi {costs}. \
                             Siparişin durumu değiştirilmedi; lütfen kontrol edin."
                        ),
                        format!(
                            "PayTR: {paid} was paid by payment link ({merchant_oid}), but the order costs {costs} now. Its \
                             status was not changed; please look at it."
                        ),
                    )
                }
                Payment::NotUnpaid(status) => say(
                    format!(
                        "PayTR: {paid} ödeme linkiyle ödendi ({merchant_oid}), ancak siparişin durumu zaten “{status}”. \
                         Durum değiştirilmedi; müşteri iki kez ödemiş ya da iptal edilen siparişi ödemiş olabilir, lütfen \
                         kontrol edin."
                    ),
                    format!(
                        "PayTR: {paid} was paid by payment link ({merchant_oid}), but the order's status was “{status}” \
                         already. It was not changed; the customer may have paid twice, or for a cancelled order. Please \
                         look at it."
                    ),
                ),
            }
        }
        Job::Review(review) => self::review(review, lang),
        Job::Trouble(trouble) => self::trouble(trouble, lang),
    }
}

fn link(note: &LinkNote, lang: Lang) -> String {
    let LinkNote { url, money, is_another, sent, missing, expires_at } = note;
    let (amount, until) = (amount(*money, lang), until(*expires_at, lang));
    let mut text = match (lang, is_another) {
        (Lang::Tr, false) => format!("PayTR ödeme linki oluşturuldu: {url} ({amount}, son ödeme {until})."),
        (Lang::Tr, true) => {
            format!("PayTR ödeme linki yenilendi: {url} ({amount}, son ödeme {until}). Önceki link artık geçersiz.")
        }
        (Lang::En, false) => format!("PayTR payment link: {url} ({amount}, can be paid until {until} Istanbul time)."),
        (Lang::En, true) => format!(
            "New PayTR payment link: {url} ({amount}, can be paid until {until} Istanbul time). The earlier link is no more."
        ),
    };
    let said = |applies: bool, text: &'static str| if applies { text } else { "" };
    for more in match lang {
        Lang::Tr => [
            said(missing.sms, " Siparişte geçerli bir cep telefonu yok, SMS gönderilmedi."),
            said(missing.email, " Siparişte geçerli bir e-posta adresi yok, e-posta gönderilmedi."),
            said(sent.is_empty(), " Linki müşteriye siz gönderin."),
        ],
        Lang::En => [
            said(missing.sms, " The order has no valid mobile number, so no SMS was sent."),
            said(missing.email, " The order has no valid e-mail address, so no e-mail was sent."),
            said(sent.is_empty(), " Send the customer the link yourself."),
        ],
    } {
        text.push_str(more);
    }
    for Sent { to, outcome } in sent {
        text.push(' ');
        text.push_str(to);
        text.push_str(match (lang, outcome) {
            (Lang::Tr, SendOutcome::Sent) => ": gönderildi.",
            (Lang::Tr, SendOutcome::Rejected) => ": PayTR göndermedi.",
            (Lang::Tr, SendOutcome::Unknown) => ": gönderilip gönderilmediği bilinmiyor; müşteriye sorun.",
            (Lang::Tr, SendOutcome::Limited) => ": bu müşteriye az önce mesaj gönderildi; sırası gelince gönderilecek.",
            (Lang::Tr, SendOutcome::Obsolete) => ": gönderilmesine gerek kalmadı.",
            (Lang::En, SendOutcome::Sent) => ": sent.",
            (Lang::En, SendOutcome::Rejected) => ": PayTR did not send it.",
            (Lang::En, SendOutcome::Unknown) => ": nobody knows whether it was sent; ask the customer.",
            (Lang::En, SendOutcome::Limited) => ": was written to just now; will be sent when its time has come.",
            (Lang::En, SendOutcome::Obsolete) => ": no longer needed.",
        });
    }
    text
}

fn review(review: &Review, lang: Lang) -> String {
    let Review { merchant_oid, total_amount, reasons } = review;
    let collected = total_amount.map_or_else(|| "?".to_owned(), |total| digits(total, lang));
    let reasons = reasons.iter().map(|reason| reason_text(*reason, lang)).collect::<Vec<_>>().join("; ");
    match lang {
        Lang::Tr => format!(
            "PayTR bir ödeme bildirdi ({merchant_oid}, tutar {collected}), ancak sipariş ödendi sayılmadı: {reasons}. Lütfen \
             PayTR panelinden kontrol edin."
        ),
        Lang::En => format!(
            "PayTR told of a payment ({merchant_oid}, amount {collected}) that does not count as paid: {reasons}. Please look \
             it up in PayTR's panel."
        ),
    }
}

const fn reason_text(reason: Reason, lang: Lang) -> &'static str {
    match (lang, reason) {
        (Lang::Tr, Reason::UnknownLink) => "link tanınmıyor",
        (Lang::Tr, Reason::NotSuccess) => "ödeme başarısız",
        (Lang::Tr, Reason::Unreadable) => "bildirimin bir alanı okunamıyor",
        (Lang::Tr, Reason::OtherMerchant) => "başka bir mağazaya ödenmiş",
        (Lang::Tr, Reason::OtherCurrency) => "para birimi farklı",
        (Lang::Tr, Reason::TooLittle) => "tutar eksik",
        (Lang::Tr, Reason::TestPayment) => "test ödemesi, para çekilmedi",
        (Lang::Tr, Reason::Deleted) => "link silinmişti",
        (Lang::Tr, Reason::PaidBefore) => "link daha önce ödenmişti",
        (Lang::Tr, Reason::Changed) => "PayTR aynı ödeme için daha önce başka bir şey bildirmişti",
        (Lang::En, Reason::UnknownLink) => "the link is not known",
        (Lang::En, Reason::NotSuccess) => "the payment failed",
        (Lang::En, Reason::Unreadable) => "a field of the notification cannot be read",
        (Lang::En, Reason::OtherMerchant) => "it was paid to another merchant",
        (Lang::En, Reason::OtherCurrency) => "the currency is another",
        (Lang::En, Reason::TooLittle) => "the amount is too little",
        (Lang::En, Reason::TestPayment) => "it is a test payment, no money was moved",
        (Lang::En, Reason::Deleted) => "the link was deleted",
        (Lang::En, Reason::PaidBefore) => "the link was paid before",
        (Lang::En, Reason::Changed) => "PayTR said something else of this payment before",
    }
}

fn trouble(trouble: &Trouble, lang: Lang) -> String {
    let say = |tr: String, en: String| match lang {
        Lang::Tr => tr,
        Lang::En => en,
    };
    match trouble {
        Trouble::Refused(words) => {
            let words = words.as_deref().unwrap_or("?");
            say(
                format!("PayTR ödeme linkini oluşturmadı: {words}. Sipariş değişmeden yeniden denenmeyecek."),
                format!("PayTR did not make the payment link: {words}. It is not asked again until the order changes."),
            )
        }
        Trouble::Unknown => say(
            "PayTR'a ulaşılamadı ya da yanıtı anlaşılamadı; ödeme linki oluşturulamadı. Linki PayTR panelinden oluşturun."
                .to_owned(),
            "PayTR could not be reached, or its answer not be read: there is no payment link. Make one in PayTR's panel."
                .to_owned(),
        ),
        Trouble::NotDeleted(money) => {
            let amount = amount(*money, lang);
            say(
                format!(
                    "{amount} tutarındaki PayTR ödeme linki silinemedi ve hâlâ ödenebilir. Linki PayTR panelinden silin; yenisi \
                     oluşturulmadı."
                ),
                format!(
                    "The PayTR payment link for {amount} could not be deleted and can still be paid. Delete it in PayTR's \
                     panel; no new one was made."
                ),
            )
        }
        Trouble::Unpayable(Why::Currency) => say(
            "Siparişin para birimini PayTR kabul etmiyor; ödeme linki oluşturulmadı.".to_owned(),
            "PayTR has no such currency as the order's; no payment link was made.".to_owned(),
        ),
        Trouble::Unpayable(_) => say(
            "Siparişin tutarı okunamadı ya da PayTR'ın aldığı sınırların dışında; ödeme linki oluşturulmadı.".to_owned(),
            "The order's amount cannot be read, or is more than PayTR takes; no payment link was made.".to_owned(),
        ),
        Trouble::CostsMore(paid) => {
            let paid = amount(*paid, lang);
            say(
                format!(
                    "Bu sipariş için ödeme linkiyle {paid} ödenmişti; tutarı şimdi daha fazla. Yeni link oluşturulmadı, lütfen \
                     kontrol edin."
                ),
                format!(
                    "{paid} was paid for this order by payment link, and it costs more now. No new link was made; please look \
                     at it."
                ),
            )
        }
    }
}

/// `02.12.2026 18:25`, or in English `2026-12-02 18:25`, in Istanbul time.
fn until(unix_ms: u64, lang: Lang) -> String {
    let date = ExpiryDate::from_unix_ms(unix_ms);
    let written = date.as_ref().map_or("", |date| date.to_paytr().get(..16).unwrap_or_default());
    let (day, time) = written.split_once(' ').unwrap_or_default();
    match lang {
        Lang::Tr => format!("{} {time}", day.split('-').rev().collect::<Vec<_>>().join(".")),
        Lang::En => format!("{day} {time}"),
    }
}

/// `1.580,00 TL`, or in English `1,580.00 TL`.
fn amount(money: Money, lang: Lang) -> String {
    format!("{} {}", digits(money.price.minor_units(), lang), Currency::as_str(money.currency))
}

fn digits(minor_units: u64, lang: Lang) -> String {
    let (between, point) = match lang {
        Lang::Tr => ('.', ','),
        Lang::En => (',', '.'),
    };
    let whole = (minor_units / 100).to_string();
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && whole.len().saturating_sub(place) % 3 == 0 {
            text.push(between);
        }
        text.push(digit);
    }
    format!("{text}{point}{:02}", minor_units % 100)
}

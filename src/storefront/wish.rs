//! What an order wants of the relay: a pure function of the order as it came.

use crate::json::JsonValue;
use crate::model::{CellPhone, Currency, Email, Price, Recipient, Reference};
use crate::packed;

/// News of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The platform's id of the order
    pub order_id: String,
    /// The number that people know it by; the last known one is kept where the news has none
    pub number: Option<Reference>,
    /// When the order was last changed by the platform's clock, Unix milliseconds; `None` if it does not say
    pub modified_at: Option<u64>,
    /// What it wants
    pub wish: Wish,
}

packed!(struct News { order_id, number, modified_at, wish });

/// What an order wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// A link for this amount.
    Link {
        /// What is to be paid
        money: Money,
        /// Whom it may be sent to, at most one number and one address
        recipients: Vec<Recipient>,
    },
    /// No link; the relay need not know the order.
    Nothing(Why),
    /// No link any more, whatever comes of older news.
    Close(Why),
}

packed!(enum Wish {
    0 Link { money, recipients },
    1 Nothing(value),
    2 Close(value),
});

/// An amount in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// Minor units
    pub price: Price,
    /// The currency
    pub currency: Currency,
}

packed!(struct Money { price, currency });

/// Why an order wants no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not placed yet.
    Draft,
    /// It is paid by another method.
    OtherMethod,
    /// Nothing is to be paid.
    NothingToPay,
    /// It is paid.
    Paid,
    /// It is cancelled, refunded, failed or deleted.
    Cancelled,
    /// It has a status that the relay does not know.
    OtherStatus,
    /// The platform's test order.
    Test,
    /// Its amount cannot be read, or PayTR takes no such amount.
    Amount,
    /// PayTR has no such currency.
    Currency,
}

packed!(enum Why {
    0 Draft,
    1 OtherMethod,
    2 NothingToPay,
    3 Paid,
    4 Cancelled,
    5 OtherStatus,
    6 Test,
    7 Amount,
    8 Currency,
});

impl Why {
    /// A constant word for the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::OtherMethod => "other-method",
            Self::NothingToPay => "nothing-to-pay",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::OtherStatus => "other-status",
            Self::Test => "test",
            Self::Amount => "amount",
            Self::Currency => "currency",
        }
    }

    /// Whether the order is to be paid by link, and a person has to see that it cannot be.
    #[must_use]
    pub const fn needs_person(self) -> bool {
        matches!(self, Self::Amount | Self::Currency)
    }
}

/// An amount as shops write it, in minor units: digits, and up to two decimals behind a point that count; further ones must
/// be zeros. Never by way of a floating-point number.
#[must_use]
pub fn minor_units(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) {
        return None;
    }
    let (cents, beyond) = decimals.split_at_checked(2).unwrap_or((decimals, ""));
    if beyond.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let cents: u64 = cents.parse().ok()?;
    let cents = if decimals.len() == 1 { cents.checked_mul(10)? } else { cents };
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// The first of these numbers that is a mobile number, and the first of these addresses that is one.
pub fn recipients<'a>(
    phones: impl IntoIterator<Item = Option<&'a str>>,
    emails: impl IntoIterator<Item = Option<&'a str>>,
) -> Vec<Recipient> {
    let phone = phones.into_iter().flatten().find_map(|phone| CellPhone::parse(phone).ok()).map(Recipient::CellPhone);
    let email = emails.into_iter().flatten().find_map(|email| Email::parse(email).ok()).map(Recipient::Email);
    phone.into_iter().chain(email).collect()
}

/// The members of a JSON object from a shop.
#[derive(Clone, Copy)]
pub struct Members<'a>(&'a [(String, JsonValue)]);

impl<'a> Members<'a> {
    /// Those of an object; `None` for anything else.
    #[must_use]
    pub fn of(value: &'a JsonValue) -> Option<Self> {
        match value {
            JsonValue::Object(members) => Some(Self(members)),
            _ => None,
        }
    }

    /// A member. Of one that is there twice the last counts, as in the languages that shops are written in.
    #[must_use]
    pub fn get(self, name: &str) -> Option<&'a JsonValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A member that is text.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'a str> {
        match self.get(name) {
            Some(JsonValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A member that is an object; one without members if it is anything else.
    #[must_use]
    pub fn object(self, name: &str) -> Self {
        self.get(name).and_then(Self::of).unwrap_or(Self(&[]))
    }

    /// A member that is text, or a number, as text.
    #[must_use]
    pub fn text_or_number(self, name: &str) -> Option<String> {
        match self.get(name) {
            Some(JsonValue::Text(text)) => Some(text.clone()),
            Some(JsonValue::Integer(number)) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Whether a member is there, and is not `null`.
    #[must_use]
    pub fn is_there(self, name: &str) -> bool {
        !matches!(self.get(name), None | Some(JsonValue::Null))
    }

    /// The platform's id of an order: 1 to 20 digits, as text, since an id may be more than a floating-point number holds.
    #[must_use]
    pub fn order_id(self) -> Option<String> {
        let is_id = |id: &String| (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
        self.text_or_number("id").filter(is_id)
    }

    /// How many members there are.
    #[must_use]
    pub const fn count(self) -> usize {
        self.0.len()
    }
}

impl Money {
    /// An amount by its texts.
    ///
    /// # Errors
    /// Why no link can be made over it.
    pub fn parse(amount: Option<&str>, currency: Option<&str>) -> Result<Self, Why> {
        let minor_units = amount.and_then(minor_units).ok_or(Why::Amount)?;
        if minor_units == 0 {
            return Err(Why::NothingToPay);
        }
        let price = Price::parse(&JsonValue::Integer(minor_units)).map_err(|_| Why::Amount)?;
        let currency = currency.and_then(Currency::from_name).ok_or(Why::Currency)?;
        Ok(Self { price, currency })
    }

    /// Whether what was paid is enough for what it costs.
    #[must_use]
    pub fn covers(self, cost: Self) -> bool {
        self.currency == cost.currency && self.price >= cost.price
    }
}

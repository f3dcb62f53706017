//! Customers and links that no two tests share. All have marks by which the last tests find them again.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What every phone number holds, however it is written.
pub const PHONE_MARK: &str = "555000";
/// What every address holds.
pub const EMAIL_MARK: &str = "customer.example.com";
/// What every name of a link holds.
pub const NAME_MARK: &str = "Ayşe'nin siparişi";
/// What every webhook id holds.
pub const WEBHOOK_ID_MARK: &str = "msg_e2e_";

/// A mobile number in PayTR's form.
pub fn phone() -> String {
    let number = next();
    assert!(number < 10_000, "the numbers are used up");
    format!("0{PHONE_MARK}{number:04}")
}

pub fn email() -> String {
    format!("musteri{}@{EMAIL_MARK}", next())
}

/// What PayTR might have named a link.
pub fn link_id() -> String {
    format!("Link_{}", next())
}

/// What is paid for: what of an order may name a customer.
pub fn link_name() -> String {
    format!("{NAME_MARK} {}", next())
}

pub fn webhook_id() -> String {
    format!("{WEBHOOK_ID_MARK}{}", next())
}

pub fn next() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

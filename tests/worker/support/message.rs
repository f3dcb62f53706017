//! Bodies that a shop would send.

use serde_json::json;

/// A send by SMS.
pub fn sms(link_id: &str, cell_phone: &str) -> Vec<u8> {
    json!({"type": "link.send_sms", "timestamp": "2026-11-23T10:00:00Z", "data": {"id": link_id, "cell_phone": cell_phone}})
        .to_string()
        .into_bytes()
}

/// A send by e-mail.
pub fn email(link_id: &str, email: &str) -> Vec<u8> {
    json!({"type": "link.send_email", "data": {"id": link_id, "email": email}}).to_string().into_bytes()
}

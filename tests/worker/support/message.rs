//! Bodies that a shop would send.

use serde_json::{Value, json};

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

/// A create of a product link over 14.45, with more of `data`.
pub fn create(name: &str, more: &Value) -> Vec<u8> {
    let mut data = json!({"name": name, "price": 1445});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    create_of(&data)
}

/// A create with this `data`.
pub fn create_of(data: &Value) -> Vec<u8> {
    json!({"type": "link.create", "data": data}).to_string().into_bytes()
}

/// A deletion of these links.
pub fn delete(ids: &[&str]) -> Vec<u8> {
    json!({"type": "link.delete", "data": {"ids": ids}}).to_string().into_bytes()
}

/// A message about one of the relay's own links.
pub fn about(message_type: &str, callback_id: &str) -> Vec<u8> {
    json!({"type": message_type, "data": {"callback_id": callback_id}}).to_string().into_bytes()
}

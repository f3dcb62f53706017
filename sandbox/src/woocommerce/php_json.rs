//! JSON as PHP's `json_encode` writes it: ASCII alone, and slashes escaped.

use serde_json::Value;
use std::fmt::Write;

/// Writes a value.
pub(crate) fn encode(value: &Value) -> String {
    let mut written = String::new();
    // A slash and what is beyond ASCII stand inside texts alone.
    for character in value.to_string().chars() {
        match character {
            '/' => written.push_str("\\/"),
            character if character.is_ascii() => written.push(character),
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a text never fails.
                    let _ = write!(written, "\\u{unit:04x}");
                }
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_beyond_ascii_and_every_slash_is_escaped() {
        for (value, written) in [
            (json!("Havale / EFT"), r#""Havale \/ EFT""#),
            (json!({"Çanta": "\"özel\" & Şık"}), r#"{"\u00c7anta":"\"\u00f6zel\" & \u015e\u0131k"}"#),
            (json!("👜"), r#""\ud83d\udc5c""#),
            (json!(["a\\b\n", 1580, null]), r#"["a\\b\n",1580,null]"#),
        ] {
            assert_eq!(encode(&value), written);
        }
    }
}

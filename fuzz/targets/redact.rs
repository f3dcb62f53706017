//! Somebody's name and address in PayTR's words: who it is in the first byte, how it is spelled in the next sixteen, and the
//! words around it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::paytr::{Private, RejectedStatus, read_reply};
use paytr_link_relay_fuzz::CONFIG;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const WAYS: usize = 16;
const TEXTS: [&str; 4] = ["Ayşe Yılmaz", "İSMAİL IŞIKOĞLU", "ayse.isik+1@example.com", "ILGIN.OZ@example.com.tr"];

/// A letter in one of its cases, composed or not, or without its marks.
fn spell(letter: char, way: u8) -> String {
    match way % 6 {
        0 => letter.to_uppercase().collect(),
        1 => letter.to_lowercase().collect(),
        2 => letter.to_string().replace('i', "İ").replace('I', "ı"),
        3 => letter.to_string().nfd().filter(|part| !is_combining_mark(*part)).collect(),
        4 => letter.to_string().nfd().collect(),
        _ => letter.to_string(),
    }
}

fn escape(letter: char, way: u8) -> String {
    match way % 8 {
        0 => format!("&#{};", u32::from(letter)),
        1 => format!("&#x{:x};", u32::from(letter)),
        2 => letter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat(),
        3 => format!("\\u{:04x}", u32::from(letter)),
        4 if letter == '&' => "&amp;".to_owned(),
        _ => letter.to_string(),
    }
}

fn each(text: &str, ways: &[u8], write: fn(char, u8) -> String) -> String {
    let ways = ways.iter().cycle();
    text.chars().zip(ways).map(|(letter, way)| write(letter, *way)).collect::<Vec<_>>().concat()
}

/// What is passed on of PayTR's words.
fn told(words: &str, private: &Private) -> String {
    let body = json!({"status": "error", "reason": words}).to_string();
    let reply = read_reply(200, body.as_bytes()).ok().unwrap();
    let private = std::slice::from_ref(private);
    reply.rejection(RejectedStatus::Error, &CONFIG.merchant, private).reason.unwrap_or_default()
}

fuzz_target!(|input: &[u8]| {
    let Some((&first, rest)) = input.split_first() else { return };
    let Some((ways, around)) = rest.split_at_checked(WAYS) else { return };
    let around = String::from_utf8_lossy(around);
    let text = TEXTS[usize::from(first) % TEXTS.len()];
    let kinds = [Private::Name, Private::Text, Private::Recipient];
    let private =
        if text.contains('@') { Private::Recipient } else { kinds[usize::from(first / 4) % 2] }(text.to_owned());

    let mut spelled = each(text, ways, spell);
    for nesting in 0..first / 8 % 3 {
        spelled = each(&spelled, &ways[4 * usize::from(nesting + 1)..], escape);
    }
    if around.is_empty() {
        assert_eq!(told(&spelled, &private), "[redacted]", "{spelled}");
        return;
    }
    // Whatever stands before it, and not so much that it is cut off.
    let words = format!("{around} {spelled} ");
    let told = told(&words, &private);
    assert!(told.chars().count() <= 500 && !told.contains(&spelled), "{words}");
    assert!(around.chars().count() > 450 || told.contains("[redacted]"), "{words}");
    assert!(!told.contains(char::is_control));
});

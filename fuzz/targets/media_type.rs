//! `content-type`, `content-encoding` and `content-length`, one on each line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::http::media_type::{Length, declared_length, is_plain_json};

const CAP: usize = 16 * 1024;
/// The labels that the Encoding Standard has for UTF-8.
const UTF_8: [&str; 6] = ["unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8"];

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(3, '\n');
    let [content_type, encoding, length] = [(); 3].map(|()| lines.next().filter(|line| !line.is_empty()));
    if is_plain_json(content_type, encoding) {
        let lower = content_type.unwrap().to_ascii_lowercase();
        assert!(is_plain(encoding) && lower.trim_start().starts_with("application/json"));
        assert!(!lower.contains(','));
        let charsets = lower.split(';').filter_map(|parameter| parameter.trim().strip_prefix("charset="));
        assert!(charsets.into_iter().all(|charset| UTF_8.contains(&charset.replace('"', "").as_str())));
    }
    if declared_length(length, encoding, CAP) == Length::Fits {
        assert!(is_plain(encoding) && length.unwrap().parse::<u128>().unwrap() <= CAP as u128);
    }
});

fn is_plain(encoding: Option<&str>) -> bool {
    encoding.is_none_or(|encoding| encoding.trim().eq_ignore_ascii_case("identity"))
}

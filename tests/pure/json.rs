//! JSON, strictly: what is a value, and the constant words for what is none.

use crate::support::texts;
use paytr_link_relay::json::JsonValue;

const NOT_UTF8: &str = "The body is not UTF-8.";
const BYTE_ORDER_MARK: &str = "The body begins with a byte order mark; leave it out.";
const TWICE: &str = "The body has an object with a key twice.";
const TOO_MANY: &str = "The body has an object with over 32 members.";
const TOO_EARLY: &str = "The body is not JSON: it ends too early.";
const NOT_JSON: &str = "The body is not JSON, or is nested over 127 deep, or has half a surrogate pair.";

fn refusal(bytes: &[u8]) -> Option<&'static str> {
    JsonValue::parse(bytes).err()
}

/// What a node is, in words, down to the leaves.
fn show(node: &JsonValue) -> String {
    match node {
        JsonValue::Text(text) => format!("text {text:?}"),
        JsonValue::Integer(number) => format!("integer {number}"),
        JsonValue::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{name:?}: {}", show(value))).collect();
            format!("object {{{}}}", members.join(", "))
        }
        other if other.is_scalar() => "other".to_owned(),
        _ => "array".to_owned(),
    }
}

#[test]
fn every_kind_of_value_is_read_and_only_arrays_and_objects_are_no_scalars() {
    let cases: [(&str, &[&str]); 12] = [
        (r#"text "a""#, &[r#""a""#]),
        (r#"text """#, &[r#""""#]),
        ("text \"ç\\n😀ş\"", &[r#""\u00e7\n\ud83d\ude00ş""#]),
        ("text \"\\0\"", &["\"\\u0000\""]),
        ("integer 0", &["0"]),
        ("integer 18446744073709551615", &["18446744073709551615"]),
        ("other", &["18446744073709551616", "-1", "-0", "1.0", "1e3", "1e400", "-1E+400", "1e-400", "0.1e0400"]),
        ("other", &["true", "false", "null"]),
        ("array", &["[]", "[1]", "[1, {\"a\": []}, null]"]),
        ("object {}", &["{}", " \t\r\n{ } \n"]),
        (r#"object {"a": integer 1}"#, &[r#"{"a":1}"#]),
        (r#"object {"b": integer 1, "a": object {"b": text "x"}}"#, &[r#"{"b": 1, "a": {"b": "x"}}"#]),
    ];
    for (expected, text) in texts(&cases) {
        let node = JsonValue::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(show(&node), expected, "{text}");
        assert_eq!(node.is_scalar(), !expected.starts_with("array") && !expected.starts_with("object"), "{text}");
    }
}

#[test]
fn what_is_no_value_is_refused_in_constant_words() {
    for (expected, text) in texts(&[
        (TOO_EARLY, &["", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":1,", "[1", "\"abc", "tru"]),
        (NOT_JSON, &["x", "{} {}", "{}x", "{}\0", "1 2", "\0{}", "{\"a\":\"\0\"}", "{\"a\":\"\n\"}"]),
        (NOT_JSON, &["{'a':1}", "{a:1}", "{1:1}", "{\"a\":1,}", "[1,]", "01", "+1", "NaN", "// {}\n{}"]),
        (NOT_JSON, &["\"\\ud800\"", "\"\\udc00\"", "\"\\x41\""]),
        (BYTE_ORDER_MARK, &["\u{feff}{}", "\u{feff}"]),
    ]) {
        assert_eq!(refusal(text.as_bytes()), Some(expected), "{text:?}");
    }
    let not_utf8: [&[u8]; 6] =
        [b"\xff\xfe{\0}\0", b"\"\xff\"", b"\"\xed\xa0\x80\"", b"\"\xc0\x80\"", b"{\"ad\":\"\xfe\"}", b"\"\xc5"];
    for bytes in not_utf8 {
        assert_eq!(refusal(bytes), Some(NOT_UTF8), "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_key_twice_is_refused_at_every_level() {
    let flat = [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"a":3}"#, r#"{"a":1,"\u0061":2}"#, r#"{"":1,"":2}"#];
    let within = ["{\"x\":@}", r#"{"x":{"y":@}}"#, "{\"x\":[@]}", "[[@]]", r#"{"a":@,"c":1}"#];
    let deeper = within.map(|around| around.replace('@', r#"{"b":1,"b":2}"#));
    for text in flat.into_iter().chain(deeper.iter().map(String::as_str)) {
        assert_eq!(refusal(text.as_bytes()), Some(TWICE), "{text}");
    }
    for text in [r#"{"a":1,"A":1}"#, r#"{"a":{"a":1}}"#, r#"[{"a":1},{"a":1}]"#, "{\"\u{e7}\":1,\"c\u{327}\":1}"] {
        assert_eq!(refusal(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn an_object_has_32_members_at_most() {
    let object = |members: usize| {
        let members: Vec<String> = (0..members).map(|number| format!("\"m{number}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert_eq!(refusal(object(32).as_bytes()), None);
    assert_eq!(refusal(object(33).as_bytes()), Some(TOO_MANY));
    assert_eq!(refusal(format!("{{\"a\":{}}}", object(33)).as_bytes()), Some(TOO_MANY));
    assert_eq!(refusal(format!("[{}]", object(100)).as_bytes()), Some(TOO_MANY));
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(refusal(nested(100).as_bytes()), None);
        assert_eq!(refusal(nested(200).as_bytes()), Some(NOT_JSON));
        assert_eq!(refusal(open.repeat(100_000).as_bytes()), Some(NOT_JSON));
    }
}

#[test]
fn a_number_of_any_size_is_a_number_and_hides_nothing_beside_it() {
    let (long, deep) = ("9".repeat(400), format!("0.{}1", "0".repeat(400)));
    for number in
        ["1e400", "-1e400", "1E400", "1e+400", "1.5e99999999999999999999", "1e-99999999999999999999", &long, &deep]
    {
        let json =
            format!(r#"{{"a":{number},"b":"1e400 \\\" {long}","c":[12,{number}],"d":18446744073709551615,"e":1445}}"#);
        let node = JsonValue::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{number}: {error}"));
        let text = format!("1e400 \\\" {long}");
        let expected = format!(
            r#"object {{"a": other, "b": text {text:?}, "c": array, "d": integer 18446744073709551615, "e": integer 1445}}"#
        );
        assert_eq!(show(&node), expected, "{number}");
        assert!(JsonValue::parse_leniently(json.as_bytes()) == Some(node), "{number}");
    }
    for (expected, json) in texts(&[
        (TWICE, &[r#"{"a":1e400,"a":1}"#]),
        (TOO_EARLY, &[r#"{"a":1e400"#, "1e"]),
        (NOT_JSON, &["1e400x", "01e400", "1e400e1", "1e4-00", "+1e400", "1e400.5", "--1e400"]),
    ]) {
        assert_eq!(refusal(json.as_bytes()), Some(expected), "{json}");
    }
}

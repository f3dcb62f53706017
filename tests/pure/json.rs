//! JSON, strictly: what is a value, and the constant words for what is none.

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
fn every_kind_of_value_is_read() {
    let cases = [
        (r#""a""#, r#"text "a""#),
        (r#""""#, r#"text """#),
        (r#""\u00e7\n\ud83d\ude00ş""#, "text \"ç\\n😀ş\""),
        ("\"\\u0000\"", "text \"\\0\""),
        ("0", "integer 0"),
        ("18446744073709551615", "integer 18446744073709551615"),
        ("18446744073709551616", "other"),
        ("-1", "other"),
        ("-0", "other"),
        ("1.0", "other"),
        ("1e3", "other"),
        ("1e400", "other"),
        ("-1E+400", "other"),
        ("1e-400", "other"),
        ("0.1e0400", "other"),
        ("true", "other"),
        ("false", "other"),
        ("null", "other"),
        ("[]", "array"),
        ("[1, {\"a\": []}, null]", "array"),
        ("{}", "object {}"),
        (" \t\r\n{ } \n", "object {}"),
        (r#"{"b": 1, "a": {"b": "x"}}"#, r#"object {"b": integer 1, "a": object {"b": text "x"}}"#),
    ];
    for (text, expected) in cases {
        let node = JsonValue::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(show(&node), expected, "{text}");
    }
}

#[test]
fn arrays_and_objects_are_no_scalars_and_all_else_is() {
    for (text, scalar) in
        [("[]", false), ("[1]", false), ("{}", false), ("\"\"", true), ("1", true), ("-1", true), ("null", true)]
    {
        assert_eq!(JsonValue::parse(text.as_bytes()).ok().map(|node| node.is_scalar()), Some(scalar), "{text}");
    }
}

#[test]
fn what_is_no_value_is_refused_in_constant_words() {
    let cases: [(&[u8], &str); 37] = [
        (b"", TOO_EARLY),
        (b" ", TOO_EARLY),
        (b"{", TOO_EARLY),
        (b"{\"a\"", TOO_EARLY),
        (b"{\"a\":", TOO_EARLY),
        (b"{\"a\":1,", TOO_EARLY),
        (b"[1", TOO_EARLY),
        (b"\"abc", TOO_EARLY),
        (b"tru", TOO_EARLY),
        (b"x", NOT_JSON),
        (b"{} {}", NOT_JSON),
        (b"{}x", NOT_JSON),
        (b"{}\0", NOT_JSON),
        (b"1 2", NOT_JSON),
        (b"\0{}", NOT_JSON),
        (b"{\"a\":\"\0\"}", NOT_JSON),
        (b"{\"a\":\"\n\"}", NOT_JSON),
        (b"{'a':1}", NOT_JSON),
        (b"{a:1}", NOT_JSON),
        (b"{1:1}", NOT_JSON),
        (b"{\"a\":1,}", NOT_JSON),
        (b"[1,]", NOT_JSON),
        (b"01", NOT_JSON),
        (b"+1", NOT_JSON),
        (b"NaN", NOT_JSON),
        (b"// {}\n{}", NOT_JSON),
        (b"\"\\ud800\"", NOT_JSON),
        (b"\"\\udc00\"", NOT_JSON),
        (b"\"\\x41\"", NOT_JSON),
        (b"\xef\xbb\xbf{}", BYTE_ORDER_MARK),
        (b"\xef\xbb\xbf", BYTE_ORDER_MARK),
        (b"\xff\xfe{\0}\0", NOT_UTF8),
        (b"\"\xff\"", NOT_UTF8),
        (b"\"\xed\xa0\x80\"", NOT_UTF8),
        (b"\"\xc0\x80\"", NOT_UTF8),
        (b"{\"ad\":\"\xfe\"}", NOT_UTF8),
        (b"\"\xc5", NOT_UTF8),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refusal(bytes), Some(expected), "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_key_twice_is_refused_at_every_level() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":2,"a":3}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"":1,"":2}"#,
        r#"{"x":{"a":1,"a":2}}"#,
        r#"{"x":{"y":{"a":1,"a":2}}}"#,
        r#"{"x":[{"a":1,"a":2}]}"#,
        r#"[[{"a":1,"a":2}]]"#,
        r#"{"a":{"b":1,"b":1},"c":1}"#,
    ] {
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
    for (json, expected) in [
        (r#"{"a":1e400,"a":1}"#, TWICE),
        (r#"{"a":1e400"#, TOO_EARLY),
        ("1e", TOO_EARLY),
        ("1e400x", NOT_JSON),
        ("01e400", NOT_JSON),
        ("1e400e1", NOT_JSON),
        ("1e4-00", NOT_JSON),
        ("+1e400", NOT_JSON),
        ("1e400.5", NOT_JSON),
        ("--1e400", NOT_JSON),
    ] {
        assert_eq!(refusal(json.as_bytes()), Some(expected), "{json}");
    }
}

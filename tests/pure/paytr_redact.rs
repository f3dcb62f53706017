//! What is private in PayTR's words: in which spellings it is struck out, and what stays.

use crate::support::merchant;
use paytr_link_relay::paytr::{Private, RejectedStatus, read_reply};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const NAME: &str = "Ayşe Gülşah Yılmaz";
const ADDRESS: &str = "ayse.isik+fatura@example.com";

fn name(text: &str) -> Private {
    Private::Name(text.to_owned())
}

fn text(text: &str) -> Private {
    Private::Text(text.to_owned())
}

fn recipient(text: &str) -> Private {
    Private::Recipient(text.to_owned())
}

/// What is passed on of PayTR's words.
fn redacted(words: &str, private: &[Private]) -> String {
    let body = serde_json::json!({"status": "error", "reason": words}).to_string();
    let reply = read_reply(200, body.as_bytes()).unwrap_or_else(|_| panic!("{body}"));
    reply.rejection(RejectedStatus::Error, &merchant(), private).reason.unwrap_or_default()
}

fn check(private: &Private, cases: &[(&str, &str)]) {
    for (words, expected) in cases {
        assert_eq!(redacted(words, std::slice::from_ref(private)), *expected, "{words}");
    }
}

#[test]
fn a_name_is_struck_out_in_every_spelling() {
    let letters = [
        &["Ayşe Yılmaz", "AYŞE YILMAZ", "ayşe yılmaz", "AYSE YILMAZ", "Ayse Yilmaz", "ayse yılmaz", "ayşe yilmaz"][..],
        &["Ays\u{327}e Y\u{131}lmaz", "AYS\u{327}E YI\u{307}LMAZ", "ayşe yi\u{307}lmaz"],
    ];
    let entities = [
        &["Ay&#351;e Y&#305;lmaz", "Ay&#x15f;e&#x20;Y&#x131;lmaz", "Ay&#X015F;e Y&#X0131;lmaz"][..],
        &["Ay&#0351;e Y&#305lmaz", "Ay&scedil;e Y&imath;lmaz", "AY&Scedil;E Y&inodot;LMAZ", "AY&SCEDIL;E YILMAZ"],
        &["Ay&amp;#351;e Y&amp;#305;lmaz", "Ay&amp;scedil;e Y&amp;imath;lmaz", "Ayşe&nbsp;Yılmaz"],
    ];
    let escapes = [
        &["Ay%C5%9Fe%20Y%C4%B1lmaz", "Ay%c5%9fe+Y%c4%b1lmaz", "%41%79%C5%9F%65%20%59%C4%B1%6C%6D%61%7A"][..],
        &["Ays%CC%A7e+Yilmaz", "Ay%C5%259Fe Y%25C4%B1lmaz", "Ay%C5&#37;9Fe Y&percnt;C4%B1lmaz"],
        &["Ay%25C5%259Fe%2520Y%25C4%25B1lmaz", "Ay%26%23351%3Be Y%26%23305%3Blmaz"],
        &["Ay&#37;C5&#37;9Fe Y&percnt;C4&percnt;B1lmaz", "Ay%u015Fe%20Y%u0131lmaz"],
        &[r"Ay\u015fe Y\u0131lmaz", r"AY\U015EE YILMAZ"],
        // What shows nothing stands in the middle of an escape, and is dropped from the words that are passed on.
        &["Ay%C5%9\u{4}\0Fe Y%C4\u{7f}%B1lmaz", "Ay&#3\u{200b}51;e Y&#\u{202e}305;lmaz", "Ay&sce\u{ad}dil;e Yılmaz"],
    ];
    let between = [
        &["Ayşe-Yılmaz", "AyşeYılmaz", "ayse.yilmaz", "ayse_yilmaz", "Ayşe\u{a0}Yılmaz", "Ayşe\nYılmaz"][..],
        &["Ay\u{200b}şe\u{ad} Yıl\u{2060}maz", "Ay\u{7}şe Yıl\u{202e}maz"],
    ];
    for spelled in [letters.concat(), entities.concat(), escapes.concat(), between.concat()].concat() {
        for private in [name("Ayşe Yılmaz"), text("Ayşe Yılmaz"), name("AYŞE YILMAZ"), text("Ays\u{327}e  Yılmaz")]
        {
            for around in ["Sayın {}, ödeme alınamadı.", "name={}&price=1", "<b>{}</b>", "x{}x", "{}"] {
                let (words, expected) = (around.replace("{}", spelled), around.replace("{}", "[redacted]"));
                assert_eq!(redacted(&words, std::slice::from_ref(&private)), expected, "{words}");
            }
        }
    }
}

#[test]
fn a_letter_that_was_lost_on_the_way_is_taken_for_any_outside_ascii() {
    check(
        &name("Ayşe Yılmaz"),
        &[
            ("Ay\u{fffd}e Y\u{fffd}lmaz", "[redacted]"),
            ("Ay?e Y?lmaz", "[redacted]"),
            ("Ay%FEe%20Y%FDlmaz", "[redacted]"),
            ("Y?lmaz", "[redacted]"),
            ("Y?lma? ?yşe", "Y?lma? ?yşe"),
        ],
    );
    check(&name("Şahin"), &[("?ahin", "[redacted]"), ("%DEahin", "[redacted]"), ("?ahi?", "?ahi?")]);
}

#[test]
fn one_word_of_a_name_is_struck_out_where_it_is_a_word() {
    check(
        &name("Ali Can Özdemiroğlu-Işık"),
        &[
            ("ALİ", "[redacted]"),
            ("Ali'nin", "[redacted]'nin"),
            ("sayin can.", "sayin [redacted]."),
            ("Kalite kontrol, canlı", "Kalite kontrol, canlı"),
            ("Kalite%20canl%C4%B1 kal&#305;te", "Kalite%20canl%C4%B1 kal&#305;te"),
            ("istek%20Ali%20yok", "istek%20[redacted]%20yok"),
            ("nis&#351;ali ali&#351;an", "nis&#351;ali ali&#351;an"),
            ("OZDEMIROGLU", "[redacted]"),
            ("Özdemiroğlunun xozdemiroglux", "[redacted]nun x[redacted]x"),
            ("isik IŞIK ışık", "[redacted] [redacted] [redacted]"),
            ("ışıklar", "ışıklar"),
            ("Isik, Ali", "[redacted], [redacted]"),
            ("Ali1 1Ali _Ali_", "Ali1 1Ali _[redacted]_"),
        ],
    );
    check(
        &name("Al Bo"),
        &[("al bo", "[redacted]"), ("al, bo", "[redacted]"), ("al", "al"), ("bos albo", "bos [redacted]")],
    );
    check(&name("X"), &[("x", "[redacted]"), ("xx x2", "xx x2")]);
    check(&name("Ali 1001"), &[("ali", "[redacted]"), ("1001", "1001"), ("ALI-1001", "[redacted]")]);
    check(
        &name("😀☕"),
        &[("%F0%9F%98%80%E2%98%95", "[redacted]"), ("%F0%9F%98%81%E2%98%95", "%F0%9F%98%81%E2%98%95")],
    );
    check(&name("☕☕"), &[("a ☕☕ b", "a [redacted] b"), ("a??b", "a??b"), ("☕", "☕")]);
    check(&name(""), &[("a b", "a b")]);
}

#[test]
fn marks_that_stand_apart_go_with_their_letter() {
    check(
        &name("José"),
        &[("Jose\u{301}!", "[redacted]!"), ("Jose%CC%81!", "[redacted]!"), ("x Jose\u{301}\u{323}", "x [redacted]")],
    );
    check(&name("Rez"), &[("Pe\u{301}rez", "Pe\u{301}rez"), ("e\u{301} rez", "e\u{301} [redacted]")]);
}

#[test]
fn letters_of_other_languages_are_folded_too() {
    for (written, spelled) in [
        ("Weiß", "WEISS"),
        ("WEIẞ", "weiss"),
        ("Søren Łukasz", "soren lukasz"),
        ("Ștefan Mureșan", "STEFAN MURESAN"),
        ("Nguyễn Thị Hương", "nguyen thi huong"),
        ("Nguyễn Thị", "Nguy%E1%BB%85n%20Th%E1%BB%8B"),
        ("Əliyev", "ELIYEV"),
        ("Анна Ёлкина", "АННА ЕЛКИНА"),
        ("Андрей Їжак", "АНДРЕИ\u{306} ІЖАК"),
        ("Ґалаґан Ҡаһым", "ґалаґан ҡаһым"),
        ("Άννα Παπαδάκης", "ΑΝΝΑ ΠΑΠΑΔΑΚΗΣ"),
        ("Ірина Ѓорѓи", "ірина горги"),
    ] {
        check(&name(written), &[(spelled, "[redacted]"), (written, "[redacted]")]);
    }
}

#[test]
fn every_latin_letter_is_its_own_without_its_marks() {
    for letter in ('\u{c0}'..='\u{233}').chain('\u{1e00}'..='\u{1eff}') {
        let decomposed: String = letter.nfd().collect();
        let base: String = decomposed.chars().filter(|part| !is_combining_mark(*part)).collect();
        if base.chars().eq([letter]) || !base.chars().all(|part| part.is_ascii_alphabetic()) {
            continue;
        }
        let private = name(&format!("q{letter}zzt"));
        let lower: String = letter.to_lowercase().collect();
        for spelled in [decomposed.clone(), base.to_uppercase(), base.to_lowercase(), lower.to_uppercase(), lower] {
            check(&private, &[(&format!("q{spelled}zzt"), "[redacted]")]);
        }
        let other = if base.eq_ignore_ascii_case("x") { "w" } else { "x" };
        let words = format!("q{other}zzt");
        check(&private, &[(&words, &words)]);
    }
}

#[test]
fn every_entity_of_a_letter_is_that_letter() {
    let entities = "aacute=á abreve=ă ccaron=č ccedil=ç acirc=â odblac=ő zdot=ż agrave=à amacr=ā aogon=ą aring=å \
                    oslash=ø dstrok=đ ntilde=ñ uuml=ü szlig=ß imath=ı inodot=ı gbreve=ğ scedil=ş Idot=İ";
    for (entity, letter) in entities.split(' ').filter_map(|pair| pair.split_once('=')) {
        check(&name(&format!("q{letter}zzt")), &[(&format!("q&{entity};zzt!"), "[redacted]!")]);
    }
    // What is no letter separates words, and what is no entity is itself.
    check(
        &name("Ali Can"),
        &[
            ("ali&ndash;can ", "[redacted] "),
            ("&ali; &can;", "&[redacted];"),
            ("x=1&ali=2;", "x=1&[redacted]=2;"),
            ("&; ali &#; can &#x; &#xg;", "&; [redacted] &#x; &#xg;"),
            ("al&#;i c&#x;an", "al&#;i c&#x;an"),
            ("&#99an&#x20;", "[redacted]&#x20;"),
            ("%ali %u12 %zz %c4%zz", "%[redacted] %u12 %zz %c4%zz"),
            ("&#1114112;ali&#xd800;&#99999999999;can", "&#1114112;[redacted]"),
            (r"\ud83d\ude00ali \u00zz can\", r"\ud83d\ude00[redacted] \u00zz [redacted]\"),
        ],
    );
}

#[test]
fn of_a_text_two_words_that_stand_together_are_struck_out_and_one_is_not() {
    check(
        &text("Order 1001 for Ayşe Yılmaz"),
        &[
            ("Order 1001 for Ayşe Yılmaz exists", "[redacted] exists"),
            ("ORDER-1001-FOR-AYSE-YILMAZ", "[redacted]"),
            ("Sayin AYSE YILMAZ", "Sayin [redacted]"),
            ("for Ayse", "[redacted]"),
            ("Order not found", "Order not found"),
            ("Order for 1001", "Order for 1001"),
            ("Invalid order: price of 1001", "Invalid order: price of 1001"),
        ],
    );
    check(&text("Link"), &[("Invalid link", "Invalid [redacted]"), ("links, paylink", "links, paylink")]);
    check(&text("Ödeme 1"), &[("odeme 1", "[redacted]"), ("odeme 1000 TL", "odeme 1000 TL")]);
    check(
        &text("a bc def ghi"),
        &[("a bc", "a bc"), ("bc def", "bc def"), ("def ghi", "[redacted]"), ("A BC DEF GHI", "[redacted]")],
    );
    check(&text("12 34 567 890"), &[("567 890", "567 890"), ("12-34-567-890", "[redacted]")]);
}

#[test]
fn an_address_is_struck_out_in_every_spelling() {
    let spellings = [
        &["ayse.isik+fatura@example.com", "AYSE.ISIK+FATURA@EXAMPLE.COM", "AYSE.İSİK+FATURA@EXAMPLE.COM"][..],
        &["ayse.ısık+fatura@example.com", "ayse.i\u{307}sik+fatura@example.com", "ayse.isik+fatura%40example.com"],
        &["ayse.isik%2Bfatura%40example.com", "ayse%2eisik%2bfatura%40example%2ecom"],
        &["ayse.isik&#43;fatura&#64;example&#46;com", "ayse.isik+fatura&#x40;example.com"],
        &["ayse.isik+fatura&commat;example.com", "ayse.isik+fatura&amp;#64;example.com"],
        &["ayse.isik%252Bfatura%2540example.com", "ayse.isik+fatura%26%2364%3Bexample.com"],
        &[r"ayse.isik+fatura\u0040example.com", "ayse.isik fatura@example.com", "ayse.isik\u{a0}fatura@example.com"],
    ];
    for spelled in spellings.concat() {
        for around in ["{}", "<{}>, email={}&x", "x{}x"] {
            let (words, expected) = (around.replace("{}", spelled), around.replace("{}", "[redacted]"));
            assert_eq!(redacted(&words, &[recipient(ADDRESS)]), expected, "{words}");
        }
    }
    for grouped in [
        "ayse . isik + fatura @ example . com",
        "AYSE.İSİK + FATURA@EXAMPLE.COM",
        "ayse&period;isik&plus;fatura@example.com",
    ] {
        assert_eq!(redacted(grouped, &[recipient(ADDRESS)]), "[redacted]", "{grouped}");
    }
}

#[test]
fn the_words_before_the_at_are_struck_out_but_those_of_another_address_are_not() {
    check(
        &recipient(ADDRESS),
        &[
            ("Sayin Ayse Isik", "Sayin [redacted] [redacted]"),
            ("ayse.isik+fatura", "[redacted]"),
            ("ayse isik fatura", "[redacted]"),
            ("AYŞE IŞIK", "[redacted] [redacted]"),
            ("ayse&#46;isik (at)", "[redacted]&#46;[redacted] (at)"),
            ("FATURA bulunamadi", "[redacted] bulunamadi"),
            ("ayse.isik+fatura@example.org", "[redacted].[redacted]+fatura@example.org"),
            ("example.com", "example.com"),
        ],
    );
    check(&recipient("ab@example.com"), &[("ab", "ab"), ("AB@EXAMPLE.COM", "[redacted]")]);
    check(
        &recipient("musteri@example.com"),
        &[
            ("<musteri@EXAMPLE.com>", "<[redacted]>"),
            ("musteri@example.org", "musteri@example.org"),
            ("musteri%40example.org", "musteri%40example.org"),
            ("05321234567", "05321234567"),
        ],
    );
}

#[test]
fn a_number_is_struck_out_escaped_and_in_groups() {
    check(
        &recipient("5321234567"),
        &[
            ("cell_phone: 05321234567", "cell_phone: 0[redacted]"),
            ("00905321234567!", "0090[redacted]!"),
            ("5321234567", "[redacted]"),
            ("0532123456 id: NB2Zlz3", "0532123456 id: NB2Zlz3"),
            ("+905321234567", "+90[redacted]"),
            ("%2B905321234567", "%2B90[redacted]"),
            ("%5321234567", "%[redacted]"),
            ("&#53;&#51;&#50;1234567 x", "[redacted] x"),
            ("0532%20123%2045%2067", "[redacted]"),
            ("0532&nbsp;123&nbsp;45&nbsp;67", "[redacted]"),
            ("05321234568", "05321234568"),
        ],
    );
}

#[test]
fn a_text_is_told_by_its_shape() {
    let token = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
    for (written, expected) in [
        (token, Private::Secret(token.to_owned())),
        ("musteri@example.com", recipient("musteri@example.com")),
        ("5321234567", recipient("5321234567")),
        ("Order 1001", text("Order 1001")),
        (&token[..43], text(&token[..43])),
        (&token.replace('=', "A"), text(&token.replace('=', "A"))),
        (&token.replace("q8", "q "), text(&token.replace("q8", "q "))),
    ] {
        assert!(Private::from(written.to_owned()) == expected, "{written}");
    }
    for private in [text(NAME), name(NAME), recipient(ADDRESS), Private::Secret(token.to_owned())] {
        assert_eq!(format!("{private:?}"), "Private([redacted])");
    }
}

#[test]
fn what_is_struck_out_is_one_where_it_overlaps_and_two_where_it_meets() {
    let private = [name("Ali Veli"), Private::Secret("velike".to_owned()), text("keman")];
    for (words, expected) in [
        ("ali velike", "[redacted] [redacted]"),
        ("velikevelike", "[redacted][redacted]"),
        ("velikeman", "[redacted]man"),
        ("Ali Veli Ali Veli", "[redacted] [redacted]"),
    ] {
        assert_eq!(redacted(words, &private), expected, "{words}");
    }
    assert_eq!(redacted(&"a".repeat(7), &[Private::Secret("aaaa".to_owned())]), "[redacted]");
}

/// PayTR's own texts, and others of the kind.
const INNOCENT: [&str; 9] = [
    "Process failed. Invalid id",
    "Invalid id or link has already been deleted",
    "Zorunlu alan degeri gecersiz veya gonderilmedi (Link API - create): price",
    "paytr_token gonderilmedi veya gecersiz",
    "Gecersiz istek veya magaza aktif degil",
    "Geçersiz istek: İŞLEM BAŞARISIZ, ışıksız kılavuz",
    "Ge%C3%A7ersiz+istek &amp; i&#351;lem ba&scedil;ar&imath;s&imath;z \\u0131 100%",
    "Fiyat 1001.50 TL olamaz? (#42) <br/> \u{fffd}",
    "G\u{308}ec\u{327}ersiz 👨\u{200d}👩 ☕\u{fe0f}",
];

#[test]
fn words_that_are_nobodys_stay_as_they_are() {
    let private =
        [name(NAME), recipient(ADDRESS), recipient("5321234567"), text("Order 1001"), text("Sipariş: çay takımı")];
    for words in INNOCENT {
        assert_eq!(redacted(words, &private), words);
    }
}

/// One of the ways to write a letter.
fn spell(letter: char, way: usize) -> String {
    let base =
        || letter.to_string().nfd().filter(|part| !is_combining_mark(*part)).collect::<String>().replace('ı', "i");
    match way {
        0 => letter.to_uppercase().collect(),
        1 => letter.to_lowercase().collect(),
        2 if letter == 'i' => "İ".to_owned(),
        2 if letter == 'I' => "ı".to_owned(),
        3 => base(),
        4 => base().to_uppercase(),
        5 => letter.nfd().collect(),
        6 => letter.to_uppercase().flat_map(UnicodeNormalization::nfd).collect(),
        _ => letter.to_string(),
    }
}

/// One of the ways to escape a character.
fn escape(character: char, way: usize) -> String {
    let code = u32::from(character);
    let named = "ş=scedil Ş=Scedil ğ=gbreve Ğ=Gbreve ı=imath İ=Idot ç=ccedil Ç=Ccedil \
                 ö=ouml Ö=Ouml ü=uuml Ü=Uuml @=commat &=amp";
    let name = named.split(' ').find_map(|pair| pair.strip_prefix(character)?.strip_prefix('='));
    match way {
        0 => format!("&#{code};"),
        1 => format!("&#x{code:x};"),
        2 => format!("&#X{code:04X};"),
        3 if name.is_some() => format!("&{};", name.unwrap()),
        4 => character.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat(),
        5 => character.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat(),
        6 if character == ' ' => "+".to_owned(),
        7 if code < 0x1_0000 => format!("\\u{code:04x}"),
        _ => character.to_string(),
    }
}

fn spelled(text: &str, ways: &[(Index, Index, Index)]) -> String {
    let way =
        |place: usize, of: fn(&(Index, Index, Index)) -> &Index, count| of(&ways[place % ways.len()]).index(count);
    let cased: Vec<char> = text
        .chars()
        .enumerate()
        .flat_map(|(place, letter)| spell(letter, way(place, |ways| &ways.0, 9)).chars().collect::<Vec<_>>())
        .collect();
    let once: Vec<char> = cased
        .iter()
        .enumerate()
        .flat_map(|(place, letter)| escape(*letter, way(place, |ways| &ways.1, 16)).chars().collect::<Vec<_>>())
        .collect();
    once.iter().enumerate().map(|(place, letter)| escape(*letter, way(place, |ways| &ways.2, 32))).collect()
}

fn ways() -> impl Strategy<Value = Vec<(Index, Index, Index)>> {
    proptest::collection::vec(any::<(Index, Index, Index)>(), 1..24)
}

const NAMES: [&str; 8] = [
    "Ayşe Yılmaz",
    "İsmail Işık",
    "Çağrı Öztürk",
    "Ümit Güneş",
    "ALİ VELİ ŞAHİN",
    "Iğdır",
    "Müjgân Özgüç",
    "Deniz İpek",
];
const ADDRESSES: [&str; 4] =
    ["ayse.yilmaz@example.com", "I.KILIC+1@example.com.tr", "o'ne_42@a-b.example", "isil%i@example.com"];

/// One to three words of Turkish letters.
fn names() -> impl Strategy<Value = String> {
    let letters = "abcçdefgğhıiîjklmnoöprsştuüûvyzâABCÇDEFGĞHIİÎJKLMNOÖPRSŞTUÜÛVYZÂ";
    let word = proptest::collection::vec(select(letters.chars().collect::<Vec<_>>()), 3..10);
    proptest::collection::vec(word.prop_map(String::from_iter), 1..4).prop_map(|words| words.join(" "))
}

const ANY_ADDRESS: &str =
    "[a-zA-Z0-9]{1,8}([._+-][a-zA-Z0-9]{1,8}){0,2}@[a-z0-9]{1,10}(-[a-z0-9]{1,5})?\\.(example|com\\.tr)";

proptest! {
    #[test]
    fn no_spelling_of_any_name_survives(written in names(), ways in ways()) {
        let words = format!("(1) {} [2]", spelled(&written, &ways));
        for private in [name(&written), text(&written)] {
            prop_assert_eq!(redacted(&words, &[private]), "(1) [redacted] [2]", "{} for {}", words, written);
        }
    }

    #[test]
    fn no_spelling_of_any_address_survives(written in ANY_ADDRESS, ways in ways()) {
        let words = format!("<{}>", spelled(&written, &ways));
        let passed_on = redacted(&words, &[recipient(&written)]);
        prop_assert!(passed_on == "<[redacted]>" || passed_on == "[redacted]", "{} for {}: {}", passed_on, written, words);
    }

    #[test]
    fn no_spelling_of_a_name_survives(
        written in select(&NAMES[..]), ways in ways(), before in select(&INNOCENT[..]), after in select(&INNOCENT[..]),
    ) {
        let words = format!("{before} {} {after}", spelled(written, &ways));
        for private in [name(written), text(written)] {
            prop_assert_eq!(redacted(&words, &[private]), format!("{before} [redacted] {after}"), "{}", words);
        }
    }

    #[test]
    fn no_spelling_of_a_word_of_a_name_survives(
        written in select(&NAMES[..]), ways in ways(), before in select(&INNOCENT[..]), which in any::<Index>(),
    ) {
        let parts: Vec<&str> = written.split(' ').collect();
        let words = format!("{before} {}", spelled(parts[which.index(parts.len())], &ways));
        prop_assert_eq!(redacted(&words, &[name(written)]), format!("{before} [redacted]"), "{}", words);
    }

    #[test]
    fn no_spelling_of_an_address_survives(
        written in select(&ADDRESSES[..]), ways in ways(), before in select(&INNOCENT[..]), after in select(&INNOCENT[..]),
    ) {
        let words = format!("{before}{}{after}", spelled(written, &ways));
        prop_assert_eq!(redacted(&words, &[recipient(written)]), format!("{before}[redacted]{after}"), "{}", words);
    }

    #[test]
    fn innocent_words_stay_in_every_spelling(written in select(&INNOCENT[..]), ways in ways()) {
        let private = [name(NAME), recipient(ADDRESS), recipient("5321234567"), text("Order 1001")];
        let words = spelled(written, &ways);
        prop_assert_eq!(redacted(&words, &private), words.chars().take(500).collect::<String>());
    }

    #[test]
    fn no_text_makes_it_panic(words in any::<String>(), private in any::<String>(), ways in ways()) {
        for private in [name(&private), text(&private), recipient(&private), Private::Secret(private.clone())] {
            redacted(&words, std::slice::from_ref(&private));
            redacted(&spelled(&words, &ways), &[private]);
        }
    }
}

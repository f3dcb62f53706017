//! What the sandbox's pages share: look, words in English and Turkish, and how a page is served.

use axum::{
    Router,
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Response},
    routing::{MethodRouter, get},
};

use serde::Deserialize;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/sandbox/theme.css", css(include_str!("pages/theme.css")))
        .route("/sandbox/elements.js", js(include_str!("pages/elements.js")))
        .route("/sandbox/payments.js", js(include_str!("pages/payments.js")))
        .route("/sandbox/texts.js", js(include_str!("pages/texts.js")))
        .route("/sandbox/words.js", js(concat!("export default ", include_str!("pages/words.json"), ";\n")))
        .route("/sandbox/icon.svg", asset("image/svg+xml", include_str!("pages/icon.svg")))
}

pub(crate) fn css<S: Clone + Send + Sync + 'static>(text: &'static str) -> MethodRouter<S> {
    asset(CSS, text)
}

pub(crate) fn js<S: Clone + Send + Sync + 'static>(text: &'static str) -> MethodRouter<S> {
    asset(JS, text)
}

fn asset<S: Clone + Send + Sync + 'static>(content_type: &'static str, text: &'static str) -> MethodRouter<S> {
    get(([(header::CONTENT_TYPE, content_type)], text))
}

/// A page in English or Turkish. Its texts are in `words.json`; the page's own `lang` tells its script which to take.
pub(crate) fn html(page: &str, lang: &str) -> Response {
    Html(page.replacen("lang=\"en\"", &format!("lang=\"{lang}\""), 1)).into_response()
}

/// The page's own switch of languages: `?lang=tr`.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    lang: Option<String>,
}

impl Chosen {
    /// `tr` or `en`, if one of them was chosen.
    pub(crate) fn lang(&self) -> Option<&'static str> {
        ["tr", "en"].into_iter().find(|lang| self.lang.as_deref() == Some(*lang))
    }
}

/// `tr` where the browser's first language is Turkish, else `en`.
pub(crate) fn language(headers: &HeaderMap) -> &'static str {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = wanted.split([',', ';', '-']).next().unwrap_or_default().trim();
    if first.eq_ignore_ascii_case("tr") { "tr" } else { "en" }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::misbehaviour::{KNOWN, KNOWN_CREATES};

    fn words(part: &str) -> Value {
        let mut words: Value = serde_json::from_str(include_str!("pages/words.json")).unwrap();
        words[part].take()
    }

    /// The quoted texts of a piece of source that stand behind `mark`.
    fn quoted<'a>(source: &'a str, mark: &str) -> Vec<&'a str> {
        let start = format!("{mark}\"");
        source.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_text_of_the_pages_is_there_in_both_languages_with_the_same_values() {
        let texts = words("texts");
        let values = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
        };
        for (key, text) in texts.as_object().unwrap() {
            let [en, tr] = ["en", "tr"].map(|lang| text[lang].as_str().unwrap());
            assert!(!en.is_empty() && !tr.is_empty(), "{key}");
            assert_eq!(values(en), values(tr), "{key}");
        }
        let sources = [
            include_str!("links/page.html"),
            include_str!("links/page.js"),
            include_str!("outbox/detail.js"),
            include_str!("outbox/index.html"),
            include_str!("outbox/outbox.js"),
            include_str!("pages/payments.js"),
            include_str!("woocommerce/staff/staff.html"),
            include_str!("woocommerce/staff/staff.js"),
        ];
        let mut used = 0;
        for source in sources {
            for mark in ["text(", "data-text=", "data-label=", "data-placeholder="] {
                for key in quoted(source, mark) {
                    assert!(texts.get(key).is_some(), "{key} has no text");
                    used += 1;
                }
            }
        }
        assert!(used > 80, "the texts are not found in the sources any more");
    }

    #[test]
    fn everything_that_a_developer_is_told_in_english_is_there_in_turkish() {
        let hints = words("hints");
        let sources = [
            include_str!("form.rs"),
            include_str!("link_api.rs"),
            include_str!("notifier.rs"),
            include_str!("pay.rs"),
            include_str!("rules.rs"),
            include_str!("rules/create.rs"),
            include_str!("rules/delete.rs"),
            include_str!("rules/send.rs"),
            include_str!("token.rs"),
        ];
        let mut found = BTreeSet::new();
        for source in sources {
            let code = source.split("#[cfg(test)]").next().unwrap().lines().filter(|line| !line.contains("//"));
            for line in code {
                let is_sentence = |text: &&str| text.ends_with('.') && text.contains(' ');
                found.extend(quoted(line, "").into_iter().filter(is_sentence).map(str::to_owned));
            }
        }
        let said: BTreeSet<String> = hints.as_object().unwrap().keys().cloned().collect();
        // An address in a text looks like a comment.
        assert_eq!(found.difference(&said).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(
            said.difference(&found).filter(|text| !text.contains("//")).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
    }

    #[test]
    fn every_misbehaviour_is_explained_in_turkish() {
        let does = words("does");
        let known: BTreeSet<&str> = KNOWN.iter().chain(KNOWN_CREATES).map(|known| known.link_id).collect();
        let explained: BTreeSet<&str> = does.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(known, explained);
    }

    #[test]
    fn a_browser_whose_first_language_is_turkish_gets_turkish() {
        for (wanted, lang) in [
            ("tr", "tr"),
            ("TR-tr,en;q=0.9", "tr"),
            ("tr;q=0.9", "tr"),
            ("en-GB,tr;q=0.9", "en"),
            ("", "en"),
            ("trv", "en"),
            ("de", "en"),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, wanted.parse().unwrap())]);
            assert_eq!(language(&headers), lang, "{wanted}");
        }
        assert_eq!(language(&HeaderMap::new()), "en");
    }
}

//! Secrets in forms that somebody takes, each signed with what a lenient reader makes of it.

use super::{Class, refuse};
use crate::case::{Case, Parts, mac, written};
use crate::random::Random;
use base64::{Engine, engine::general_purpose::STANDARD};

pub fn classes() -> Vec<Class> {
    vec![
        refuse("secret of under 24 bytes", |random, now| {
            let length = random.between(1, 23);
            Parts { key: random.bytes(length), ..Parts::new(random, now) }.signed()
        }),
        refuse("secret empty", |random, now| {
            let secrets = vec![random.pick(&["", "whsec_"]).to_owned()];
            Case { secrets, ..Parts { key: Vec::new(), ..Parts::new(random, now) }.signed() }
        }),
        secret("secret without whsec_", |_, secret| secret["whsec_".len()..].to_owned()),
        secret("secret with another prefix", |random, secret| {
            format!("{}{}", random.pick(&["WHSEC_", "whsec-", "whsk_", "whsec_whsec_"]), &secret["whsec_".len()..])
        }),
        refuse("secret without padding", |random, now| {
            let length = [25, 26, 28, 31, 32][random.below(5)];
            let parts = Parts { key: random.bytes(length), ..Parts::new(random, now) };
            let secrets = vec![written(&parts.key).trim_end_matches('=').to_owned()];
            Case { secrets, ..parts.signed() }
        }),
        refuse("secret with other last bits", |random, now| {
            let mut key = random.bytes(32);
            // Its four last bits are the last character's first: `A` and two stray bits make `B`.
            key[31] &= 0xf0;
            let parts = Parts { key, ..Parts::new(random, now) };
            let secrets = vec![written(&parts.key).replace("A=", "B=")];
            Case { secrets, ..parts.signed() }
        }),
        refuse("secret in the URL alphabet", |random, now| {
            let mut key = random.bytes(30);
            key[..3].copy_from_slice(&[0xfb, 0xff, 0xfe]);
            let parts = Parts { key, ..Parts::new(random, now) };
            let secrets = vec![written(&parts.key).replace('+', "-").replace('/', "_")];
            Case { secrets, ..parts.signed() }
        }),
        secret("secret with other characters in it", |random, secret| {
            let place = random.between("whsec_".len(), secret.len() - 4);
            format!("{}{}{}", &secret[..place], random.pick(&["!", "*", " ", "\n", "\"", "."]), &secret[place..])
        }),
        refuse("secret's text as the key", |random, now| {
            let parts = Parts::new(random, now);
            let content = [parts.id.as_bytes(), parts.timestamp.to_string().as_bytes(), &parts.body].join(&b'.');
            let secret = written(&parts.key);
            let text = if random.flip() { &secret } else { &secret["whsec_".len()..] };
            let signature = format!("v1,{}", STANDARD.encode(mac(text.as_bytes(), &content)));
            parts.with_signature(signature)
        }),
        refuse("another secret", |random, now| Case {
            secrets: vec![written(&random.bytes(32))],
            ..Parts::new(random, now).signed()
        }),
    ]
}

fn secret(name: &'static str, rewrite: fn(&mut Random, &str) -> String) -> Class {
    refuse(name, move |random, now| {
        let mut case = Parts::new(random, now).signed();
        case.secrets = vec![rewrite(random, &case.secrets[0])];
        case
    })
}

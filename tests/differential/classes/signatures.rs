//! Right signatures, written wrongly, and wrong ones.

use super::{Class, refuse};
use crate::case::{Case, Parts};
use crate::random::Random;
use base64::{Engine, engine::general_purpose::STANDARD};

pub fn classes() -> Vec<Class> {
    vec![
        signature("base64 with other last bits", |random, signature| {
            const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let mut bytes = signature.as_bytes().to_vec();
            let last = bytes.len() - 2;
            let value = ALPHABET.iter().position(|character| *character == bytes[last]).unwrap();
            bytes[last] = ALPHABET[value + random.between(1, 3)];
            String::from_utf8(bytes).unwrap()
        }),
        signature("base64 without padding", |_, signature| signature.trim_end_matches('=').to_owned()),
        signature("base64 with more padding", |random, signature| format!("{signature}{}", random.pick(&["=", "=="]))),
        signature("base64 with other characters in it", |random, signature| {
            let place = random.between(3, signature.len() - 1);
            let junk = random.pick(&["!", "*", "-", "_", ".", "\t", "$%"]);
            format!("{}{junk}{}", &signature[..place], &signature[place..])
        }),
        refuse("base64 in the URL alphabet", |random, now| {
            loop {
                let parts = Parts::new(random, now);
                if parts.signature().contains(['+', '/']) {
                    return parts.signature_then(|signature| signature.replace('+', "-").replace('/', "_"));
                }
            }
        }),
        signature("hex in place of base64", |_, signature| {
            let tag = STANDARD.decode(&signature[3..]).unwrap();
            tag.iter().fold("v1,".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
        }),
        signature("signature cut short", |random, signature| {
            signature[..random.between(1, signature.len() - 2)].to_owned()
        }),
        signature("signature of fewer bytes, in good base64", |random, signature| {
            let tag = STANDARD.decode(&signature[3..]).unwrap();
            format!("v1,{}", STANDARD.encode(&tag[..random.between(0, 31)]))
        }),
        signature("a bit of the signature flipped", |random, signature| {
            let mut tag = STANDARD.decode(&signature[3..]).unwrap();
            tag[random.below(32)] ^= 1 << random.below(8);
            format!("v1,{}", STANDARD.encode(tag))
        }),
        signature("signature without its version", |_, signature| signature[3..].to_owned()),
        signature("signature under another version", |random, signature| {
            format!("{}{}", random.pick(&["v1a", "v2", "v", "V1", "v11", "v01", ""]), &signature[2..])
        }),
        signature("version set apart otherwise", |random, signature| {
            format!("v1{}{}", random.pick(&["=", ":", ";", ",,", ", "]), &signature[3..])
        }),
        signature("signature given twice", |_, signature| format!("{signature}, {signature}")),
        signature("signatures set apart by a comma", |_, signature| format!("{signature},{signature}")),
        signature("signatures set apart by a tab", |_, signature| format!("{signature}\t{signature}")),
        signature("more than 16 entries", |random, signature| {
            let mut entries = vec!["v2,x"; random.between(16, 80)];
            entries.insert(random.below(entries.len() + 1), signature);
            entries.join(" ")
        }),
        signature("signature header over 4 KiB", |random, signature| {
            let long = "x".repeat(random.between(4096, 9000));
            if random.flip() { format!("{signature} v2,{long}") } else { format!("v2,{long} {signature}") }
        }),
        signature("signature empty", |random, _| random.pick(&["", " ", "v1,", "v1", "v1,="]).to_owned()),
        refuse("signature absent", |random, now| Case { signature: None, ..Parts::new(random, now).signed() }),
    ]
}

fn signature(name: &'static str, rewrite: fn(&mut Random, &str) -> String) -> Class {
    refuse(name, move |random, now| {
        let parts = Parts::new(random, now);
        let signature = rewrite(random, &parts.signature());
        parts.with_signature(signature)
    })
}

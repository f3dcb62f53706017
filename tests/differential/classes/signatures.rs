//! Right signatures, written wrongly, and wrong ones.

use super::{Class, Rule::Refuse};
use crate::case::{Case, Parts};
use crate::random::Random;
use base64::{Engine, engine::general_purpose::STANDARD};

pub static CLASSES: &[Class] = &[
    Class {
        name: "base64 with other last bits",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                let mut bytes = signature.as_bytes().to_vec();
                let last = bytes.len() - 2;
                let value = ALPHABET.iter().position(|character| *character == bytes[last]).unwrap();
                bytes[last] = ALPHABET[value + random.between(1, 3)];
                String::from_utf8(bytes).unwrap()
            })
        },
    },
    Class {
        name: "base64 without padding",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, signature| signature.trim_end_matches('=').to_owned()),
    },
    Class {
        name: "base64 with more padding",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| format!("{signature}{}", random.pick(&["=", "=="])))
        },
    },
    Class {
        name: "base64 with other characters in it",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                let place = random.between(3, signature.len() - 1);
                let junk = random.pick(&["!", "*", "-", "_", ".", "\t", "$%"]);
                format!("{}{junk}{}", &signature[..place], &signature[place..])
            })
        },
    },
    Class {
        name: "base64 in the URL alphabet",
        rule: Refuse,
        make: |random, now| {
            loop {
                let parts = Parts::new(random, now);
                if parts.signature().contains(['+', '/']) {
                    return parts.signature_then(|signature| signature.replace('+', "-").replace('/', "_"));
                }
            }
        },
    },
    Class {
        name: "hex in place of base64",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |_, signature| {
                let tag = STANDARD.decode(&signature[3..]).unwrap();
                tag.iter().fold("v1,".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
            })
        },
    },
    Class {
        name: "signature cut short",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| signature[..random.between(1, signature.len() - 2)].to_owned())
        },
    },
    Class {
        name: "signature of fewer bytes, in good base64",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                let tag = STANDARD.decode(&signature[3..]).unwrap();
                format!("v1,{}", STANDARD.encode(&tag[..random.between(0, 31)]))
            })
        },
    },
    Class {
        name: "a bit of the signature flipped",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                let mut tag = STANDARD.decode(&signature[3..]).unwrap();
                tag[random.below(32)] ^= 1 << random.below(8);
                format!("v1,{}", STANDARD.encode(tag))
            })
        },
    },
    Class {
        name: "signature without its version",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, signature| signature[3..].to_owned()),
    },
    Class {
        name: "signature under another version",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                format!("{}{}", random.pick(&["v1a", "v2", "v", "V1", "v11", "v01", ""]), &signature[2..])
            })
        },
    },
    Class {
        name: "version set apart otherwise",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                format!("v1{}{}", random.pick(&["=", ":", ";", ",,", ", "]), &signature[3..])
            })
        },
    },
    Class {
        name: "signature given twice",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, signature| format!("{signature}, {signature}")),
    },
    Class {
        name: "signatures set apart by a comma",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, signature| format!("{signature},{signature}")),
    },
    Class {
        name: "signatures set apart by a tab",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, signature| format!("{signature}\t{signature}")),
    },
    Class {
        name: "more than 16 entries",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                let mut entries = vec!["v2,x"; random.between(16, 80)];
                entries.insert(random.below(entries.len() + 1), signature);
                entries.join(" ")
            })
        },
    },
    Class {
        name: "signature header over 4 KiB",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, signature| {
                let long = "x".repeat(random.between(4096, 9000));
                if random.flip() { format!("{signature} v2,{long}") } else { format!("v2,{long} {signature}") }
            })
        },
    },
    Class {
        name: "signature empty",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |random, _| random.pick(&["", " ", "v1,", "v1", "v1,="]).to_owned()),
    },
    Class {
        name: "signature absent",
        rule: Refuse,
        make: |random, now| Case { signature: None, ..Parts::new(random, now).signed() },
    },
];

fn rewritten(random: &mut Random, now: u64, rewrite: fn(&mut Random, &str) -> String) -> Case {
    let parts = Parts::new(random, now);
    let signature = rewrite(random, &parts.signature());
    parts.with_signature(signature)
}

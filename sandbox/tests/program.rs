//! The program: settings, the line it prints, how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

fn program(settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paytr-sandbox"));
    command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("PAYTR_MERCHANT_ID", "123456").env("PAYTR_MERCHANT_KEY", "kEy").env("PAYTR_MERCHANT_SALT", "sAlt");
    command.env("SANDBOX_ADDRESS", "127.0.0.1:0").envs(settings.iter().copied());
    command
}

/// Runs to the end, which has to be a failure, and gives what it said.
fn refusal(mut command: Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

/// Starts it and gives the first line it prints.
fn start(settings: &[(&str, &str)]) -> (Child, String) {
    let mut child = program(settings).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line)
}

#[test]
fn a_missing_or_mangled_setting_is_named_and_its_value_is_not() {
    for name in ["PAYTR_MERCHANT_ID", "PAYTR_MERCHANT_KEY", "PAYTR_MERCHANT_SALT"] {
        let mut missing = program(&[]);
        missing.env_remove(name);
        let said = refusal(missing);
        assert!(said.contains(&format!("{name} is not set")), "{said}");
        for (value, wrong) in [("", "is empty"), (" q1w2e3", "has blanks"), ("'q1w2e3'", "has quotes")] {
            let said = refusal(program(&[(name, value)]));
            assert!(said.contains(&format!("{name} {wrong}")) && !said.contains("q1w2e3"), "{said}");
        }
    }
}

#[test]
fn a_setting_that_cannot_be_used_is_refused_in_words_that_do_not_repeat_a_secret() {
    let numbers = ["SANDBOX_CALLBACK_INTERVAL_MS", "SANDBOX_CALLBACK_ATTEMPTS"];
    let no_number = numbers.map(|name| format!("{name} is not a whole number from 1"));
    for (name, values, words) in [
        ("SANDBOX_ADDRESS", &["0.0.0.0:8788", "[::]:0"][..], "not on this machine only"),
        ("SANDBOX_ADDRESS", &["localhost"], "is not an address"),
        ("SANDBOX_STATE", &["/dev/null/sandbox.jsonl"], "cannot keep its state in /dev/null/sandbox.jsonl"),
        (numbers[0], &["", "0", "-1", "1s"], &no_number[0]),
        (numbers[1], &["", "0", "-1", "1s"], &no_number[1]),
        ("EVENTS_SECRETS", &["whsec_q1w2e3!"], "EVENTS_SECRETS is not"),
    ] {
        for value in values {
            let said = refusal(program(&[(name, value)]));
            assert!(said.contains(words) && !said.contains("q1w2e3"), "{name}={value}: {said}");
        }
    }
}

#[test]
fn all_addresses_of_the_machine_are_listened_on_if_that_is_asked_for_and_it_is_said() {
    let (mut child, line) = start(&[("SANDBOX_ADDRESS", "0.0.0.0:0"), ("SANDBOX_EXPOSED", "yes")]);
    assert!(line.starts_with("The outbox is at http://127.0.0.1:"), "{line}");
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("all addresses of this machine"), "{said}");
    child.wait().unwrap();
    for (address, exposed) in [("0.0.0.0:0", "no"), ("0.0.0.0:0", ""), ("192.0.2.1:0", "yes")] {
        let said = refusal(program(&[("SANDBOX_ADDRESS", address), ("SANDBOX_EXPOSED", exposed)]));
        assert!(said.contains("not on this machine only"), "{said}");
    }
}

#[test]
fn a_taken_port_is_a_clear_error_and_sigterm_ends_it_well() {
    let (mut child, line) = start(&[]);
    let url = line.strip_prefix("The outbox is at ").and_then(|rest| rest.split('/').nth(2)).unwrap().to_owned();
    let said = refusal(program(&[("SANDBOX_ADDRESS", &url)]));
    assert!(said.contains("is taken"), "{said}");
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(child.wait().unwrap().success());
}

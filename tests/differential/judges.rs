//! The four judges: the relay, and the three published libraries.
//!
//! The libraries in other languages run as one process each, which judges all cases, one a line, with the clock of
//! each case. The Rust library reads the system's clock, so a case is made and judged within one second of it.

use crate::case::Case;
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::message::Message;
use paytr_link_relay::standard_webhooks::{Headers, parse_secrets, read_headers, verify};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use standardwebhooks::{Webhook, WebhookError};
use std::convert::Infallible;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a judge says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Accepted,
    Refused,
    /// No verdict: the library broke off because it could not read the request.
    Choked,
}

/// The relay: the signature, and that the body is text, which is the next thing the relay looks at.
pub fn relay(case: &Case) -> Verdict {
    let Ok(secrets) = parse_secrets(&case.secrets.join(" ")) else { return Verdict::Refused };
    let Ok([id, timestamp, signature]) = read_headers(|name| Ok::<_, Infallible>(case.header(name)));
    let headers = Headers { id, timestamp, signature };
    let signed = verify(headers, &case.body, &secrets, case.now).is_ok();
    if signed && str::from_utf8(&case.body).is_err() {
        assert!(matches!(Message::parse(&case.body), Err(Problem::MalformedBody(_))));
        return Verdict::Refused;
    }
    if signed { Verdict::Accepted } else { Verdict::Refused }
}

/// crates.io `standardwebhooks`: any of the secrets will do. It knows no names of Svix's, so it gets such a request under
/// its own.
pub fn rust(case: &Case) -> Verdict {
    let mut headers = HeaderMap::new();
    for (name, value) in case.headers() {
        let name = name.to_ascii_lowercase().replace("svix-", "webhook-");
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let verdicts = case.secrets.iter().map(|secret| match Webhook::new(secret) {
        Err(_) => Verdict::Choked,
        Ok(webhook) => match webhook.verify(&case.body, &headers) {
            Ok(()) => Verdict::Accepted,
            Err(WebhookError::InvalidHeader(_) | WebhookError::InvalidPayload) => Verdict::Choked,
            Err(_) => Verdict::Refused,
        },
    });
    best(verdicts)
}

fn best(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.min_by_key(|verdict| *verdict as u8).unwrap_or(Verdict::Choked)
}

/// npm `standardwebhooks`, and `svix` for requests by Svix's names, or why they are not there.
pub fn npm(cases: &[&Case]) -> Result<Vec<Verdict>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for library in ["standardwebhooks", "svix"] {
        if !root.join(format!("node_modules/{library}/package.json")).exists() {
            return Err(format!("{library} is not in node_modules; run npm ci"));
        }
    }
    judge(Command::new("node").arg(root.join("tests/differential/judge.mjs")), cases)
}

/// `PyPI` `standardwebhooks`, or why it is not there.
pub fn pypi(cases: &[&Case]) -> Result<Vec<Verdict>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/judge.py");
    judge(Command::new(python()?).arg(script), cases)
}

/// A Python of the tests' own, with the pinned library in it; made once.
fn python() -> Result<PathBuf, String> {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/requirements.txt");
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let python = home.join("bin/python");
    let mark = home.join("requirements.txt");
    let wanted = std::fs::read(&requirements).unwrap();
    if std::fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r"];
    succeed(Command::new(&python).args(pip).arg(&requirements))?;
    std::fs::write(mark, wanted).unwrap();
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

fn judge(command: &mut Command, cases: &[&Case]) -> Result<Vec<Verdict>, String> {
    let mut input = tempfile::tempfile().unwrap();
    for case in cases {
        writeln!(input, "{}", case.to_json()).unwrap();
    }
    input.rewind().unwrap();
    let output = command
        .stdin(input)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    assert!(output.status.success(), "{command:?} broke off");
    let verdicts: Vec<Verdict> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdicts.len(), cases.len());
    Ok(verdicts)
}

//! `paytr-sandbox`: the sandbox as a program.
//!
//! In scope: settings from the environment, one line when it listens, clear words when it cannot. Everything else is
//! the library's.

use std::{env, fmt, io, net::SocketAddr, process::ExitCode, time::Duration};

use paytr_sandbox::woocommerce::WooCommerce;
use paytr_sandbox::{EventSecrets, Merchant, Options, Sandbox, Schedule};
use tokio::signal::unix::{SignalKind, signal};

const DEFAULT_ADDRESS: &str = "127.0.0.1:8788";

/// Why the sandbox does not start. `Display` says what to change.
enum Trouble {
    Setting { name: &'static str, wrong: &'static str },
    NotAnAddress,
    NotLoopback(SocketAddr),
    NotANumber { name: &'static str },
    NotSecrets,
    Listen(SocketAddr, io::Error),
    Signal(io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("paytr-sandbox: {trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Trouble> {
    let merchant = Merchant {
        merchant_id: setting("PAYTR_MERCHANT_ID")?,
        merchant_key: setting("PAYTR_MERCHANT_KEY")?,
        merchant_salt: setting("PAYTR_MERCHANT_SALT")?,
    };
    let address = address()?;
    let shop_address = shop_address()?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Trouble::Signal)?;
    let options = Options { schedule: schedule()?, event_secrets: event_secrets()? };
    let sandbox =
        Sandbox::start_with(merchant, address, options).await.map_err(|error| Trouble::Listen(address, error))?;
    let url = sandbox.base_url();
    println!("The outbox is at {url}/ (for the relay: PAYTR_BASE_URL={url})");
    // Until the program ends.
    let _shop = match shop_address {
        Some(address) => {
            let api_key = setting("SANDBOX_WOOCOMMERCE_API_KEY")?;
            let shop = WooCommerce::start(&api_key, address).await.map_err(|error| Trouble::Listen(address, error))?;
            println!("The shop is at {}/", shop.url());
            Some(shop)
        }
        None => None,
    };
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Trouble::Signal),
    }
}

fn setting(name: &'static str) -> Result<String, Trouble> {
    let wrong = |wrong| Err(Trouble::Setting { name, wrong });
    match env::var(name) {
        Err(env::VarError::NotPresent) => wrong("is not set"),
        Err(env::VarError::NotUnicode(_)) => wrong("is not UTF-8"),
        Ok(value) if value.is_empty() => wrong("is empty"),
        Ok(value) if value.trim() != value => wrong("has blanks around it"),
        Ok(value) if value.starts_with(['"', '\'']) => wrong("has quotes around it"),
        Ok(value) => Ok(value),
    }
}

/// Loopback only: the outbox shows recipients, and nothing asks who is looking.
fn address() -> Result<SocketAddr, Trouble> {
    let text = env::var("SANDBOX_ADDRESS").unwrap_or_else(|_| DEFAULT_ADDRESS.to_owned());
    let address: SocketAddr = text.parse().map_err(|_| Trouble::NotAnAddress)?;
    if address.ip().is_loopback() { Ok(address) } else { Err(Trouble::NotLoopback(address)) }
}

/// Not set: there is no shop.
fn shop_address() -> Result<Option<SocketAddr>, Trouble> {
    let Ok(text) = env::var("SANDBOX_WOOCOMMERCE_ADDRESS") else { return Ok(None) };
    let address: SocketAddr = text.parse().map_err(|_| Trouble::NotAnAddress)?;
    if address.ip().is_loopback() { Ok(Some(address)) } else { Err(Trouble::NotLoopback(address)) }
}

/// Not set or empty: the shop's inbox is off.
fn event_secrets() -> Result<Option<EventSecrets>, Trouble> {
    match env::var("EVENTS_SECRETS") {
        Err(env::VarError::NotPresent) => Ok(None),
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => EventSecrets::parse(&text).map(Some).ok_or(Trouble::NotSecrets),
        Err(env::VarError::NotUnicode(_)) => Err(Trouble::NotSecrets),
    }
}

/// How often a payment is notified, in milliseconds, and how many times.
fn schedule() -> Result<Schedule, Trouble> {
    let Schedule { every, attempts } = Schedule::default();
    Ok(Schedule {
        every: number("SANDBOX_CALLBACK_INTERVAL_MS")?.map_or(every, |ms| Duration::from_millis(ms.into())),
        attempts: number("SANDBOX_CALLBACK_ATTEMPTS")?.unwrap_or(attempts),
    })
}

fn number(name: &'static str) -> Result<Option<u32>, Trouble> {
    match env::var(name) {
        Err(env::VarError::NotPresent) => Ok(None),
        Ok(text) => match text.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(Trouble::NotANumber { name }),
        },
        Err(_) => Err(Trouble::NotANumber { name }),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, wrong } => write!(
                formatter,
                "{name} {wrong}. Set PAYTR_MERCHANT_ID, PAYTR_MERCHANT_KEY and PAYTR_MERCHANT_SALT, and with a shop \
                 SANDBOX_WOOCOMMERCE_API_KEY, to the values that the relay uses; made-up ones will do."
            ),
            Self::NotAnAddress => {
                write!(
                    formatter,
                    "SANDBOX_ADDRESS or SANDBOX_WOOCOMMERCE_ADDRESS is not an address with a port, like {DEFAULT_ADDRESS}."
                )
            }
            Self::NotLoopback(address) => write!(
                formatter,
                "SANDBOX_ADDRESS {address} is not on this machine only. Use 127.0.0.1 or [::1]: the outbox shows \
                 recipients to everyone who can reach it."
            ),
            Self::NotANumber { name } => write!(formatter, "{name} is not a whole number from 1."),
            Self::NotSecrets => formatter.write_str(
                "EVENTS_SECRETS is not one or more secrets of whsec_ and base64, with blanks between them. Take the \
                 relay's, or unset it.",
            ),
            Self::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => write!(
                formatter,
                "{address} is taken, perhaps by another sandbox. Stop it, or set SANDBOX_ADDRESS to another port."
            ),
            Self::Listen(address, error) => {
                write!(formatter, "cannot listen on {address} ({error}). Set SANDBOX_ADDRESS to another one.")
            }
            Self::Signal(error) => write!(formatter, "cannot wait for Ctrl-C ({error})."),
        }
    }
}

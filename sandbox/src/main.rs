//! `paytr-sandbox`: the sandbox as a program.
//!
//! In scope: settings from the environment, one line when it listens, clear words when it cannot. Everything else is
//! the library's.

use std::{env, fmt, io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use paytr_sandbox::woocommerce::WooCommerce;
use paytr_sandbox::{EventSecrets, Journal, Merchant, Options, Sandbox, Schedule};
use tokio::signal::unix::{SignalKind, signal};

const DEFAULT_ADDRESS: &str = "127.0.0.1:8788";
const EXPOSED: &str = "it listens on all addresses of this machine. Whoever reaches its port can read the outbox and pay: let \
                       nobody but yourself reach it.";

/// Why the sandbox does not start. `Display` says what to change.
enum Trouble {
    Setting { name: &'static str, wrong: &'static str },
    NotAnAddress,
    NotLoopback(SocketAddr),
    NotANumber { name: &'static str },
    NotSecrets,
    State(PathBuf, io::Error),
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
    if [Some(address), shop_address].into_iter().flatten().any(|address| !address.ip().is_loopback()) {
        eprintln!("paytr-sandbox: {EXPOSED}");
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(Trouble::Signal)?;
    let options = Options { schedule: schedule()?, event_secrets: event_secrets()?, journal: journal()? };
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

fn address() -> Result<SocketAddr, Trouble> {
    let text = env::var("SANDBOX_ADDRESS").unwrap_or_else(|_| DEFAULT_ADDRESS.to_owned());
    read_address(&text)
}

/// Not set: there is no shop.
fn shop_address() -> Result<Option<SocketAddr>, Trouble> {
    let Ok(text) = env::var("SANDBOX_WOOCOMMERCE_ADDRESS") else { return Ok(None) };
    read_address(&text).map(Some)
}

/// Loopback only, since the outbox shows recipients and nothing asks who is looking; where `SANDBOX_EXPOSED` is `yes`, all
/// addresses of the machine too.
fn read_address(text: &str) -> Result<SocketAddr, Trouble> {
    let address: SocketAddr = text.parse().map_err(|_| Trouble::NotAnAddress)?;
    let is_exposed = env::var("SANDBOX_EXPOSED").is_ok_and(|value| value == "yes");
    if address.ip().is_loopback() || (is_exposed && address.ip().is_unspecified()) {
        Ok(address)
    } else {
        Err(Trouble::NotLoopback(address))
    }
}

/// Not set or empty: everything is forgotten at the end.
fn journal() -> Result<Option<Journal>, Trouble> {
    let Some(path) = env::var_os("SANDBOX_STATE").filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(None);
    };
    Journal::open(&path).map(Some).map_err(|error| Trouble::State(path, error))
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
                 recipients to everyone who can reach it. In a container of your own, set SANDBOX_EXPOSED=yes to listen on \
                 0.0.0.0 or [::]."
            ),
            Self::NotANumber { name } => write!(formatter, "{name} is not a whole number from 1."),
            Self::NotSecrets => formatter.write_str(
                "EVENTS_SECRETS is not one or more secrets of whsec_ and base64, with blanks between them. Take the \
                 relay's, or unset it.",
            ),
            Self::State(path, error) => {
                write!(
                    formatter,
                    "cannot keep its state in {} ({error}). Set SANDBOX_STATE to another file.",
                    path.display()
                )
            }
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

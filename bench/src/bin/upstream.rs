//! A PayTR that always says yes, fast: `{"status":"success"}` as `text/html`, over kept connections; and a shop that takes
//! every event, under `/events`, or none while it is down, or answers none while it hangs.
//!
//! Prints its port. `GET /count` tells how many requests to PayTR there were, `GET /delivered` how many events were taken.
//! `GET /up`, `GET /down` and `GET /hanging` say what the shop does from now on; `GET /tries` gives every try of an event since the last
//! time, a line each: Unix milliseconds, 1 if it was taken, and the payment's `merchant_oid`.

use relay_bench::Reader;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const REPLY: &str = "{\"status\":\"success\"}";
const STACK_BYTES: usize = 128 * 1024;
const OK: &str = "200 OK";
const UP: u8 = 0;
const DOWN: u8 = 1;
const HANGING: u8 = 2;
/// Longer than anybody waits for a shop.
const HANGS_FOR: Duration = Duration::from_mins(1);

static REQUESTS: AtomicUsize = AtomicUsize::new(0);
static EVENTS: AtomicUsize = AtomicUsize::new(0);
static SHOP: AtomicU8 = AtomicU8::new(UP);
static TRIES: Mutex<String> = Mutex::new(String::new());

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let stream = stream?;
        // A caller may break off; that is its own affair.
        thread::Builder::new().stack_size(STACK_BYTES).spawn(|| serve(stream).unwrap_or_default())?;
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = Reader::new(stream.try_clone()?);
    let mut body = Vec::new();
    while let Some(head) = reader.next(&mut body)? {
        match head.first_line.split(' ').nth(1) {
            Some("/count") => reply(&mut stream, OK, &REQUESTS.load(Ordering::Relaxed).to_string())?,
            Some("/delivered") => reply(&mut stream, OK, &EVENTS.load(Ordering::Relaxed).to_string())?,
            Some(path @ ("/up" | "/down" | "/hanging")) => {
                let shop = match path {
                    "/up" => UP,
                    "/down" => DOWN,
                    _ => HANGING,
                };
                SHOP.store(shop, Ordering::Relaxed);
                reply(&mut stream, OK, "")?;
            }
            Some("/tries") => {
                let lines = std::mem::take(&mut *tries());
                reply(&mut stream, OK, &lines)?;
            }
            Some("/events") => {
                let shop = SHOP.load(Ordering::Relaxed);
                let is_taken = shop == UP;
                record(&body, is_taken)?;
                if shop == HANGING {
                    thread::sleep(HANGS_FOR);
                }
                if is_taken {
                    EVENTS.fetch_add(1, Ordering::Relaxed);
                }
                reply(&mut stream, if is_taken { OK } else { "503 Service Unavailable" }, "")?;
            }
            Some("/odeme/api/link/create") => {
                let id = REQUESTS.fetch_add(1, Ordering::Relaxed);
                let link = format!("https://www.paytr.com/link/L{id}");
                reply(&mut stream, OK, &format!("{{\"status\":\"success\",\"id\":\"L{id}\",\"link\":\"{link}\"}}"))?;
            }
            _ => {
                REQUESTS.fetch_add(1, Ordering::Relaxed);
                reply(&mut stream, OK, REPLY)?;
            }
        }
    }
    Ok(())
}

fn tries() -> MutexGuard<'static, String> {
    TRIES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn record(event: &[u8], is_taken: bool) -> io::Result<()> {
    let event = str::from_utf8(event).map_err(io::Error::other)?;
    let oid = event.split_once("\"merchant_oid\":\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?.as_millis();
    writeln!(tries(), "{now} {} {oid}", u8::from(is_taken)).map_err(io::Error::other)
}

fn reply(stream: &mut TcpStream, status: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = "content-type: text/html; charset=UTF-8\r\ncontent-length:";
    stream.write_all(format!("HTTP/1.1 {status}\r\n{head} {length}\r\n\r\n{body}").as_bytes())
}

//! A PayTR that always says yes, fast: `{"status":"success"}` as `text/html`, over kept connections; and a shop that takes
//! every event, under `/events`, or answers none while it hangs.
//!
//! Prints its port. `GET /asked` tells how many requests to PayTR there were, `GET /tried` and `GET /delivered` how many
//! events came and how many were taken. `GET /up` and `GET /hanging` say what the shop does from now on.

use relay_bench::Reader;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

const STACK_BYTES: usize = 128 * 1024;
/// Longer than anybody waits for a shop.
const HANGS_FOR: Duration = Duration::from_mins(1);

static ASKED: AtomicUsize = AtomicUsize::new(0);
static TRIED: AtomicUsize = AtomicUsize::new(0);
static DELIVERED: AtomicUsize = AtomicUsize::new(0);
static HANGS: AtomicBool = AtomicBool::new(false);

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
    while let Some(request) = reader.next(&mut body)? {
        let reply = match request.split(' ').nth(1) {
            Some("/asked") => ASKED.load(Relaxed).to_string(),
            Some("/tried") => TRIED.load(Relaxed).to_string(),
            Some("/delivered") => DELIVERED.load(Relaxed).to_string(),
            Some(state @ ("/up" | "/hanging")) => {
                HANGS.store(state == "/hanging", Relaxed);
                String::new()
            }
            Some("/events") => {
                TRIED.fetch_add(1, Relaxed);
                if HANGS.load(Relaxed) {
                    thread::sleep(HANGS_FOR);
                    return Ok(());
                }
                DELIVERED.fetch_add(1, Relaxed);
                String::new()
            }
            Some("/odeme/api/link/create") => {
                let id = ASKED.fetch_add(1, Relaxed);
                let link = format!("https://www.paytr.com/link/L{id}");
                format!("{{\"status\":\"success\",\"id\":\"L{id}\",\"link\":\"{link}\"}}")
            }
            _ => {
                ASKED.fetch_add(1, Relaxed);
                "{\"status\":\"success\"}".to_owned()
            }
        };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=UTF-8\r\ncontent-length:";
        stream.write_all(format!("{head} {}\r\n\r\n{reply}", reply.len()).as_bytes())?;
    }
    Ok(())
}

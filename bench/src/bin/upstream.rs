//! A PayTR that always says yes, fast: `{"status":"success"}` as `text/html`, over kept connections; and a shop that takes
//! every event, under `/events`.
//!
//! Prints its port. `GET /count` tells how many requests to PayTR there were, `GET /delivered` how many events.

use relay_bench::Reader;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const REPLY: &str = "{\"status\":\"success\"}";
const STACK_BYTES: usize = 128 * 1024;

static REQUESTS: AtomicUsize = AtomicUsize::new(0);
static EVENTS: AtomicUsize = AtomicUsize::new(0);

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
            Some("/count") => reply(&mut stream, &REQUESTS.load(Ordering::Relaxed).to_string())?,
            Some("/delivered") => reply(&mut stream, &EVENTS.load(Ordering::Relaxed).to_string())?,
            Some("/events") => {
                EVENTS.fetch_add(1, Ordering::Relaxed);
                reply(&mut stream, "")?;
            }
            Some("/odeme/api/link/create") => {
                let id = REQUESTS.fetch_add(1, Ordering::Relaxed);
                let link = format!("https://www.paytr.com/link/L{id}");
                reply(&mut stream, &format!("{{\"status\":\"success\",\"id\":\"L{id}\",\"link\":\"{link}\"}}"))?;
            }
            _ => {
                REQUESTS.fetch_add(1, Ordering::Relaxed);
                reply(&mut stream, REPLY)?;
            }
        }
    }
    Ok(())
}

fn reply(stream: &mut TcpStream, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=UTF-8\r\ncontent-length:";
    stream.write_all(format!("{head} {length}\r\n\r\n{body}").as_bytes())
}

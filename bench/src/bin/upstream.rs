//! A PayTR that always says yes, fast: `{"status":"success"}` as `text/html`, over kept connections.
//!
//! Prints its port. `GET /count` tells how many other requests there were.

use relay_bench::Reader;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const REPLY: &str = "{\"status\":\"success\"}";
const STACK_BYTES: usize = 128 * 1024;

static REQUESTS: AtomicUsize = AtomicUsize::new(0);

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
        if head.first_line.starts_with("GET /count ") {
            reply(&mut stream, &REQUESTS.load(Ordering::Relaxed).to_string())?;
        } else {
            REQUESTS.fetch_add(1, Ordering::Relaxed);
            reply(&mut stream, REPLY)?;
        }
    }
    Ok(())
}

fn reply(stream: &mut TcpStream, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=UTF-8\r\ncontent-length:";
    stream.write_all(format!("{head} {length}\r\n\r\n{body}").as_bytes())
}

//! Callers: posts prepared requests to a Worker, so many at a time, each over a connection of its own.
//!
//! `load PORT FILE CALLERS`. FILE holds whole HTTP requests, each after its length (32 bits, little endian). Prints
//! `{"seconds": …, "ok": …, "latencies_us": [sorted]}`; only a 200 is ok, and the first answer that is none goes to
//! standard error.

use relay_bench::Reader;
use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

const PATIENCE: Duration = Duration::from_mins(1);

static TOLD: AtomicBool = AtomicBool::new(false);

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let mut argument = || arguments.next().ok_or_else(|| io::Error::other("usage: load PORT FILE CALLERS"));
    let port: u16 = argument()?.parse().map_err(io::Error::other)?;
    let file = fs::read(argument()?)?;
    let callers: usize = argument()?.parse().map_err(io::Error::other)?;
    let requests = split(&file)?;

    let streams = (0..callers).map(|_| connect(port)).collect::<io::Result<Vec<_>>>()?;
    let next = AtomicUsize::new(0);
    let begin = Instant::now();
    let done = thread::scope(|scope| {
        let threads: Vec<_> =
            streams.into_iter().map(|stream| scope.spawn(|| call(stream, &requests, &next))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| io::Error::other("a caller stopped"))?)
            .collect::<io::Result<Vec<_>>>()
    })?;
    let seconds = begin.elapsed().as_secs_f64();

    let ok = done.iter().flatten().filter(|(status_ok, _)| *status_ok).count();
    let mut latencies: Vec<u128> = done.iter().flatten().map(|(_, latency)| latency.as_micros()).collect();
    latencies.sort_unstable();
    println!("{{\"seconds\": {seconds}, \"ok\": {ok}, \"latencies_us\": {latencies:?}}}");
    Ok(())
}

fn split(file: &[u8]) -> io::Result<Vec<&[u8]>> {
    let mut requests = Vec::new();
    let mut rest = file;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(io::Error::other)?;
        let (request, after) = after.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        requests.push(request);
        rest = after;
    }
    Ok(requests)
}

fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn call(mut stream: TcpStream, requests: &[&[u8]], next: &AtomicUsize) -> io::Result<Vec<(bool, Duration)>> {
    let mut reader = Reader::new(stream.try_clone()?);
    let mut body = Vec::new();
    let mut done = Vec::new();
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let begin = Instant::now();
        stream.write_all(request)?;
        let status = reader.next(&mut body)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let is_ok = status.starts_with("HTTP/1.1 200");
        if !is_ok && !TOLD.swap(true, Ordering::Relaxed) {
            eprintln!("{status}: {}", String::from_utf8_lossy(&body));
        }
        done.push((is_ok, begin.elapsed()));
    }
    Ok(done)
}

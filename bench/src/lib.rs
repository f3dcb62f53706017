//! What the callers and the upstream of the benchmark share: HTTP/1.1 over one kept connection, and no more of it than
//! they need. It is written for little CPU, which it takes from the Workers that are measured.

use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpStream;

/// Reads messages from one connection, one after the other.
pub struct Reader {
    stream: BufReader<TcpStream>,
    line: String,
}

impl Reader {
    /// Reads from `stream`.
    #[must_use]
    pub fn new(stream: TcpStream) -> Self {
        Self { stream: BufReader::new(stream), line: String::new() }
    }

    /// The next message's first line, its body put into `body`; `None` when the connection ended before it.
    ///
    /// # Errors
    /// When the connection breaks, or what comes is not HTTP/1.1.
    pub fn next(&mut self, body: &mut Vec<u8>) -> io::Result<Option<String>> {
        let Some(first_line) = self.line()?.map(str::to_owned) else { return Ok(None) };
        let (mut content_length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { return Err(io::ErrorKind::InvalidData.into()) };
            if name.eq_ignore_ascii_case("content-length") {
                content_length = value.trim().parse().map_err(io::Error::other)?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = true;
            }
        }
        body.clear();
        if chunked {
            while self.chunk(body)? > 0 {}
        } else {
            self.take(content_length, body)?;
        }
        Ok(Some(first_line))
    }

    fn chunk(&mut self, body: &mut Vec<u8>) -> io::Result<usize> {
        let line = self.line()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        self.take(length, body)?;
        self.line()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(length)
    }

    fn take(&mut self, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
        let limit = u64::try_from(length).map_err(io::Error::other)?;
        let read = self.stream.by_ref().take(limit).read_to_end(body)?;
        if read < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    fn line(&mut self) -> io::Result<Option<&str>> {
        self.line.clear();
        let length = self.stream.read_line(&mut self.line)?;
        Ok((length > 0).then_some(self.line.trim_end_matches(['\r', '\n'])))
    }
}

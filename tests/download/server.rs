//! A web server on the loopback interface that answers a fixed list of requests, well or badly.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// No connection lives longer than this without a word from the client.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the server does with one connection.
#[derive(Clone)]
pub struct Reply {
    head: String,
    length: Option<usize>,
    body: Vec<u8>,
    end: End,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    /// Closes the connection.
    Close,
    /// Sends no more, but keeps the connection until the client closes it.
    Stall,
    /// Closes the connection before any answer.
    HangUp,
}

impl Reply {
    pub fn new(status: u16, body: &[u8]) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} Status\r\nConnection: close\r\n"),
            length: Some(body.len()),
            body: body.to_vec(),
            end: End::Close,
        }
    }

    pub fn ok(body: &[u8]) -> Self {
        Self::new(200, body)
    }

    /// The bytes of `file` from `start` on, as asked for with `Range`.
    pub fn rest(file: &[u8], start: usize) -> Self {
        let range = format!("bytes {start}-{}/{}", file.len() - 1, file.len());
        Self::new(206, &file[start..]).header("Content-Range", &range)
    }

    pub fn redirect(location: &str) -> Self {
        Self::new(302, b"").header("Location", location)
    }

    /// Closes the connection before an answer.
    pub fn hang_up() -> Self {
        Self { end: End::HangUp, ..Self::ok(b"") }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head += &format!("{name}: {value}\r\n");
        self
    }

    /// Announces this many bytes, whatever the body has.
    pub fn announce(mut self, length: usize) -> Self {
        self.length = Some(length);
        self
    }

    /// Sends only the first bytes of the body, and closes.
    pub fn cut_at(mut self, length: usize) -> Self {
        self.body.truncate(length);
        self
    }

    /// Sends only the first bytes of the body, and then nothing.
    pub fn stall_at(mut self, length: usize) -> Self {
        self.body.truncate(length);
        self.end = End::Stall;
        self
    }

    /// Sends the body in chunks of at most `size` bytes, without announcing its length.
    pub fn chunked(mut self, size: usize) -> Self {
        let mut body = Vec::new();
        for chunk in self.body.chunks(size) {
            write!(body, "{:x}\r\n", chunk.len()).unwrap();
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\n\r\n");
        self.body = body;
        self.length = None;
        self.header("Transfer-Encoding", "chunked")
    }
}

/// A request the server saw.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers the first connection with the first reply and so on; a connection more than there are
    /// replies gets the status 418, which no client retries.
    pub fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let mut replies = replies.into_iter().collect::<Vec<_>>().into_iter();
        let thread = thread::spawn({
            let (seen, stopping) = (Arc::clone(&seen), Arc::clone(&stopping));
            move || {
                for stream in listener.incoming() {
                    if stopping.load(Ordering::SeqCst) {
                        return;
                    }
                    let reply = replies.next().unwrap_or_else(|| Reply::new(418, b""));
                    // A client that goes away in the middle is no failure of the server.
                    let _ = stream.and_then(|stream| serve(stream, &reply, &seen));
                }
            }
        });
        Self { address, seen, stopping, thread: Some(thread) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut stream: TcpStream, reply: &Reply, seen: &Mutex<Vec<Seen>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let path = lines.next().and_then(|line| line.split(' ').nth(1));
    seen.lock().unwrap().push(Seen {
        path: path.unwrap_or_default().to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    });
    if reply.end == End::HangUp {
        return Ok(());
    }
    stream.write_all(reply.head.as_bytes())?;
    if let Some(length) = reply.length {
        write!(stream, "Content-Length: {length}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(&reply.body)?;
    if reply.end == End::Stall {
        stream.read_exact(&mut byte)?;
    }
    Ok(())
}

//! Downloads from a web server on the loopback interface that follows a script.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use tempfile::TempDir;
use tunelab_l10n::Texts;

use super::*;
use tunelab_core::model::sources::SOURCES;

const NAME: &str = "weights.bin";

/// 100 bytes, no two neighbouring ranges alike.
fn content() -> Vec<u8> {
    (0..100u32).map(|i| (i * i % 251) as u8).collect()
}

fn source() -> Source {
    Source {
        file_name: NAME,
        bytes: 100,
        sha256: "0c2c18f591a3072f0a8b1520baa0bb4addd55fc2d1bb774c12ab2dcd93c5b9e7",
        ..SOURCES[0].clone()
    }
}

/// A whole answer, with the length of `body` announced unless `headers` say otherwise.
fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = match headers.contains("Content-Length") {
        true => String::new(),
        false => format!("Content-Length: {}\r\n", body.len()),
    };
    let head = format!("HTTP/1.1 {status} Status\r\nConnection: close\r\n{length}{headers}\r\n");
    [head.as_bytes(), body].concat()
}

fn ok(body: &[u8]) -> Vec<u8> {
    answer(200, "", body)
}

/// The first bytes of the content, where all were announced.
fn cut(length: usize) -> Vec<u8> {
    answer(200, "Content-Length: 100\r\n", &content()[..length])
}

/// The content from `start` on.
fn rest(start: usize) -> Vec<u8> {
    let range = format!("Content-Range: bytes {start}-99/100\r\n");
    answer(206, &range, &content()[start..])
}

/// What a client asked for.
struct Request {
    path: String,
    range: Option<String>,
}

/// Answers one connection after the other, then refuses all.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    thread: JoinHandle<()>,
}

impl Server {
    fn start(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answers, log) = (answers.into_iter().collect::<Vec<_>>(), Arc::clone(&requests));
        let thread = thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                log.lock().unwrap().push(read_request(&mut stream));
                // Long enough that a second download finds the first under way.
                thread::sleep(Duration::from_millis(20));
                let _ = stream.write_all(&answer);
            }
        });
        Self { address, requests, thread }
    }

    fn url(&self) -> String {
        format!("http://{}/w", self.address)
    }

    /// The ranges asked for, after all answers were given.
    fn ranges(self) -> Vec<Option<String>> {
        self.thread.join().unwrap();
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|request| request.range.clone()).collect()
    }
}

fn read_request(stream: &mut TcpStream) -> Request {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().replace("Range: ", "range: ");
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let range = head.lines().find_map(|line| line.strip_prefix("range: ")).map(str::to_owned);
    Request { path, range }
}

/// A cache folder and a downloader into it.
struct Fixture {
    downloader: Downloader,
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self::through(None)
    }

    fn through(proxy: Option<Proxy>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let downloader = Downloader {
            agent: agent(proxy),
            cache: folder.path().join("cache"),
            backoff: Duration::from_millis(1),
            output: Output { texts: Texts::ENGLISH, is_json: true },
        };
        Self { downloader, folder }
    }

    fn path(&self, suffix: &str) -> PathBuf {
        self.folder.path().join("cache").join(format!("{NAME}{suffix}"))
    }

    fn fetch(&self, url: &str) -> Result<PathBuf, DownloadError> {
        self.downloader.fetch(&source(), url, &ProgressBar::hidden())
    }

    /// Puts a file into the cache folder.
    fn put(&self, suffix: &str, bytes: &[u8]) {
        fs::create_dir_all(&self.downloader.cache).unwrap();
        fs::write(self.path(suffix), bytes).unwrap();
    }

    fn succeeds(&self, url: &str) {
        assert_eq!(self.fetch(url).unwrap(), self.path(""));
        assert_eq!(fs::read(self.path("")).unwrap(), content());
        assert!(!self.path(".part").exists());
    }

    /// Fails and leaves nothing behind; returns what the user reads.
    fn fails(&self, url: &str) -> String {
        let message = self.fetch(url).unwrap_err().to_string();
        assert!(message.contains(url), "{message}");
        assert!(!self.path("").exists() && !self.path(".part").exists(), "{message}");
        message
    }
}

fn asked(ranges: &[Option<&str>]) -> Vec<Option<String>> {
    ranges.iter().map(|range| range.map(str::to_owned)).collect()
}

#[test]
fn a_file_is_downloaded_once_and_then_taken_from_the_cache() {
    let server = Server::start([ok(&content())]);
    let fixture = Fixture::new();
    let url = server.url();
    fixture.succeeds(&url);
    assert_eq!(server.ranges(), [None]);
    // No server listens any more.
    fixture.succeeds(&url);
}

#[test]
fn a_damaged_cached_file_is_downloaded_again() {
    let server = Server::start([ok(&content())]);
    let fixture = Fixture::new();
    fixture.put("", b"damaged");
    fixture.succeeds(&server.url());
}

#[test]
fn an_interrupted_download_is_resumed() {
    let mut cut_again = rest(40);
    cut_again.truncate(cut_again.len() - 30);
    let server = Server::start([cut(40), cut_again, rest(70)]);
    Fixture::new().succeeds(&server.url());
    assert_eq!(server.ranges(), asked(&[None, Some("bytes=40-"), Some("bytes=70-")]));
}

#[test]
fn a_later_call_continues_after_the_part() {
    for (kept, range) in [(40, Some("bytes=40-")), (0, None)] {
        let server = Server::start([if kept > 0 { rest(kept) } else { ok(&content()) }]);
        let fixture = Fixture::new();
        fixture.put(".part", &content()[..kept]);
        fixture.succeeds(&server.url());
        assert_eq!(server.ranges(), asked(&[range]));
    }
    // All bytes had arrived.
    let fixture = Fixture::new();
    fixture.put(".part", &content());
    fixture.succeeds("http://127.0.0.1:9/w");
}

#[test]
fn a_redirected_download_is_resumed_from_the_first_address() {
    let redirect = || answer(302, "Location: /stored\r\n", b"");
    let server = Server::start([redirect(), cut(40), redirect(), rest(40)]);
    Fixture::new().succeeds(&server.url());
    let requests = Arc::clone(&server.requests);
    assert_eq!(server.ranges()[3].as_deref(), Some("bytes=40-"));
    assert_eq!(requests.lock().unwrap()[3].path, "/stored");
}

#[test]
fn an_answer_that_does_not_continue_the_part_starts_over() {
    // The server ignores the range.
    let server = Server::start([cut(40), ok(&content())]);
    Fixture::new().succeeds(&server.url());
    assert_eq!(server.ranges(), asked(&[None, Some("bytes=40-")]));
    // It sends another one, or none.
    for wrong in [rest(41), answer(206, "", &content()[40..]), answer(416, "", b"")] {
        let server = Server::start([cut(40), wrong, ok(&content())]);
        Fixture::new().succeeds(&server.url());
        assert_eq!(server.ranges(), asked(&[None, Some("bytes=40-"), None]));
    }
    // The part is of another file.
    for (part, first) in [([7; 40].as_slice(), rest(40)), (&[7; 101], ok(&content()))] {
        let server = Server::start([first, ok(&content())]);
        let fixture = Fixture::new();
        fixture.put(".part", part);
        fixture.succeeds(&server.url());
    }
}

#[test]
fn transient_failures_are_tried_again() {
    for failure in [answer(500, "", b"oops"), answer(429, "Retry-After: 0\r\n", b""), Vec::new()] {
        let server = Server::start([failure, ok(&content())]);
        Fixture::new().succeeds(&server.url());
    }
    let server = Server::start([answer(503, "Retry-After: 1\r\n", b""), ok(&content())]);
    let start = Instant::now();
    Fixture::new().succeeds(&server.url());
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn giving_up_keeps_the_part() {
    let server = Server::start([vec![cut(40)], vec![answer(503, "", b""); 4]].concat());
    let fixture = Fixture::new();
    let error = fixture.fetch(&server.url()).unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, DownloadError::GaveUp { received: 40, size: 100, .. }), "{message}");
    assert!(message.contains("503") && message.contains("--model"), "{message}");
    assert_eq!(fs::read(fixture.path(".part")).unwrap(), content()[..40]);
    assert_eq!(server.ranges().len(), 5);
}

#[test]
fn a_file_other_than_the_one_meant_is_deleted() {
    let server = Server::start([ok(&[7; 100])]);
    let message = Fixture::new().fails(&server.url());
    assert!(message.contains("SHA-256") && message.contains("Download it again"), "{message}");

    let server = Server::start([ok(b"<html>Please log in</html>")]);
    let message = Fixture::new().fails(&server.url());
    assert!(message.contains("26 bytes instead of 100"), "{message}");

    // A length is not always announced.
    let chunk = [b"65\r\n".as_slice(), &[7; 0x65], b"\r\n0\r\n\r\n"].concat();
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = Server::start([[head.as_slice(), &chunk].concat()]);
    let message = Fixture::new().fails(&server.url());
    assert!(message.contains("more than the expected 100 bytes"), "{message}");
}

#[test]
fn a_login_page_in_place_of_the_file_leaves_the_part() {
    let server = Server::start([cut(40), ok(b"<html>Please log in</html>")]);
    let fixture = Fixture::new();
    let error = fixture.fetch(&server.url()).unwrap_err();
    assert!(matches!(error, DownloadError::WrongSize { .. }), "{error}");
    assert_eq!(fs::read(fixture.path(".part")).unwrap(), content()[..40]);
}

#[test]
fn refusals_are_final_at_once() {
    for (status, meaning) in [(404, "no longer exists"), (403, "not public"), (418, "418")] {
        let server = Server::start([answer(status, "", b"no")]);
        let message = Fixture::new().fails(&server.url());
        assert!(message.contains(meaning) && message.contains("--model"), "{message}");
    }
}

#[test]
fn without_a_network_the_message_says_what_to_do() {
    // A port that was free a moment ago, and a name that never resolves.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let refused = format!("http://{}/w", listener.local_addr().unwrap());
    drop(listener);
    for url in [&refused, "https://weights.invalid/w"] {
        let message = Fixture::new().fails(url);
        assert!(message.contains("network connection") && message.contains("--model"), "{message}");
    }
}

#[test]
fn a_proxy_that_refuses_is_named() {
    let server = Server::start([answer(403, "", b"")]);
    let proxy = Proxy::new(&format!("http://name:secret@{}", server.address)).unwrap();
    let message = Fixture::through(Some(proxy)).fails("https://weights.invalid/w");
    assert!(message.contains("proxy") && message.contains("NO_PROXY"), "{message}");
    assert!(message.contains("127.0.0.1") && !message.contains("secret"), "{message}");
}

#[test]
fn a_full_disk_is_named() {
    let error = io_error(Path::new("w"))(io::ErrorKind::StorageFull.into());
    let message = error.to_string();
    assert!(message.contains("space") && message.contains("TUNELAB_CACHE"), "{message}");
}

#[test]
fn two_downloads_of_one_file_make_one_request() {
    let server = Server::start([ok(&content())]);
    let (fixture, url) = (Fixture::new(), server.url());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| fixture.succeeds(&url));
        }
    });
    assert_eq!(server.ranges(), [None]);
}

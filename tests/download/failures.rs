//! Failures that pass, and failures that do not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use tunelab::cli::download::DownloadError;

use tunelab::fixture::{Cache, content, known, ranges};
use tunelab::server::{Reply, Server};

#[test]
fn passing_failures_are_tried_again() {
    let content = content();
    for failure in [
        Reply::new(500, b"oops"),
        Reply::new(503, b""),
        Reply::new(429, b"").header("Retry-After", "0"),
        Reply::new(408, b""),
        Reply::hang_up(),
    ] {
        let server = Server::start([failure, Reply::ok(&content)]);
        let mut cache = Cache::new();
        cache.fetch(&server.url("/w"), known(&content)).unwrap();
        cache.assert_complete(&content);
        assert_eq!(server.seen().len(), 2);
    }
}

#[test]
fn the_pause_a_server_asks_for_is_kept() {
    let content = content();
    let busy = Reply::new(429, b"").header("Retry-After", "1");
    let server = Server::start([busy, Reply::ok(&content)]);
    let mut cache = Cache::new();
    let start = std::time::Instant::now();
    cache.fetch(&server.url("/w"), known(&content)).unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn failures_that_do_not_pass_end_the_download() {
    let server = Server::start(vec![Reply::new(503, b""); 9]);
    let mut cache = Cache::new();
    let url = server.url("/w");
    let error = cache.fetch(&url, known(b"")).unwrap_err();
    assert!(matches!(error, DownloadError::GaveUp { attempts: 3, kept: 0, .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&url) && text.contains("503") && text.contains("--model"), "{text}");
    assert_eq!(server.seen().len(), 3);
    cache.assert_empty();
}

#[test]
fn client_errors_are_final_at_once() {
    for (status, meaning) in [(404, "there is no such file"), (403, "not public"), (418, "418")] {
        let server = Server::start([Reply::new(status, b"no")]);
        let mut cache = Cache::new();
        let url = server.url("/w");
        let error = cache.fetch(&url, known(b"")).unwrap_err();
        assert!(
            matches!(&error, DownloadError::Status { status: found, .. } if *found == status),
            "{error}"
        );
        let text = error.to_string();
        assert!(text.contains(&url) && text.contains(meaning), "{text}");
        assert_eq!(server.seen().len(), 1);
        cache.assert_empty();
    }
}

#[test]
fn a_server_that_stops_sending_is_left_and_asked_again() {
    let content = content();
    let server = Server::start([
        Reply::ok(&content).header("ETag", "\"v1\"").stall_at(40),
        Reply::rest(&content, 40),
    ]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), known(&content)).unwrap();
    cache.assert_complete(&content);
    assert_eq!(ranges(&server), [None, Some("bytes=40-".to_owned())]);

    let server = Server::start([Reply::ok(&content).stall_at(40)]);
    let mut cache = Cache::with_attempts(1);
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(error.to_string().contains("stopped sending"), "{error}");
}

#[test]
fn an_answer_that_is_not_http_ends_the_download() {
    let reply = Reply::ok(b"").header("Broken header\u{1}", "");
    let server = Server::start(vec![reply; 3]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), known(b"")).unwrap_err();
    assert!(matches!(error, DownloadError::GaveUp { .. }), "{error}");
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn without_a_server_one_sentence_says_what_to_do() {
    // A port that was free a moment ago.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/w", listener.local_addr().unwrap());
    drop(listener);
    let mut cache = Cache::new();
    let error = cache.fetch(&url, known(b"")).unwrap_err();
    assert!(matches!(error, DownloadError::Unreachable { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&url) && text.contains("--model"), "{text}");
    assert_eq!(text.lines().count(), 1);
    cache.assert_empty();
}

#[test]
fn a_server_without_the_encryption_asked_for_is_not_spoken_to() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}/w", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        // Reads what was sent, so that the answer is not lost in a reset.
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut sent = Vec::new();
        let _ = stream.read_to_end(&mut sent);
        sent
    });
    let mut cache = Cache::new();
    let error = cache.fetch(&url, known(b"")).unwrap_err();
    assert!(matches!(error, DownloadError::Unreachable { .. }), "{error}");
    let sent = server.join().unwrap();
    assert!(!sent.windows(4).any(|bytes| bytes == b"GET "));
    cache.assert_empty();
}

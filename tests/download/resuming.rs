//! Going on where a download broke off.

use std::fs;

use tunelab::cli::download::{DownloadError, Progress};

use tunelab::fixture::{Cache, content, known, ranges};
use tunelab::server::{Reply, Server};

#[test]
fn a_broken_connection_is_resumed() {
    let content = content();
    for (header, value) in [("ETag", "\"v1\""), ("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")]
    {
        let server = Server::start([
            Reply::ok(&content).header(header, value).cut_at(40),
            Reply::rest(&content, 40).header(header, value).cut_at(30),
            Reply::rest(&content, 70),
        ]);
        let mut cache = Cache::new();
        cache.fetch(&server.url("/w"), known(&content)).unwrap();
        cache.assert_complete(&content);
        let seen = server.seen();
        assert_eq!(seen.len(), 3);
        assert_eq!(seen[1].header("range"), Some("bytes=40-"));
        assert_eq!(seen[1].header("if-range"), Some(value));
        assert_eq!(seen[2].header("range"), Some("bytes=70-"));
        assert_eq!(seen[2].header("if-range"), Some(value));
        let last = Progress { received: 100, total: Some(100), resumed_from: 70 };
        assert_eq!(cache.reports.last(), Some(&last));
    }
}

#[test]
fn a_later_call_goes_on_with_the_part_of_the_same_address_only() {
    let content = content();
    let cut = Reply::ok(&content).header("ETag", "\"v1\"").cut_at(40);

    let server = Server::start([cut.clone(), Reply::rest(&content, 40)]);
    let mut cache = Cache::with_attempts(1);
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(matches!(error, DownloadError::GaveUp { attempts: 1, kept: 40, .. }), "{error}");
    assert_eq!(cache.read("weights.bin.part").as_deref(), Some(&content[..40]));
    cache.fetch(&server.url("/w"), known(&content)).unwrap();
    cache.assert_complete(&content);
    assert_eq!(ranges(&server), [None, Some("bytes=40-".to_owned())]);

    let server = Server::start([cut, Reply::ok(&content)]);
    let mut cache = Cache::with_attempts(1);
    cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    cache.fetch(&server.url("/other"), known(&content)).unwrap();
    cache.assert_complete(&content);
    assert_eq!(ranges(&server), [None, None]);
}

#[test]
fn damaged_notes_about_a_part_are_not_trusted() {
    let content = content();
    for note in ["", "{", "null", "{\"url\":7}", "\u{0}\u{1}"] {
        let server = Server::start([Reply::ok(&content)]);
        let mut cache = Cache::new();
        fs::write(cache.path("weights.bin.part"), &content[10..50]).unwrap();
        fs::write(cache.path("weights.bin.part.json"), note).unwrap();
        cache.fetch(&server.url("/w"), known(&content)).unwrap();
        cache.assert_complete(&content);
        assert_eq!(ranges(&server), [None]);
    }
}

#[test]
fn without_a_strong_mark_of_the_version_nothing_is_resumed() {
    let content = content();
    for cut in
        [Reply::ok(&content).cut_at(40), Reply::ok(&content).header("ETag", "W/\"v1\"").cut_at(40)]
    {
        let server = Server::start([cut.clone(), cut.clone(), Reply::ok(&content)]);
        let mut cache = Cache::new();
        cache.fetch(&server.url("/w"), known(&content)).unwrap();
        cache.assert_complete(&content);
        assert_eq!(ranges(&server), [None, None, None]);

        let server = Server::start([cut]);
        let mut cache = Cache::with_attempts(1);
        let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
        assert!(matches!(error, DownloadError::GaveUp { kept: 0, .. }), "{error}");
        cache.assert_empty();
    }
}

#[test]
fn a_server_that_ignores_the_range_sends_the_file_anew() {
    let content = content();
    let changed: Vec<u8> = content.iter().take(50).map(|byte| !byte).collect();
    let server = Server::start([
        Reply::ok(&content).header("ETag", "\"v1\"").cut_at(80),
        Reply::ok(&changed).header("ETag", "\"v2\"").cut_at(20),
        Reply::rest(&changed, 20),
    ]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), known(&changed)).unwrap();
    cache.assert_complete(&changed);
    let seen = server.seen();
    assert_eq!(seen[1].header("range"), Some("bytes=80-"));
    assert_eq!(seen[1].header("if-range"), Some("\"v1\""));
    assert_eq!(seen[2].header("range"), Some("bytes=20-"));
    assert_eq!(seen[2].header("if-range"), Some("\"v2\""));
}

#[test]
fn a_range_other_than_the_one_asked_for_is_not_used() {
    let content = content();
    let part = |range: &str| Reply::new(206, &content[40..]).header("Content-Range", range);
    for wrong in [
        part("bytes 41-100/101"),
        part("bytes 0-59/100"),
        part("bytes 40-99/99"),
        part("bytes 40-99/120"),
        part("bytes 40-120/100"),
        part("bytes 99-40/100"),
        part("octets 40-99/100"),
        part("40"),
        Reply::new(206, &content[40..]),
        Reply::rest(&content, 40).header("ETag", "\"v2\""),
    ] {
        let server = Server::start([
            Reply::ok(&content).header("ETag", "\"v1\"").cut_at(40),
            wrong,
            Reply::ok(&content),
        ]);
        let mut cache = Cache::new();
        cache.fetch(&server.url("/w"), known(&content)).unwrap();
        cache.assert_complete(&content);
        assert_eq!(ranges(&server), [None, Some("bytes=40-".to_owned()), None]);
    }
}

#[test]
fn a_part_of_a_file_that_nobody_asked_for_is_refused() {
    let content = content();
    let server = Server::start([Reply::rest(&content, 40)]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(matches!(error, DownloadError::Status { status: 206, .. }), "{error}");
    cache.assert_empty();
}

#[test]
fn a_range_that_cannot_be_satisfied_starts_anew() {
    let content = content();
    let server = Server::start([
        Reply::ok(&content).header("ETag", "\"v1\"").cut_at(40),
        Reply::new(416, b"").header("Content-Range", "bytes */30"),
        Reply::ok(&content),
    ]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), known(&content)).unwrap();
    cache.assert_complete(&content);
    assert_eq!(ranges(&server), [None, Some("bytes=40-".to_owned()), None]);
}

#[test]
fn a_partial_answer_that_ends_early_is_gone_on_with() {
    let content = content();
    let piece = Reply::new(206, &content[40..70]).header("Content-Range", "bytes 40-69/100");
    let server = Server::start([
        Reply::ok(&content).header("ETag", "\"v1\"").cut_at(40),
        piece,
        Reply::rest(&content, 70),
    ]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), known(&content)).unwrap();
    cache.assert_complete(&content);
    assert_eq!(ranges(&server)[2].as_deref(), Some("bytes=70-"));
}

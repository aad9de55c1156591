//! What is kept between downloads, and shared by them.

use std::fs;
use std::thread;

use tunelab::cli::download::{Download, DownloadError, Expected, Options, Progress, download};

use tunelab::fixture::{Cache, NAME, content, known, ranges, sha256};
use tunelab::server::{Reply, Server};

#[test]
fn a_file_is_downloaded_verified_and_recorded() {
    let content = content();
    let server = Server::start([Reply::ok(&content)]);
    let mut cache = Cache::new();
    let path = cache.fetch(&server.url("/w"), known(&content)).unwrap();

    assert_eq!(path, cache.path(NAME));
    cache.assert_complete(&content);
    let record = format!("{}  {NAME}\n", sha256(&content));
    assert_eq!(cache.read("weights.bin.sha256").as_deref(), Some(record.as_bytes()));
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].path, "/w");
    assert_eq!(seen[0].header("accept-encoding"), Some("identity"));
    assert_eq!(seen[0].header("range"), None);
    let last = Progress { received: 100, total: Some(100), resumed_from: 0 };
    assert_eq!(cache.reports.last(), Some(&last));
    assert!(cache.reports.is_sorted_by_key(|report| report.received));
}

#[test]
fn a_cached_file_is_used_without_a_request() {
    let content = content();
    let server = Server::start([Reply::ok(&content)]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), known(&content)).unwrap();

    let digits = sha256(&content)[..8].to_uppercase();
    for expected in [known(&content), Expected::Sha256Prefix(digits), Expected::FromServer] {
        let path = cache.fetch(&server.url("/w"), expected).unwrap();
        assert_eq!(path, cache.path(NAME));
        assert!(cache.reports.is_empty());
    }
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_damaged_cached_file_is_downloaded_again() {
    let content = content();
    let linked = format!("\"{}\"", sha256(&content));
    for expected in [known(&content), Expected::FromServer] {
        let reply = Reply::ok(&content).header("X-Linked-Etag", &linked);
        let server = Server::start([reply.clone(), reply]);
        let mut cache = Cache::new();
        cache.fetch(&server.url("/w"), expected.clone()).unwrap();
        fs::write(cache.path(NAME), b"damaged").unwrap();
        cache.fetch(&server.url("/w"), expected).unwrap();
        cache.assert_complete(&content);
        assert_eq!(server.seen().len(), 2);
    }
}

#[test]
fn a_cached_file_nobody_vouches_for_is_downloaded_again() {
    let content = content();
    let linked = sha256(&content);
    let server = Server::start([Reply::ok(&content).header("X-Linked-Etag", &linked)]);
    let mut cache = Cache::new();
    fs::write(cache.path(NAME), &content).unwrap();
    cache.fetch(&server.url("/w"), Expected::FromServer).unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn two_downloads_of_one_file_make_one_request() {
    let content = content();
    let server = Server::start([
        Reply::ok(&content).header("ETag", "\"v1\"").stall_at(40),
        Reply::rest(&content, 40),
    ]);
    let cache = Cache::new();
    let request = Download {
        url: server.url("/w"),
        file_name: NAME.to_owned(),
        expected: known(&content),
        max_bytes: 1000,
    };
    let fetch = || download(&request, cache.folder.path(), &cache.options, &mut |_| {});
    let (first, second) = thread::scope(|scope| {
        let first = scope.spawn(fetch);
        let second = scope.spawn(fetch);
        (first.join().unwrap(), second.join().unwrap())
    });
    assert_eq!(first.unwrap(), cache.path(NAME));
    assert_eq!(second.unwrap(), cache.path(NAME));
    cache.assert_complete(&content);
    assert_eq!(ranges(&server), [None, Some("bytes=40-".to_owned())]);
}

#[test]
fn unusable_requests_are_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let good = Download {
        url: "http://127.0.0.1:9/w".to_owned(),
        file_name: NAME.to_owned(),
        expected: Expected::Sha256(sha256(b"")),
        max_bytes: 1000,
    };
    let refused = |request: Download| {
        let error = download(&request, &cache, &Options::default(), &mut |_| {}).unwrap_err();
        assert!(!cache.exists());
        error
    };
    for name in ["", ".", "..", "../w", "a/b", "a\\b", "/w", ".hidden", "a\0b", "C:w"] {
        let file_name = name.to_owned();
        let error = refused(Download { file_name, ..good.clone() });
        assert!(matches!(error, DownloadError::FileName { .. }), "{name}: {error}");
    }
    for url in ["", "w", "ftp://example.test/w", "file:///etc/passwd", "http://"] {
        let error = refused(Download { url: url.to_owned(), ..good.clone() });
        assert!(matches!(error, DownloadError::Url { .. }), "{url}: {error}");
    }
    for expected in [
        Expected::Sha256("abc".to_owned()),
        Expected::Sha256("g".repeat(64)),
        Expected::Sha256Prefix("1234567".to_owned()),
        Expected::Sha256Prefix("é".repeat(8)),
    ] {
        let error = refused(Download { expected, ..good.clone() });
        assert!(matches!(error, DownloadError::Checksum { .. }), "{error}");
    }
}

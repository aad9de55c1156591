//! Bodies that are not as long as they should be.

use tunelab::cli::download::DownloadError;

use tunelab::fixture::{Cache, NAME, content, known, ranges, sha256};
use tunelab::server::{Reply, Server};

#[test]
fn a_body_shorter_than_announced_is_not_complete() {
    let content = content();
    let short = || Reply::ok(&content[..60]).announce(100);
    // Not even where its checksum would fit.
    for expected in [known(&content), known(&content[..60])] {
        let server = Server::start([
            short().header("ETag", "\"v1\""),
            Reply::new(206, b"").announce(40).header("Content-Range", "bytes 60-99/100"),
        ]);
        let mut cache = Cache::with_attempts(2);
        let error = cache.fetch(&server.url("/w"), expected).unwrap_err();
        assert!(matches!(error, DownloadError::GaveUp { kept: 60, .. }), "{error}");
        assert_eq!(cache.read(NAME), None);
        assert_eq!(ranges(&server), [None, Some("bytes=60-".to_owned())]);
    }
}

#[test]
fn a_body_longer_than_announced_is_an_error() {
    let content = content();
    // With a length that is too small the connection holds bytes that belong to no answer, and what
    // was announced is not the file.
    let server = Server::start([Reply::ok(&content).announce(60)]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(
        matches!(&error, DownloadError::ChecksumMismatch { found, .. } if *found == sha256(&content[..60])),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
    cache.assert_empty();

    let long = [&content[40..], b"more"].concat();
    let range = "bytes 40-99/100";
    let server = Server::start([
        Reply::ok(&content).header("ETag", "\"v1\"").cut_at(40),
        Reply::new(206, &long).header("Content-Range", range),
    ]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(matches!(error, DownloadError::LongerThanAnnounced { announced: 100, .. }), "{error}");
    assert_eq!(server.seen().len(), 2);
    cache.assert_empty();
}

#[test]
fn files_over_the_limit_are_refused() {
    let large = vec![7; 1001];
    for (reply, size) in [
        // Refused on its announcement: of the announced bytes not one is sent.
        (Reply::ok(b"").announce(5_000_000_000_000), 5_000_000_000_000),
        (Reply::ok(&large).chunked(1001), 1001),
    ] {
        let server = Server::start([reply]);
        let mut cache = Cache::new();
        let error = cache.fetch(&server.url("/w"), known(&large)).unwrap_err();
        assert!(
            matches!(error, DownloadError::TooLarge { size: found, limit: 1000, .. } if found == size),
            "{error}"
        );
        assert_eq!(server.seen().len(), 1);
        cache.assert_empty();
    }
}

#[test]
fn a_body_without_an_announced_length_is_verified_by_its_checksum() {
    let content = content();
    let server = Server::start([Reply::ok(&content).chunked(7)]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), known(&content)).unwrap();
    cache.assert_complete(&content);
    assert_eq!(cache.reports.last().unwrap().total, None);

    let server = Server::start([Reply::ok(&content).chunked(7).cut_at(50)]);
    let mut cache = Cache::with_attempts(1);
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(matches!(error, DownloadError::GaveUp { .. }), "{error}");
}

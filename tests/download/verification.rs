//! What is accepted as the file meant, and from where.

use tunelab::cli::download::{DownloadError, Expected};

use tunelab::fixture::{Cache, content, known, ranges, sha256};
use tunelab::server::{Reply, Server};

#[test]
fn a_wrong_checksum_deletes_the_download() {
    let content = content();
    let other = sha256(b"other");
    for (expected, shown) in [
        (Expected::Sha256(other.clone()), other.clone()),
        (Expected::Sha256Prefix(other[..8].to_owned()), format!("{}…", &other[..8])),
    ] {
        let server = Server::start([Reply::ok(&content).header("ETag", "\"v1\"")]);
        let mut cache = Cache::new();
        let error = cache.fetch(&server.url("/w"), expected).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, DownloadError::ChecksumMismatch { .. }), "{text}");
        assert!(text.contains(&shown) && text.contains(&sha256(&content)), "{text}");
        assert_eq!(server.seen().len(), 1);
        cache.assert_empty();
    }
}

#[test]
fn the_checksum_of_a_redirect_is_the_one_to_verify() {
    let content = content();
    let linked = format!("\"{}\"", sha256(&content));
    let hop = || Reply::redirect("/stored?signature=1").header("X-Linked-Etag", &linked);
    // The store's own header says nothing about the file.
    let stored = |body: &[u8]| Reply::ok(body).header("X-Linked-Etag", &sha256(b"other"));

    let server = Server::start([hop(), stored(&content)]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), Expected::FromServer).unwrap();
    cache.assert_complete(&content);
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].path, "/stored?signature=1");

    let server = Server::start([hop(), stored(b"another file")]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), Expected::FromServer).unwrap_err();
    assert!(
        matches!(&error, DownloadError::ChecksumMismatch { expected, .. } if *expected == sha256(&content)),
        "{error}"
    );
    cache.assert_empty();
}

#[test]
fn a_redirected_download_is_resumed_from_the_first_address() {
    let content = content();
    let linked = format!("\"{}\"", sha256(&content));
    let hop = |to: &str| Reply::redirect(to).header("X-Linked-Etag", &linked);
    let server = Server::start([
        hop("/stored?signature=1"),
        Reply::ok(&content).header("ETag", "\"v1\"").cut_at(40),
        hop("/stored?signature=2"),
        Reply::rest(&content, 40),
    ]);
    let mut cache = Cache::new();
    cache.fetch(&server.url("/w"), Expected::FromServer).unwrap();
    cache.assert_complete(&content);
    let paths: Vec<_> = server.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(paths, ["/w", "/stored?signature=1", "/w", "/stored?signature=2"]);
    assert_eq!(ranges(&server)[3].as_deref(), Some("bytes=40-"));
}

#[test]
fn without_encryption_a_file_without_a_checksum_is_not_accepted() {
    let content = content();
    for reply in [
        Reply::ok(&content),
        Reply::ok(&content).header("X-Linked-Etag", "\"not-a-sha256\""),
        Reply::ok(&content).chunked(10),
    ] {
        let server = Server::start([reply]);
        let mut cache = Cache::new();
        let error = cache.fetch(&server.url("/w"), Expected::FromServer).unwrap_err();
        assert!(matches!(error, DownloadError::Unverifiable { .. }), "{error}");
        assert_eq!(server.seen().len(), 1);
        cache.assert_empty();
    }
}

#[test]
fn redirects_end_somewhere() {
    let server = Server::start(vec![Reply::redirect("/w"); 9]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), known(b"")).unwrap_err();
    assert!(matches!(error, DownloadError::TooManyRedirects { limit: 5, .. }), "{error}");
    assert_eq!(server.seen().len(), 6);
    cache.assert_empty();
}

#[test]
fn redirects_lead_nowhere_but_to_web_servers() {
    for location in ["file:///etc/passwd", "ftp://example.test/w", "http://["] {
        let server = Server::start([Reply::redirect(location)]);
        let mut cache = Cache::new();
        let error = cache.fetch(&server.url("/w"), known(b"")).unwrap_err();
        assert!(matches!(error, DownloadError::Redirect { .. }), "{error}");
        assert_eq!(server.seen().len(), 1);
    }
    let server = Server::start([Reply::new(302, b"")]);
    let error = Cache::new().fetch(&server.url("/w"), known(b"")).unwrap_err();
    assert!(matches!(error, DownloadError::Answer { .. }), "{error}");
}

#[test]
fn an_unwanted_encoding_is_refused() {
    let content = content();
    let server = Server::start([Reply::ok(&content).header("Content-Encoding", "br")]);
    let mut cache = Cache::new();
    let error = cache.fetch(&server.url("/w"), known(&content)).unwrap_err();
    assert!(matches!(error, DownloadError::Answer { .. }), "{error}");
    cache.assert_empty();
}

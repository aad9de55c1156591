//! What the headers of an answer say.

use ureq::http::{HeaderMap, header};
use url::Url;

/// A header as text, if it is there and readable.
pub(super) fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The server's mark of this version of the file, fit for `If-Range`: that wants a strong `ETag`.
pub(super) fn validator(headers: &HeaderMap) -> Option<&str> {
    text(headers, header::ETAG)
        .filter(|etag| etag.starts_with('"'))
        .or_else(|| text(headers, header::LAST_MODIFIED))
}

/// Reads `bytes FIRST-LAST/TOTAL`, TOTAL being `*` if unknown: first byte, the one after the last,
/// total.
pub(super) fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse::<u64>().ok()?);
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    (first <= last).then_some((first, last.checked_add(1)?, total))
}

/// Where a redirect leads, or the reason not to go there with the scheme and host of the target.
pub(super) fn next_hop(from: &Url, location: &str) -> Result<Url, (String, String)> {
    let to = from
        .join(location)
        .map_err(|error| ("an unreadable address".to_owned(), error.to_string()))?;
    let reason = match (from.scheme(), to.scheme()) {
        (_, "https") | ("http", "http") => return Ok(to),
        ("https", "http") => "it leaves the encrypted connection",
        _ => "it is neither http nor https",
    };
    let target = format!("{}://{}", to.scheme(), to.host_str().unwrap_or_default());
    Err((target, reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_content_range_is_read_or_refused(text in "(bytes )?[0-9]{0,21}[-*]?[0-9]{0,21}/?[0-9*]{0,21}|\\PC*") {
            if let Some((first, end, _)) = content_range(&text) {
                prop_assert!(first < end);
            }
        }

        #[test]
        fn any_location_leads_to_a_web_server_or_nowhere(location in "\\PC*|(https?|ftp|file):[/a-z.:@\\[\\]]*") {
            let from = Url::parse("https://hub.test/a").unwrap();
            if let Ok(to) = next_hop(&from, &location) {
                prop_assert_eq!(to.scheme(), "https");
            }
        }
    }

    fn hop(from: &str, location: &str) -> Result<String, (String, String)> {
        next_hop(&Url::parse(from).unwrap(), location).map(String::from)
    }

    #[test]
    fn redirects_are_resolved_against_the_address_they_come_from() {
        let from = "https://hub.test/models/a?x=1";
        for (location, expected) in [
            ("https://cdn.test/b", "https://cdn.test/b"),
            ("//cdn.test/b", "https://cdn.test/b"),
            ("/b?y=2", "https://hub.test/b?y=2"),
            ("b", "https://hub.test/models/b"),
        ] {
            assert_eq!(hop(from, location).as_deref(), Ok(expected));
        }
        assert_eq!(
            hop("http://hub.test/a", "https://cdn.test/b").as_deref(),
            Ok("https://cdn.test/b")
        );
    }

    #[test]
    fn redirects_never_leave_https_or_http() {
        let (target, reason) = hop("https://hub.test/a", "http://cdn.test/b?secret=1").unwrap_err();
        assert_eq!(target, "http://cdn.test");
        assert!(reason.contains("encrypted"), "{reason}");
        assert!(hop("http://hub.test/a", "file:///etc/passwd").is_err());
        assert!(hop("https://hub.test/a", "ftp://cdn.test/b").is_err());
        assert!(hop("http://hub.test/a", "http://[").is_err());
    }

    #[test]
    fn content_ranges_are_read_strictly() {
        assert_eq!(content_range("bytes 4-9/10"), Some((4, 10, Some(10))));
        assert_eq!(content_range("bytes 4-9/*"), Some((4, 10, None)));
        for bad in [
            "",
            "bytes 4-9",
            "bytes */10",
            "bytes 9-4/10",
            "bytes -9/10",
            "bytes 4-18446744073709551615/*",
            "items 4-9/10",
        ] {
            assert_eq!(content_range(bad), None, "{bad}");
        }
    }
}

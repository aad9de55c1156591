//! One attempt at a download: the request with its redirects, and the answer into the part.
//!
//! Follows RFC 9110: a range is asked for with `If-Range`, so that a changed file is sent whole
//! (section 13.1.5), and a `Content-Range` that does not go on where the part ends is not used
//! (section 15.3.7).

use std::io::{self, Read as _};
use std::time::Duration;

use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::{Agent, Body, Timeout};
use url::Url;

use super::checksum::Expected;
use super::error::DownloadError;
use super::headers::{content_range, next_hop, text, validator};
use super::part::{Origin, Part};
use super::stop::{Failure, Stop};
use super::{Download, Options, Progress};

/// Most redirects followed by one attempt.
const MOST_REDIRECTS: usize = 5;

/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// The HTTP side of one download.
pub(super) struct Client<'a> {
    agent: Agent,
    request: &'a Download,
    url: Url,
}

/// The part of a file that an answer holds.
struct Span {
    /// First byte after it, where the server says so.
    end: Option<u64>,
    /// Bytes of the whole file, where the server says so.
    total: Option<u64>,
}

impl<'a> Client<'a> {
    pub fn new(request: &'a Download, options: &Options) -> Result<Self, DownloadError> {
        let invalid = |reason: String| DownloadError::Url { url: request.url.clone(), reason };
        let url = Url::parse(&request.url).map_err(|error| invalid(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid(format!("its scheme is {}", url.scheme())));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here: their headers are of interest.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(options.connect_timeout))
            .timeout_connect(Some(options.connect_timeout))
            .timeout_recv_response(Some(options.stall_timeout))
            .timeout_per_read(Some(options.stall_timeout))
            .timeout_per_write(Some(options.stall_timeout))
            .user_agent(concat!("tunelab/", env!("CARGO_PKG_VERSION")))
            // Lengths and ranges are of the file itself.
            .accept_encoding("identity")
            .build()
            .new_agent();
        Ok(Self { agent, request, url })
    }

    /// Fetches what is missing from the part. Returns what the content must hash to: `None` if
    /// nobody knows and that is acceptable.
    pub fn attempt(
        &self,
        part: &mut Part,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<Expected>, Stop> {
        let (response, linked) = self.follow_redirects(part)?;
        let resumed_from = part.len();
        let span = match response.status() {
            StatusCode::OK => self.whole(response.headers(), response.body(), part)?,
            StatusCode::PARTIAL_CONTENT if resumed_from > 0 => {
                self.rest(response.headers(), part)?
            }
            status => return Err(self.refusal(status, response.headers(), part)),
        };
        let expected = self.expected(linked, span.total)?;
        self.receive(response, &span, part, progress)?;
        Ok(expected)
    }

    /// Sends the request to where the redirects lead. Also returns the checksum that the first
    /// server to name one names.
    fn follow_redirects(
        &self,
        part: &mut Part,
    ) -> Result<(Response<Body>, Option<Expected>), Stop> {
        let mut url = self.url.clone();
        let mut linked = None;
        for _ in 0..=MOST_REDIRECTS {
            let response = self.send(&url, part)?;
            let headers = response.headers();
            linked =
                linked.or_else(|| text(headers, "x-linked-etag").and_then(Expected::from_etag));
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok((response, linked));
            }
            let location = text(headers, header::LOCATION)
                .ok_or_else(|| self.answer("a redirect without a readable Location"))?;
            url = next_hop(&url, location).map_err(|(target, reason)| DownloadError::Redirect {
                url: self.request.url.clone(),
                target,
                reason,
            })?;
        }
        Err(Stop::Final(DownloadError::TooManyRedirects {
            url: self.request.url.clone(),
            limit: MOST_REDIRECTS,
        }))
    }

    /// Asks for what is missing from the part, or for all if there is nothing to go on from.
    fn send(&self, url: &Url, part: &mut Part) -> Result<Response<Body>, Stop> {
        let mut request = self.agent.get(url.as_str());
        if let Some(origin) = part.origin() {
            request = request
                .header(header::RANGE, format!("bytes={}-", part.len()))
                .header(header::IF_RANGE, &origin.validator);
        } else {
            part.restart()?;
        }
        request.call().map_err(|error| self.connection_error(error))
    }

    /// Prepares for an answer that holds the whole file.
    fn whole(&self, headers: &HeaderMap, body: &Body, part: &mut Part) -> Result<Span, Stop> {
        if let Some(encoding) = text(headers, header::CONTENT_ENCODING)
            && !encoding.eq_ignore_ascii_case("identity")
        {
            return Err(self.answer(&format!("the unwanted encoding '{encoding}'")));
        }
        let total = body.content_length();
        part.begin(validator(headers).map(|validator| Origin {
            url: self.request.url.clone(),
            validator: validator.to_owned(),
            total,
        }))?;
        if let Some(size) = total {
            self.check_size(size)?;
        }
        Ok(Span { end: total, total })
    }

    /// Checks that an answer goes on where the part ends.
    fn rest(&self, headers: &HeaderMap, part: &mut Part) -> Result<Span, Stop> {
        let start = part.len();
        let known = part.origin();
        let same_version = match (validator(headers), known) {
            (Some(new), Some(known)) => new == known.validator,
            _ => true,
        };
        let known_total = known.and_then(|origin| origin.total);
        let range = text(headers, header::CONTENT_RANGE).unwrap_or_default();
        let span = content_range(range).filter(|&(first, end, total)| {
            let total_agrees = match (total, known_total) {
                (Some(total), Some(known)) => total == known,
                _ => true,
            };
            first == start && total_agrees && total.is_none_or(|total| end <= total)
        });
        let Some((_, end, total)) = span.filter(|_| same_version) else {
            let reason =
                format!("the server was asked for bytes {start}- and sent others ('{range}')");
            part.restart()?;
            return Err(Stop::Retry(Failure::Restarted { reason }));
        };
        let total = total.or(known_total);
        self.check_size(total.unwrap_or(end))?;
        Ok(Span { end: Some(end), total })
    }

    /// What a status other than success means.
    fn refusal(&self, status: StatusCode, headers: &HeaderMap, part: &mut Part) -> Stop {
        if status == StatusCode::RANGE_NOT_SATISFIABLE && part.len() > 0 {
            let reason = format!("the server has no bytes from {} on", part.len());
            return match part.restart() {
                Ok(()) => Stop::Retry(Failure::Restarted { reason }),
                Err(error) => error.into(),
            };
        }
        if matches!(status.as_u16(), 408 | 425 | 429) || status.is_server_error() {
            let seconds = text(headers, header::RETRY_AFTER).and_then(|text| text.parse().ok());
            return Stop::Retry(Failure::Interrupted {
                reason: format!("the server answered with the status {status}"),
                retry_after: Duration::from_secs(seconds.unwrap_or(0)),
            });
        }
        Stop::Final(DownloadError::Status {
            url: self.request.url.clone(),
            status: status.as_u16(),
            meaning: match status.as_u16() {
                401 | 403 => ": the file is not public",
                404 | 410 => ": there is no such file",
                _ => "",
            },
        })
    }

    /// What the content must hash to, given the checksum that the server named.
    fn expected(
        &self,
        linked: Option<Expected>,
        total: Option<u64>,
    ) -> Result<Option<Expected>, DownloadError> {
        if self.request.expected != Expected::FromServer {
            return Ok(Some(self.request.expected.clone()));
        }
        let unverifiable =
            |reason| Err(DownloadError::Unverifiable { url: self.request.url.clone(), reason });
        // A redirect never leaves https, so the first address tells how all were reached.
        match (linked, total) {
            (Some(linked), _) => Ok(Some(linked)),
            (None, _) if self.url.scheme() != "https" => {
                unverifiable("the server names no SHA-256 and the connection is not encrypted")
            }
            (None, None) => unverifiable("the server names neither a SHA-256 nor a length"),
            (None, Some(_)) => Ok(None),
        }
    }

    /// Appends the body of an answer to the part.
    fn receive(
        &self,
        response: Response<Body>,
        span: &Span,
        part: &mut Part,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stop> {
        let resumed_from = part.len();
        let mut report = |received| {
            progress(Progress { received, total: span.total, resumed_from });
        };
        report(part.len());
        let mut reader = response.into_body().into_reader();
        let mut buffer = vec![0; PIECE];
        loop {
            let bytes = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => buffer.get(..count).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failure::interrupted(body_error(error))),
            };
            let received = part.len() + bytes.len() as u64;
            if let Some(announced) = span.end.filter(|&end| received > end) {
                part.restart()?;
                return Err(Stop::Final(DownloadError::LongerThanAnnounced {
                    url: self.request.url.clone(),
                    announced,
                }));
            }
            if let Err(error) = self.check_size(received) {
                part.restart()?;
                return Err(error.into());
            }
            part.append(bytes)?;
            report(received);
        }
        match span.total {
            Some(total) if part.len() < total => Err(Failure::interrupted(format!(
                "the connection ended after {} of {total} bytes",
                part.len()
            ))),
            _ => Ok(()),
        }
    }

    fn check_size(&self, size: u64) -> Result<(), DownloadError> {
        if size <= self.request.max_bytes {
            return Ok(());
        }
        Err(DownloadError::TooLarge {
            url: self.request.url.clone(),
            size,
            limit: self.request.max_bytes,
        })
    }

    fn answer(&self, reason: &str) -> Stop {
        Stop::Final(DownloadError::Answer {
            url: self.request.url.clone(),
            reason: reason.to_owned(),
        })
    }

    /// What a request without an answer means.
    fn connection_error(&self, error: ureq::Error) -> Stop {
        use io::ErrorKind::{
            BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, TimedOut,
            UnexpectedEof,
        };
        match &error {
            ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                Stop::Retry(Failure::Unreachable { reason: "no connection in time".to_owned() })
            }
            ureq::Error::Io(cause) if cause.kind() == ConnectionRefused => {
                Stop::Retry(Failure::Unreachable {
                    reason: "the connection was refused".to_owned(),
                })
            }
            ureq::Error::Io(cause)
                if matches!(
                    cause.kind(),
                    BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof
                ) =>
            {
                Failure::interrupted("the connection broke before the answer")
            }
            ureq::Error::Timeout(_) => Failure::interrupted("the server did not answer in time"),
            ureq::Error::Protocol(cause) => {
                Failure::interrupted(format!("the answer is not HTTP: {cause}"))
            }
            _ => Stop::Final(DownloadError::Unreachable {
                url: self.request.url.clone(),
                reason: error.to_string(),
            }),
        }
    }
}

/// Why a body could not be read to its end.
fn body_error(error: io::Error) -> String {
    match ureq::Error::from(error) {
        ureq::Error::Timeout(_) => "the server stopped sending".to_owned(),
        other => format!("the connection broke: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_checksum_only_an_announced_length_over_https_is_accepted() {
        let expected = |url: &str, linked: Option<&str>, total| {
            let request = Download {
                url: url.to_owned(),
                file_name: "weights".to_owned(),
                expected: Expected::FromServer,
                max_bytes: 100,
            };
            let client = Client::new(&request, &Options::default()).unwrap();
            client.expected(linked.and_then(Expected::from_etag), total)
        };
        let sha256 = "0123456789abcdef".repeat(4);
        let quoted = format!("\"{sha256}\"");
        assert_eq!(
            expected("http://hub.test/a", Some(&quoted), None).unwrap(),
            Some(Expected::Sha256(sha256))
        );
        assert_eq!(expected("https://hub.test/a", None, Some(9)).unwrap(), None);
        assert_eq!(expected("https://hub.test/a", Some("\"a-git-hash\""), Some(9)).unwrap(), None);
        for (url, total) in [
            ("https://hub.test/a", None),
            ("http://hub.test/a", Some(9)),
            ("http://hub.test/a", None),
        ] {
            let error = expected(url, None, total).unwrap_err();
            assert!(matches!(error, DownloadError::Unverifiable { .. }), "{error}");
        }
    }
}

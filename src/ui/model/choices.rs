//! Which networks can be had besides the one that comes with the app.

use tunelab_core::model::sources::{SOURCES, Source};

/// The only site, besides its own, that the app may fetch from: its policy names it.
const FETCHED_FROM: &str = "https://huggingface.co/";

/// Networks that the app downloads itself.
pub fn downloads() -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().filter(|source| may_fetch(source))
}

/// Networks that are downloaded by hand, with their addresses.
pub fn by_hand() -> impl Iterator<Item = (&'static Source, &'static str)> {
    SOURCES
        .iter()
        .filter(|source| !may_fetch(source))
        .filter_map(|source| Some((source, source.url?)))
}

/// Whether a network of that title is on its way from another site, and so can be cancelled.
pub fn is_download(title: &str) -> bool {
    downloads().any(|source| source.title == title)
}

fn may_fetch(source: &Source) -> bool {
    source.url.is_some_and(|url| url.starts_with(FETCHED_FROM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_had_in_one_way() {
        let all = 1 + downloads().count() + by_hand().count();
        assert_eq!(all, SOURCES.len());
        assert!(downloads().count() > 0 && by_hand().count() > 0);
        assert!(is_download(downloads().next().map_or("", |source| source.title)));
        assert!(!is_download(SOURCES[0].title));
    }
}

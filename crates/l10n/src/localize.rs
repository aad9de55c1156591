//! Errors and other values that say what they mean in the reader's language.

use crate::Texts;

/// A value, such as an error, that can be put in words in any [`Language`](crate::Language).
pub trait Localize {
    /// The value in words: for an error, whole sentences that say what happened and what to do.
    fn localize(&self, texts: Texts) -> String;
}

impl<T: Localize + ?Sized> Localize for &T {
    fn localize(&self, texts: Texts) -> String {
        (**self).localize(texts)
    }
}

impl<T: Localize + ?Sized> Localize for Box<T> {
    fn localize(&self, texts: Texts) -> String {
        (**self).localize(texts)
    }
}

/// Implements `Display` for types that are [`Localize`], in English: for logs and for
/// [`std::error::Error`], which asks for it.
///
/// ```
/// use tunelab_l10n::{Localize, Texts, display_in_english};
///
/// #[derive(Debug)]
/// struct EngineStopped;
///
/// impl Localize for EngineStopped {
///     fn localize(&self, texts: Texts) -> String {
///         texts.app_engine_stopped().into()
///     }
/// }
///
/// display_in_english!(EngineStopped);
/// impl std::error::Error for EngineStopped {}
///
/// assert_eq!(EngineStopped.to_string(), "The engine stopped.");
/// ```
#[macro_export]
macro_rules! display_in_english {
    ($($type:ty),+ $(,)?) => {$(
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::Localize::localize(self, $crate::Texts::ENGLISH))
            }
        }
    )+};
}

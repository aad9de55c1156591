//! Effects.

use leptos::prelude::Effect;

/// Runs now, and again whenever what it read has changed. It is [`Effect::new`] with its type fixed:
/// each of its own would add nearly 1 KB to the page.
pub fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(run);
}

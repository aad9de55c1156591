//! What was removed from the collection, so that it can be brought back.

use super::Collection;
use tunelab_core::protocol::Removal;

/// The most removals that can be undone.
const KEPT: usize = 20;

/// The removals since the pictures last changed in another way, each with the pictures as they were before.
/// Those share their pixels with the pictures that are left.
#[derive(Debug, Clone)]
pub struct History<F> {
    removals: Vec<(Removal, Collection<F>)>,
}

impl<F> Default for History<F> {
    fn default() -> Self {
        Self { removals: Vec::new() }
    }
}

impl<F: Clone> History<F> {
    /// Notes a removal that is about to happen.
    pub fn remember(&mut self, removal: Removal, before: &Collection<F>) {
        if self.removals.len() == KEPT {
            self.removals.remove(0);
        }
        self.removals.push((removal, before.clone()));
    }

    /// Forgets everything: going back would undo other changes too.
    pub fn forget(&mut self) {
        self.removals.clear();
    }

    /// What would be brought back next.
    pub fn last(&self) -> Option<&Removal> {
        self.removals.last().map(|(removal, _)| removal)
    }

    /// Brings back what was removed last; nothing where nothing was.
    pub fn undo(&mut self, collection: &mut Collection<F>) {
        if let Some((_, before)) = self.removals.pop() {
            collection.go_back_to(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::add;
    use super::super::{Part, PictureId};
    use super::*;

    fn removal(name: &str) -> Removal {
        Removal::Class { name: name.into(), pictures: 2 }
    }

    #[test]
    fn removals_are_undone_last_first() {
        let mut collection = Collection::<()>::default();
        let [cat, dog] = ["cat", "dog"].map(|name| collection.add_class(name));
        add(&mut collection, cat, 2, Part::Train);
        add(&mut collection, dog, 2, Part::Train);
        let whole = collection.summary();

        let mut history = History::default();
        history.remember(removal("cat"), &collection);
        collection.remove_class(cat);
        let without_cat = collection.summary();
        history.remember(Removal::All { pictures: 2 }, &collection);
        collection.clear();

        assert_eq!(history.last(), Some(&Removal::All { pictures: 2 }));
        history.undo(&mut collection);
        assert_eq!(collection.summary(), without_cat);
        history.undo(&mut collection);
        assert_eq!(collection.summary(), whole);
        assert_eq!(history.last(), None);
        history.undo(&mut collection);
        assert_eq!(collection.summary(), whole);
    }

    #[test]
    fn ids_go_on_after_an_undo() {
        let mut collection = Collection::<()>::default();
        let mut history = History::default();
        collection.add_class("cat");
        history.remember(Removal::All { pictures: 0 }, &collection);
        collection.clear();
        let dog = collection.add_class("dog");
        add(&mut collection, dog, 3, Part::Train);
        history.undo(&mut collection);
        let hen = collection.add_class("hen");
        assert!(hen > dog);
        add(&mut collection, hen, 1, Part::Train);
        assert_eq!(collection.entries().next().map(|entry| entry.id), Some(PictureId(3)));
    }

    #[test]
    fn only_so_many_are_kept() {
        let collection = Collection::<()>::default();
        let mut history = History::default();
        for number in 0..=KEPT {
            history.remember(removal(&number.to_string()), &collection);
        }
        assert_eq!(history.removals.len(), KEPT);
        assert_eq!(history.removals[0].0, removal("1"));
        history.forget();
        assert_eq!(history.last(), None);
    }
}

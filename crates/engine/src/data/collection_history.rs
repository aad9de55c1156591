//! Undo for removals from a collection.

use super::collection::Collection;
use tunelab_core::protocol::Removal;

/// The most removals that can be undone.
const MAX_REMOVALS: usize = 20;

/// The removals since the last other change, each with the collection before it. Copies of a collection share their
/// pixels.
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
    /// Adds a removal that is about to happen.
    pub fn push(&mut self, removal: Removal, before: &Collection<F>) {
        if self.removals.len() == MAX_REMOVALS {
            self.removals.remove(0);
        }
        self.removals.push((removal, before.clone()));
    }

    /// Removes all removals, since undoing them would undo another change too.
    pub fn clear(&mut self) {
        self.removals.clear();
    }

    /// The removal that is undone next.
    pub fn last(&self) -> Option<&Removal> {
        self.removals.last().map(|(removal, _)| removal)
    }

    /// Undoes the last removal, if there is one.
    pub fn undo(&mut self, collection: &mut Collection<F>) {
        if let Some((_, before)) = self.removals.pop() {
            collection.restore(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use tunelab_core::protocol::PictureId;

    use super::super::collection::Split;
    use super::super::collection::tests::add;
    use super::*;

    fn removal(name: &str) -> Removal {
        Removal::Class { name: name.into(), pictures: 2 }
    }

    #[test]
    fn removals_are_undone_last_first() {
        let mut collection = Collection::<()>::default();
        let [cat, dog] = ["cat", "dog"].map(|name| collection.add_class(name));
        add(&mut collection, cat, 2, Split::Train);
        add(&mut collection, dog, 2, Split::Train);
        let whole = collection.summary();

        let mut history = History::default();
        history.push(removal("cat"), &collection);
        collection.remove_class(cat);
        let without_cat = collection.summary();
        history.push(Removal::All { pictures: 2 }, &collection);
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
    fn ids_continue_after_an_undo() {
        let mut collection = Collection::<()>::default();
        let mut history = History::default();
        collection.add_class("cat");
        history.push(Removal::All { pictures: 0 }, &collection);
        collection.clear();
        let dog = collection.add_class("dog");
        add(&mut collection, dog, 3, Split::Train);
        history.undo(&mut collection);
        let hen = collection.add_class("hen");
        assert!(hen > dog);
        add(&mut collection, hen, 1, Split::Train);
        assert_eq!(collection.entries().next().map(|entry| entry.id), Some(PictureId(3)));
    }

    #[test]
    fn the_oldest_removals_are_dropped() {
        let collection = Collection::<()>::default();
        let mut history = History::default();
        for number in 0..=MAX_REMOVALS {
            history.push(removal(&number.to_string()), &collection);
        }
        assert_eq!(history.removals.len(), MAX_REMOVALS);
        assert_eq!(history.removals[0].0, removal("1"));
        history.clear();
        assert_eq!(history.last(), None);
    }
}

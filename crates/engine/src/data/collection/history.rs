//! The undo history of removals from a collection.

use tunelab_core::protocol::Removal;

use super::images::ImageCollection;

/// Maximum number of removals that can be undone.
const CAPACITY: usize = 20;

/// The removals since the last change that cannot be undone, each with the collection before it. The copies share
/// their pixels with the collection.
#[derive(Debug, Clone)]
pub struct RemovalHistory<F> {
    removals: Vec<(Removal, ImageCollection<F>)>,
}

impl<F> Default for RemovalHistory<F> {
    fn default() -> Self {
        Self { removals: Vec::new() }
    }
}

impl<F: Clone> RemovalHistory<F> {
    /// Records a removal. Call it before the removal.
    pub fn push(&mut self, removal: Removal, before: &ImageCollection<F>) {
        if self.removals.len() == CAPACITY {
            self.removals.remove(0);
        }
        self.removals.push((removal, before.clone()));
    }

    /// Forgets all removals, because undoing one would undo other changes too.
    pub fn clear(&mut self) {
        self.removals.clear();
    }

    /// The removal that would be undone next.
    pub fn last(&self) -> Option<&Removal> {
        self.removals.last().map(|(removal, _)| removal)
    }

    /// Undoes the last removal, if any.
    pub fn undo(&mut self, collection: &mut ImageCollection<F>) {
        if let Some((_, before)) = self.removals.pop() {
            collection.restore(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use tunelab_core::protocol::ImageId;

    use super::super::entry::DataSplit;
    use super::super::tests::add;
    use super::*;

    fn removal(name: &str) -> Removal {
        Removal::Class { name: name.into(), images: 2 }
    }

    #[test]
    fn removals_are_undone_last_first() {
        let mut collection = ImageCollection::<()>::default();
        let [cat, dog] = ["cat", "dog"].map(|name| collection.add_class(name));
        add(&mut collection, cat, 2, DataSplit::Train);
        add(&mut collection, dog, 2, DataSplit::Train);
        let whole = collection.summary();

        let mut history = RemovalHistory::default();
        history.push(removal("cat"), &collection);
        collection.remove_class(cat);
        let without_cat = collection.summary();
        history.push(Removal::All { images: 2 }, &collection);
        collection.clear();

        assert_eq!(history.last(), Some(&Removal::All { images: 2 }));
        history.undo(&mut collection);
        assert_eq!(collection.summary(), without_cat);
        history.undo(&mut collection);
        assert_eq!(collection.summary(), whole);
        assert_eq!(history.last(), None);
        history.undo(&mut collection);
        assert_eq!(collection.summary(), whole);
    }

    #[test]
    fn ids_keep_counting_after_an_undo() {
        let mut collection = ImageCollection::<()>::default();
        let mut history = RemovalHistory::default();
        collection.add_class("cat");
        history.push(Removal::All { images: 0 }, &collection);
        collection.clear();
        let dog = collection.add_class("dog");
        add(&mut collection, dog, 3, DataSplit::Train);
        history.undo(&mut collection);
        let hen = collection.add_class("hen");
        assert!(hen > dog);
        add(&mut collection, hen, 1, DataSplit::Train);
        assert_eq!(collection.entries().next().map(|entry| entry.id), Some(ImageId(3)));
    }

    #[test]
    fn the_oldest_removal_is_dropped() {
        let collection = ImageCollection::<()>::default();
        let mut history = RemovalHistory::default();
        for number in 0..=CAPACITY {
            history.push(removal(&number.to_string()), &collection);
        }
        assert_eq!(history.removals.len(), CAPACITY);
        assert_eq!(history.removals[0].0, removal("1"));
        history.clear();
        assert_eq!(history.last(), None);
    }
}

//! What the pictures lack for a good result, in plain words.

use tunelab_core::options::context::FEW;
use tunelab_core::protocol::{ClassSummary, Collection};

/// The largest class may have so many times the pictures of the smallest.
pub const BALANCED: usize = 3;
/// So many classes are named before the others are only counted.
const NAMED: usize = 3;

/// What should be changed before training, the most important first. Nothing while there are no classes.
pub fn advice(collection: &Collection) -> Vec<String> {
    let (filled, empty): (Vec<_>, Vec<_>) =
        collection.classes.iter().partition(|class| class.pictures > 0);
    let few: Vec<&ClassSummary> =
        filled.iter().copied().filter(|class| class.pictures < FEW).collect();
    let one_class = match (filled.as_slice(), empty.as_slice()) {
        ([only], []) => Some(only.name.as_str()),
        ([], [only]) => Some(only.name.as_str()),
        _ => None,
    };
    let alone = one_class.map(|name| {
        format!(
            "“{name}” is the only class. The network learns to tell classes apart, so add at least one more."
        )
    });
    let empty = (!empty.is_empty()).then(|| {
        let (verb, remedy) = match empty.len() {
            1 => ("has", "Add some, or remove the class."),
            _ => ("have", "Add some, or remove these classes."),
        };
        format!("{} {verb} no pictures yet. {remedy}", named(&empty))
    });
    let few = (!few.is_empty()).then(|| {
        let verb = if few.len() == 1 { "has" } else { "have" };
        let lone = !collection.has_validation && few.iter().any(|class| class.pictures == 1);
        let lone = if lone {
            " Training takes at least two of each: one to learn from, one to check with."
        } else {
            ""
        };
        format!(
            "{} {verb} fewer than {FEW} pictures. That is hardly enough to learn from; aim for 20 or more, as different as they come.{lone} For a first answer, one of each is enough: “Try it right away” below.",
            named(&few)
        )
    });
    [alone, empty, few, imbalance(&filled)].into_iter().flatten().collect()
}

fn imbalance(filled: &[&ClassSummary]) -> Option<String> {
    let largest = filled.iter().max_by_key(|class| class.pictures)?;
    let smallest = filled.iter().min_by_key(|class| class.pictures)?;
    (largest.pictures > BALANCED * smallest.pictures).then(|| {
        format!(
            "“{}” has {} pictures and “{}” only {}. The network may lean towards the larger class: add pictures to the smaller one, or remove some of the larger.",
            largest.name, largest.pictures, smallest.name, smallest.pictures
        )
    })
}

/// Names in a row, such as `“a”, “b”, “c” and 2 others`.
fn named(classes: &[&ClassSummary]) -> String {
    let mut names: Vec<String> =
        classes.iter().take(NAMED).map(|class| format!("“{}”", class.name)).collect();
    match classes.len().saturating_sub(NAMED) {
        0 => {}
        1 => names.push("one other".into()),
        others => names.push(format!("{others} others")),
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::protocol::ClassId;

    fn advised(pictures: &[usize]) -> Vec<String> {
        let class = |(index, &pictures): (usize, &usize)| ClassSummary {
            id: ClassId(index as u32),
            name: format!("c{index}"),
            pictures,
            validation: 0,
        };
        let classes = pictures.iter().enumerate().map(class).collect();
        advice(&Collection { classes, ..Collection::default() })
    }

    #[test]
    fn good_pictures_need_none() {
        assert!(advised(&[]).is_empty());
        assert!(advised(&[5, 15]).is_empty());
        assert!(advised(&[5000; 10]).is_empty());
    }

    #[test]
    fn one_class_is_not_enough() {
        assert!(advised(&[40])[0].starts_with("“c0” is the only class."));
        assert_eq!(advised(&[40]).len(), 1);
        assert_eq!(advised(&[0]).len(), 2);
    }

    #[test]
    fn empty_classes_are_named() {
        assert!(advised(&[0, 9])[0].starts_with("“c0” has no pictures yet."));
        assert!(advised(&[0, 0, 9, 9])[0].starts_with("“c0” and “c1” have no pictures"));
        assert!(advised(&[0; 4])[0].starts_with("“c0”, “c1”, “c2” and one other have no"));
        assert!(advised(&[0; 6])[0].starts_with("“c0”, “c1”, “c2” and 3 others have no"));
    }

    #[test]
    fn small_and_uneven_classes_are_told() {
        let few = &advised(&[4, 10])[0];
        assert!(few.starts_with("“c0” has fewer than 5 pictures."));
        assert!(few.contains("Try it right away") && !few.contains("at least two"));
        assert!(advised(&[1, 10])[0].contains("at least two of each"));
        assert_eq!(advised(&[5, 16]).len(), 1);
        assert!(advised(&[5, 16])[0].starts_with("“c1” has 16 pictures and “c0” only 5."));
        // An empty class says so itself.
        assert!(!advised(&[0, 16, 16]).iter().any(|words| words.contains("lean")));
    }
}

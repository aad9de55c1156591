//! The names of dataset splits: training, validation and test.

/// Words that may accompany the name of a split, such as in `training_set` or `seg_train`.
pub(super) const COMPANION_WORDS: [&str; 12] = [
    "set", "sets", "data", "dataset", "split", "folder", "part", "images", "imgs", "pictures",
    "photos", "seg",
];

/// A split of a dataset, in the order of preference for validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SplitName {
    Train,
    Validation,
    Test,
}

impl SplitName {
    /// Parses the name of a folder or a table cell, in any case: `train`, `Training`, `training_set`,
    /// `valid`, `dev`, `Testing`, ...
    pub fn parse(name: &str) -> Option<Self> {
        let mut found = None;
        for word in words(&name.to_lowercase()) {
            let stem = ["set", "data"].iter().find_map(|ending| word.strip_suffix(ending));
            match Self::from_word(word).or_else(|| Self::from_word(stem.unwrap_or_default())) {
                Some(split) if found.is_none() => found = Some(split),
                None if COMPANION_WORDS.contains(&word) => {}
                _ => return None,
            }
        }
        found
    }

    /// Parses a single lowercase word, with or without a trailing number.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        Some(match word {
            "train" | "training" | "trn" => Self::Train,
            "val" | "valid" | "validation" | "validate" | "dev" | "eval" | "evaluation" => {
                Self::Validation
            }
            "test" | "testing" | "tst" => Self::Test,
            _ => return None,
        })
    }
}

/// The words of a name, separated by characters other than letters and digits.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> + Clone {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_are_recognized_in_many_spellings() {
        for train in
            ["train", "Training", "TRAIN", "training_set", "train-images", "seg_train", "trainset"]
        {
            assert_eq!(SplitName::parse(train), Some(SplitName::Train), "{train}");
        }
        for validation in ["val", "Valid", "validation", "dev", "val_set", "evaluation", "valset"] {
            assert_eq!(SplitName::parse(validation), Some(SplitName::Validation), "{validation}");
        }
        for test in ["test", "Testing", "test_set", "testdata", "Test Images", "test1"] {
            assert_eq!(SplitName::parse(test), Some(SplitName::Test), "{test}");
        }
        for class in
            ["trains", "trainer", "toy train", "value", "devil", "protest", "set", "", "train_test"]
        {
            assert_eq!(SplitName::parse(class), None, "{class}");
        }
    }
}

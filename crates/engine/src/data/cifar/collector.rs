//! Collects the files of a CIFAR dataset, in any order.

use std::collections::BTreeMap;

use super::class_names::{COARSE, FINE};
use super::format::{
    CifarBatch, CifarData, CifarRecord, official_names, owned, parse_batch, parse_class_names,
};

use tunelab_core::data::cifar::{
    CIFAR_10_NAMES, CIFAR_10_TEST, CIFAR_100_TEST, COARSE_NAMES, CifarError, CifarVersion,
    ClassNamesProblem, FINE_NAMES, is_batch,
};
use tunelab_core::data::listed_file::file_name;

/// Collects the files of a dataset one by one.
#[derive(Debug, Default)]
pub struct CifarCollector {
    version: Option<CifarVersion>,
    /// By file name, so that `data_batch_1.bin` comes first.
    train: BTreeMap<String, Vec<CifarRecord>>,
    test: Option<Vec<CifarRecord>>,
    classes: Option<Vec<String>>,
    superclasses: Option<Vec<String>>,
}

impl CifarCollector {
    /// Adds a file. Files that are not needed are ignored.
    ///
    /// # Errors
    /// When it is damaged, was added before, or belongs to another dataset than the files before.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), CifarError> {
        let name = file_name(path);
        let is_new = match name {
            CIFAR_10_NAMES => self.classes.replace(parse_class_names(bytes, name, 10)?).is_none(),
            FINE_NAMES => {
                self.classes.replace(parse_class_names(bytes, name, FINE.len())?).is_none()
            }
            COARSE_NAMES => {
                self.superclasses.replace(parse_class_names(bytes, name, COARSE.len())?).is_none()
            }
            _ if is_batch(name) => {
                let CifarBatch { version, records } = parse_batch(bytes, name)?;
                if *self.version.get_or_insert(version) != version {
                    return Err(CifarError::Mixed { file: name.to_owned() });
                }
                match name {
                    CIFAR_10_TEST | CIFAR_100_TEST => self.test.replace(records).is_none(),
                    _ => self.train.insert(name.to_owned(), records).is_none(),
                }
            }
            _ => true,
        };
        if is_new { Ok(()) } else { Err(CifarError::Duplicate { file: name.to_owned() }) }
    }

    /// The dataset. A test batch alone is the training set.
    ///
    /// # Errors
    /// When there is no batch, or the class names belong to the other dataset.
    pub fn finish(self) -> Result<CifarData, CifarError> {
        let version = self.version.ok_or(CifarError::NoBatch)?;
        let mut train: Vec<CifarRecord> = self.train.into_values().flatten().collect();
        let mut test = self.test;
        if train.is_empty() {
            train = test.take().unwrap_or_default();
        }
        let classes = self.classes.unwrap_or_else(|| owned(official_names(version)));
        let expected = official_names(version).len();
        if classes.len() != expected {
            return Err(CifarError::ClassNames {
                file: CIFAR_10_NAMES.to_owned(),
                expected,
                problem: ClassNamesProblem::Count { found: classes.len() },
            });
        }
        let superclasses = self.superclasses.unwrap_or_else(|| owned(&COARSE));
        Ok(CifarData { version, classes, superclasses, train, test })
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::tests::{batch, batch_100};
    use super::*;

    fn collect(files: &[(&str, Vec<u8>)]) -> Result<CifarData, CifarError> {
        let mut collector = CifarCollector::default();
        for (path, bytes) in files {
            collector.add(path, bytes)?;
        }
        collector.finish()
    }

    #[test]
    fn files_come_in_any_order() {
        let data = collect(&[
            ("c/test_batch.bin", batch(5)),
            ("c/data_batch_2.bin", batch(3)),
            ("c/readme.html", b"<html>".to_vec()),
            ("c/data_batch_1.bin", batch(12)),
        ])
        .unwrap();
        assert_eq!((data.train.len(), data.test.map(|test| test.len())), (15, Some(5)));
        // Batch 1 comes first although it is second here.
        assert_eq!(data.train[11].label, 1);
        assert_eq!(data.classes[3], "cat");
    }

    #[test]
    fn cifar_100_is_collected_with_its_names() {
        let names = |count: usize, word: &str| {
            (0..count).map(|i| format!("{word}{i}\n")).collect::<String>().into_bytes()
        };
        let data = collect(&[
            ("train.bin", batch_100(7)),
            ("test.bin", batch_100(3)),
            ("fine_label_names.txt", names(100, "f")),
            ("coarse_label_names.txt", names(20, "c")),
        ])
        .unwrap();
        assert_eq!((data.version, data.train.len()), (CifarVersion::Cifar100, 7));
        assert_eq!((&data.classes[99][..], &data.superclasses[19][..]), ("f99", "c19"));
        let official = collect(&[("train.bin", batch_100(7))]).unwrap();
        assert_eq!((&official.classes[99][..], &official.superclasses[14][..]), ("worm", "people"));
    }

    #[test]
    fn a_test_batch_alone_is_the_training_set() {
        let data = collect(&[("test_batch.bin", batch(4))]).unwrap();
        assert_eq!((data.train.len(), data.test), (4, None));
    }

    #[test]
    fn files_that_do_not_belong_together_are_rejected() {
        let mixed = collect(&[("data_batch_1.bin", batch(2)), ("train.bin", batch_100(2))]);
        assert!(matches!(mixed, Err(CifarError::Mixed { .. })));
        let twice = collect(&[("a/test.bin", batch_100(1)), ("b/test.bin", batch_100(1))]);
        assert!(matches!(twice, Err(CifarError::Duplicate { .. })));
        assert!(matches!(collect(&[("readme.html", vec![1])]), Err(CifarError::NoBatch)));
        let names = super::super::class_names::CIFAR_10.join("\n").into_bytes();
        let names = collect(&[("train.bin", batch_100(1)), ("batches.meta.txt", names)]);
        assert!(matches!(names, Err(CifarError::ClassNames { expected: 100, .. })));
    }
}

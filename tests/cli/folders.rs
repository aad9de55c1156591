//! Folders of images as written by operating systems, archives and other programs.

use std::fs;
use std::path::Path;

use image::ImageFormat;
use tempfile::tempdir;

use crate::common::skip;
use crate::inputs::{case, encoded, train_on, train_with, warnings, write};
use crate::program::{Outcome, assert_rejected};

/// Writes small images into a class folder, different ones for each class name.
fn class(folder: &Path, images: u8) {
    let name = folder.file_name().unwrap().as_encoded_bytes();
    let first = name.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)).wrapping_mul(16);
    for number in 0..images {
        let image = encoded(first.wrapping_add(number), ImageFormat::Png);
        write(&folder.join(format!("p{number}.png")), &image);
    }
}

/// The classes and the numbers of training and validation images of a successful run.
fn used(outcome: &Outcome) -> (Vec<String>, u64, u64) {
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let started = outcome.named("started")[0];
    let count = |field: &str| started[field].as_u64().unwrap();
    let classes = started["classes"].as_array().unwrap().iter();
    let classes = classes.map(|class| class.as_str().unwrap().to_owned()).collect();
    (classes, count("train_examples"), count("validation_examples"))
}

/// The classes, and the number of images of both splits together.
fn used_in_all(outcome: &Outcome) -> (Vec<String>, u64) {
    let (classes, train, validation) = used(outcome);
    (classes, train + validation)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn skipped(outcome: &Outcome) -> Vec<&str> {
    let skipped = outcome.named("skipped").into_iter();
    skipped.map(|file| file["file"].as_str().unwrap()).collect()
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_distinct_classes_and_images() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempdir().unwrap();
    for name in [&b"caf\xe9"[..], b"caf\xe8", b"tea"] {
        class(&folder.path().join(OsStr::from_bytes(name)), 6);
    }
    let odd = folder.path().join("tea").join(OsStr::from_bytes(b"gr\xfcn.png"));
    write(&odd, &encoded(9, ImageFormat::Png));
    let outcome = train_on(folder.path());
    assert_eq!(used_in_all(&outcome), (names(&[r"caf\xE8", r"caf\xE9", "tea"]), 19));
    assert!(warnings(&outcome).contains("not UTF-8"), "{}", warnings(&outcome));
}

#[test]
fn composed_and_decomposed_accents_are_the_same_class() {
    let folder = tempdir().unwrap();
    for name in ["train/caf\u{e9}", "train/tea", "val/cafe\u{301}", "val/tea"] {
        class(&folder.path().join(name), 3);
    }
    assert_eq!(used(&train_on(folder.path())), (names(&["caf\u{e9}", "tea"]), 6, 6));
    if let Some(case) = case("10-nfc-nfd-classes") {
        let (classes, train, validation) = used(&train_on(&case.path().join("data")));
        assert_eq!((classes.len(), train, validation), (2, 12, 4));
        let (classes, images) = used_in_all(&train_on(&case.path().join("one")));
        assert_eq!((classes, images), (names(&["caf\u{e9}", "tea"]), 18));
    }
}

#[test]
fn system_files_are_ignored_without_warnings() {
    let folder = tempdir().unwrap();
    for name in ["cat", "dog"] {
        class(&folder.path().join(name), 6);
        write(&folder.path().join(name).join("._p0.png"), b"\0\x05\x16\x07\0\x02\0\0");
        write(&folder.path().join(name).join("desktop.ini"), b"[.ShellClassInfo]");
    }
    for name in ["@eaDir/p0.png", "$RECYCLE.BIN/S-1", "__MACOSX/cat", "System Volume Information"] {
        class(&folder.path().join(name), 2);
    }
    let mut folders = vec![folder];
    let own = folders[0].path().to_path_buf();
    let case = case("09-clutter");
    let data = case.as_ref().map(|case| case.path().join("data"));
    folders.extend(case);
    for path in [Some(own), data].into_iter().flatten() {
        let outcome = train_on(&path);
        assert_eq!(used_in_all(&outcome), (names(&["cat", "dog"]), 12));
        assert_eq!(outcome.errors, "");
    }
}

#[test]
fn class_folders_without_usable_images_cause_a_warning() {
    let folder = tempdir().unwrap();
    class(&folder.path().join("cat"), 6);
    class(&folder.path().join("dog"), 6);
    fs::create_dir(folder.path().join("bird")).unwrap();
    write(&folder.path().join("fish/notes.txt"), b"not an image");
    write(&folder.path().join("horse/h.jpg"), b"");
    let case = case("11-empty-class-folder");
    let data = case.as_ref().map(|case| case.path().join("data"));
    for path in [Some(folder.path().to_path_buf()), data].into_iter().flatten() {
        let outcome = train_on(&path);
        assert_eq!(used_in_all(&outcome), (names(&["cat", "dog"]), 12));
        let warnings = warnings(&outcome);
        assert!(warnings.contains("“bird”, “fish” and “horse”"), "{warnings}");
    }
}

#[test]
fn training_and_testing_are_splits_and_not_classes() {
    let folder = tempdir().unwrap();
    for name in ["Training/cat", "Training/dog", "Testing/cat", "Testing/dog"] {
        class(&folder.path().join(name), 3);
    }
    assert_eq!(used(&train_on(folder.path())), (names(&["cat", "dog"]), 6, 6));
}

#[test]
fn layouts_of_published_datasets_are_recognized() {
    let Some(case) = case("24-folder-layouts") else { return };
    let classes = || names(&["cat", "dog"]);
    let on = |name: &str| train_on(&case.path().join(name));
    let wrapped = on("wrapped");
    assert_eq!(used_in_all(&wrapped), (classes(), 12));
    assert_eq!(skipped(&wrapped), ["cover.png"]);
    assert_eq!(used(&on("split")), (classes(), 12, 4));
    let kaggle = on("kaggle");
    assert_eq!(used_in_all(&kaggle), (classes(), 12));
    assert!(warnings(&kaggle).contains("“test” is not used"), "{}", warnings(&kaggle));
    assert_rejected(&on("yolo"), "object detection");
    let three = on("three");
    let (found, train, _) = used(&three);
    assert_eq!((found, train), (classes(), 12));
    assert!(warnings(&three).contains("“test” (6 images) is not used"), "{}", warnings(&three));
}

#[test]
fn images_are_recognized_by_content() {
    let folder = tempdir().unwrap();
    for name in ["cat", "dog"] {
        class(&folder.path().join(name), 3);
    }
    for (seed, name) in (5..).zip(["a.jfif", "b.pjpeg", "c", "d.jpg ", "e.jpg_large", "f.PNG"]) {
        let jpeg = encoded(seed, ImageFormat::Jpeg);
        write(&folder.path().join("cat").join(name), &jpeg);
    }
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1";
    write(&folder.path().join("dog/IMG_1.HEIC"), heic);
    write(&folder.path().join("dog/IMG_2.jpg"), heic);
    let outcome = train_on(folder.path());
    assert_eq!(used_in_all(&outcome), (names(&["cat", "dog"]), 12));
    assert_eq!(skipped(&outcome), ["dog/IMG_1.HEIC", "dog/IMG_2.jpg"]);
    for line in outcome.errors.lines().filter(|line| line.starts_with("Skipped")) {
        assert!(line.contains("HEIC") && line.contains("JPEG"), "{line}");
    }
    if let Some(case) = case("08-extensions") {
        let outcome = train_on(&case.path().join("data"));
        let (_, images) = used_in_all(&outcome);
        // Every file is an image by its content.
        assert_eq!((images, skipped(&outcome).len()), (27, 0), "{}", outcome.errors);
    }
}

#[test]
fn unsupported_formats_are_reported() {
    let Some(case) = case("12-heic-and-others") else { return };
    let outcome = train_on(&case.path().join("data"));
    assert_eq!(used_in_all(&outcome).1, 12);
    let errors = &outcome.errors;
    for kind in ["HEIC", "AVIF", "TIFF", "SVG", "ICO", "JPEG 2000", "a web page"] {
        assert!(errors.contains(kind), "{kind} in {errors}");
    }
    assert_eq!(skipped(&outcome).len(), 10, "{errors}");
    let outcome = train_on(&case.path().join("all"));
    assert_rejected(&outcome, "HEIC");
}

#[test]
fn zip_archives_have_to_be_unpacked() {
    let folder = tempdir().unwrap();
    let zip = folder.path().join("images.zip");
    write(&zip, b"PK\x03\x04\x14\0\0\0\0\0");
    assert_rejected(&train_on(&zip), "a zip archive. Unpack it");
    if let Some(case) = case("21-zip-of-pictures") {
        assert_rejected(&train_on(&case.path().join("pictures.zip")), "a zip archive. Unpack it");
        assert_eq!(used_in_all(&train_on(&case.path().join("data"))).1, 12);
    }
}

#[test]
fn other_files_are_reported_by_their_kind() {
    let folder = tempdir().unwrap();
    for (name, bytes, expected) in [
        ("a.pdf", &b"%PDF-1.7"[..], "a PDF document"),
        ("data_batch_1", b"\x80\x02}q\0.", "the Python version of CIFAR-10"),
        ("x.7z", b"7z\xBC\xAF\x27\x1C\0\0", "a 7z archive. Unpack it"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "a HEIC image"),
        ("photo.png", &encoded(1, ImageFormat::Png), "not in a class folder"),
        ("empty.zip", b"", "an empty file"),
    ] {
        let path = folder.path().join(name);
        write(&path, bytes);
        let outcome = train_on(&path);
        assert_rejected(&outcome, expected);
        assert!(!outcome.errors.contains("cifar-10-binary.tar.gz") || name == "data_batch_1");
    }
    assert_rejected(&train_on(&folder.path().join("nowhere")), "The file could not be read");
}

/// Records of CIFAR-100, `each` for every fine label.
fn cifar_100(each: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in 0..each {
        for fine in 0..100u8 {
            bytes.extend([fine / 5, fine]);
            bytes.extend((0..3072u32).map(|place| (place as u8).wrapping_mul(fine + 1) ^ number));
        }
    }
    bytes
}

#[test]
fn cifar_100_is_read_with_fine_or_coarse_labels() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("cifar-100-binary");
    write(&data.join("train.bin"), &cifar_100(2));
    write(&data.join("test.bin"), &cifar_100(1));
    let on = |path: &Path, more: &[&str]| train_with(path, tempdir().unwrap().path(), more);
    let (classes, train, validation) = used(&on(&data, &[]));
    assert_eq!((classes.len(), train, validation), (100, 200, 100));
    assert_eq!(classes[99], "worm");
    let (classes, ..) = used(&on(folder.path(), &["--cifar100-labels", "coarse"]));
    assert_eq!((classes.len(), &classes[0][..]), (20, "aquatic_mammals"));
    let both = on(&data.join("train.bin"), &["--cifar100-labels", "both"]);
    assert_eq!(both.code, Some(0), "{}", both.errors);
    assert_eq!(both.named("started")[0]["tasks"].as_array().unwrap().len(), 2);
}

#[test]
fn folders_of_the_python_versions_are_recognized() {
    let folder = tempdir().unwrap();
    let (ten, hundred) = (folder.path().join("ten"), folder.path().join("hundred"));
    for name in ["data_batch_1", "test_batch", "batches.meta"] {
        write(&ten.join("cifar-10-batches-py").join(name), b"\x80\x02}q\0.");
    }
    for name in ["train", "test", "meta"] {
        write(&hundred.join("cifar-100-python").join(name), b"\x80\x02}q\0.");
    }
    assert_rejected(&train_on(&ten), "cifar-10-binary.tar.gz");
    assert_rejected(&train_on(&hundred), "cifar-100-binary.tar.gz");
}

#[cfg(unix)]
#[test]
fn circular_and_broken_links_are_skipped() {
    let folder = tempdir().unwrap();
    for name in ["cat", "dog"] {
        class(&folder.path().join(name), 3);
    }
    std::os::unix::fs::symlink("..", folder.path().join("cat/around")).unwrap();
    std::os::unix::fs::symlink("gone.png", folder.path().join("dog/link.png")).unwrap();
    let outcome = train_on(folder.path());
    assert_eq!(used_in_all(&outcome), (names(&["cat", "dog"]), 6));
    assert_eq!(skipped(&outcome), ["cat/around", "dog/link.png"]);
}

#[test]
fn duplicates_cause_warnings() {
    let folder = tempdir().unwrap();
    for name in ["train/cat", "train/dog", "val/cat", "val/hen", "train/hen"] {
        class(&folder.path().join(name), 3);
    }
    write(&folder.path().join("val/cat/other.png"), &encoded(77, ImageFormat::Png));
    let cat = fs::read(folder.path().join("train/cat/p0.png")).unwrap();
    write(&folder.path().join("train/dog/copy.png"), &cat);
    let warnings = warnings(&train_on(folder.path()));
    assert!(
        warnings.contains("“train/cat/p0.png” and “train/dog/copy.png” are the same"),
        "{warnings}"
    );
    assert!(
        warnings.contains("6 images are in both the training set and the validation"),
        "{warnings}"
    );
    assert!(warnings.contains("“dog” has no validation images"), "{warnings}");
}

#[test]
fn training_images_in_the_validation_data_cause_a_warning() {
    let folder = tempdir().unwrap();
    for name in ["a/cat", "a/dog", "b/cat", "b/dog"] {
        class(&folder.path().join(name), 3);
    }
    let [train, validation] = ["a", "b"].map(|name| folder.path().join(name));
    let out = folder.path().join("run");
    let outcome = train_with(&train, &out, &["--val", validation.to_str().unwrap()]);
    assert_eq!(used(&outcome), (names(&["cat", "dog"]), 6, 6));
    let warnings = warnings(&outcome);
    assert!(
        warnings.contains("6 images are in both the training set and the validation"),
        "{warnings}"
    );
}

#[cfg(unix)]
#[test]
fn pipes_are_skipped() {
    let folder = tempdir().unwrap();
    for name in ["cat", "dog"] {
        class(&folder.path().join(name), 3);
    }
    let pipe = folder.path().join("cat/pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let outcome = train_on(folder.path());
    assert_eq!(used_in_all(&outcome), (names(&["cat", "dog"]), 6));
    assert_eq!(skipped(&outcome), ["cat/pipe.png"]);
    assert_rejected(&train_on(&pipe), "This is not a regular file.");
}

#[test]
fn similar_classes_cause_a_warning() {
    let folder = tempdir().unwrap();
    for name in ["Cat", "cat", "dog"] {
        class(&folder.path().join(name), 3);
    }
    if fs::read_dir(folder.path()).unwrap().count() < 3 {
        return skip("this file system does not distinguish `Cat` from `cat`");
    }
    let warnings = warnings(&train_on(folder.path()));
    assert!(warnings.contains("“Cat” / “cat”"), "{warnings}");
}

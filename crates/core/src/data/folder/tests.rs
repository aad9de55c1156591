//! Tests with typical folders of users.

use proptest::prelude::*;

use super::*;
use crate::data::file_kind::{FileKind, ImageFormat, OtherImageFormat};
use crate::data::image_file::{DecodeError, ImageFileInfo};
use crate::data::listed_file::needs_probe;

/// Files with the kinds of their extensions.
fn files(paths: &[&str]) -> Vec<ListedFile> {
    let kind = |path: &str| match path.rsplit('.').next() {
        _ if !needs_probe(path) => None,
        Some("heic") => Some(FileKind::OtherImage(OtherImageFormat::Heic)),
        Some("zip") => Some(FileKind::Zip),
        Some("pkl") => Some(FileKind::Pickle),
        Some("jpg_large") => Some(FileKind::Image(ImageFormat::Jpeg)),
        _ => Some(FileKind::Text),
    };
    paths.iter().map(|path| ListedFile { path: (*path).to_owned(), kind: kind(path) }).collect()
}

fn plan_of(paths: &[&str]) -> Result<FolderPlan, FolderError> {
    plan(&files(paths), &[])
}

fn paths(images: &[PlannedImage]) -> Vec<&str> {
    images.iter().map(|image| image.path.as_str()).collect()
}

fn labels(images: &[PlannedImage]) -> Vec<(&str, usize)> {
    images.iter().map(|image| (image.path.as_str(), image.label)).collect()
}

#[test]
fn class_folders_in_any_order_and_depth() {
    let plan = plan_of(&[
        "pets/dog/b.PNG",
        "pets/10/x.jpe",
        "pets/dog/deep/er/a.jpg",
        "pets/.DS_Store",
        "pets/dog/.hidden.jpg",
        "__MACOSX/pets/dog/b.PNG",
        "pets/2/Thumbs.db",
        "pets/2/y.webp",
        "pets/readme.txt",
        "pets/loose.gif",
    ])
    .unwrap();
    assert_eq!(plan.classes, ["10", "2", "dog"]);
    assert_eq!(
        labels(&plan.train),
        [
            ("pets/10/x.jpe", 0),
            ("pets/2/y.webp", 1),
            ("pets/dog/b.PNG", 2),
            ("pets/dog/deep/er/a.jpg", 2)
        ]
    );
    assert_eq!(plan.train[0].index, 1);
    assert_eq!(plan.validation, None);
    let skipped: Vec<&str> = plan.skipped.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(skipped, ["pets/loose.gif", "pets/readme.txt"]);
}

#[test]
fn train_and_validation_folders() {
    for (train, validation) in
        [("train", "val"), ("Train", "valid"), ("train", "Validation"), ("training", "test")]
    {
        for root in ["", "data/set/"] {
            let plan = plan_of(&[
                &format!("{root}{train}/b/1.jpg"),
                &format!("{root}{train}/a/1.jpg"),
                &format!("{root}{validation}/b/2.jpg"),
            ])
            .unwrap();
            assert_eq!(plan.classes, ["a", "b"]);
            assert_eq!(plan.train.len(), 2);
            let validation = plan.validation.unwrap();
            assert_eq!((validation[0].label, validation[0].index), (1, 2));
        }
    }
}

#[test]
fn val_is_preferred_to_test_which_causes_a_warning() {
    let train = ["d/train/a/1.jpg", "d/train/b/1.jpg"];
    let test = ["d/test/a/8.jpg", "d/test/a/9.jpg", "d/val/a/2.jpg"];
    let plan = plan_of(&[&train[..], &test].concat()).unwrap();
    assert_eq!(labels(&plan.validation.unwrap()), [("d/val/a/2.jpg", 0)]);
    let unused = DataWarning::UnusedFolder { folder: "test".into(), images: 2, used: "val".into() };
    assert_eq!((plan.warnings, plan.skipped.len()), (vec![unused], 0));
}

#[test]
fn unsorted_splits_are_not_used() {
    let train = ["d/train/a/1.jpg", "d/train/b/1.jpg"];
    for test in
        ["d/test/9.jpg", "d/test/test/9.jpg", "d/test/images/9.jpg", "d/Testing/unknown/9.jpg"]
    {
        let plan = plan_of(&[&train[..], &[test]].concat()).unwrap();
        let folder = test.split('/').nth(1).unwrap().to_owned();
        assert_eq!((plan.validation, plan.skipped.len()), (None, 0), "{test}");
        assert_eq!(plan.warnings, [DataWarning::UnsortedFolder { folder, images: 1 }]);
    }
    // The next sorted split is used for validation.
    let more = ["d/val/9.jpg", "d/test/b/3.jpg"];
    let plan = plan_of(&[&train[..], &more].concat()).unwrap();
    assert_eq!(labels(&plan.validation.unwrap()), [("d/test/b/3.jpg", 1)]);
}

#[test]
fn splits_may_have_a_folder_inside() {
    let plan = plan_of(&[
        "k/train/train/cat/1.png",
        "k/train/train/dog/1.png",
        "k/train/cover.png",
        "k/valid/images/cat/2.png",
        "k/readme.png",
    ])
    .unwrap();
    assert_eq!(plan.classes, ["cat", "dog"]);
    assert_eq!(paths(&plan.train), ["k/train/train/cat/1.png", "k/train/train/dog/1.png"]);
    assert_eq!(labels(&plan.validation.unwrap()), [("k/valid/images/cat/2.png", 0)]);
    let skipped: Vec<&str> = plan.skipped.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(skipped, ["k/readme.png", "k/train/cover.png"]);
    // A single folder in the validation split is kept if it is a class.
    let plan = plan_of(&["train/cat/a/1.png", "train/dog/1.png", "val/cat/a/2.png"]).unwrap();
    assert_eq!(labels(&plan.validation.unwrap()), [("val/cat/a/2.png", 0)]);
}

#[test]
fn splits_are_recognized_by_a_common_prefix_and_a_number() {
    for (train, test) in [("asl_train/asl_train", "asl_test"), ("train/train", "test1/test1")] {
        let all = [format!("{train}/A/1.jpg"), format!("{train}/B/1.jpg"), format!("{test}/x.jpg")];
        let plan = plan_of(&all.each_ref().map(String::as_str)).unwrap();
        assert_eq!(plan.classes, ["A", "B"], "{train}");
        let folder = test.split('/').next().unwrap().to_owned();
        assert_eq!(plan.warnings, [DataWarning::UnsortedFolder { folder, images: 1 }]);
    }
    let plan = plan_of(&["bullet_train/1.jpg", "steam_train/1.jpg"]).unwrap();
    assert_eq!(plan.classes, ["bullet_train", "steam_train"]);
}

#[test]
fn folders_next_to_a_dataset_are_not_classes() {
    let plan = plan_of(&["data/images/cat/1.jpg", "data/images/dog/1.jpg", "examples/1.jpg"]);
    let plan = plan.unwrap();
    assert_eq!(
        (&plan.classes[..], plan.skipped.len()),
        (&["cat", "dog"].map(str::to_owned)[..], 1)
    );
    let split = ["d/train/cat/1.jpg", "d/train/dog/1.jpg", "d/val/cat/2.jpg", "docs/a.png"];
    let plan = plan_of(&split).unwrap();
    assert_eq!((plan.classes.len(), plan.validation.unwrap().len()), (2, 1));
    let plan = plan_of(&["train/cat/1.jpg", "train/dog/1.jpg", "sample_images/1.jpg"]).unwrap();
    assert_eq!(plan.classes, ["cat", "dog"]);
    // As classes, these are classes.
    assert_eq!(plan_of(&["docs/1.jpg", "samples/1.jpg"]).unwrap().classes, ["docs", "samples"]);
}

#[test]
fn a_second_training_folder_causes_a_warning() {
    let plan = plan_of(&["Training/a/1.jpg", "Training/b/1.jpg", "train/a/2.jpg"]).unwrap();
    let expected =
        DataWarning::SecondTrainFolder { folder: "train".into(), used: "Training".into() };
    assert_eq!(plan.warnings, [expected]);
}

#[test]
fn loose_images_next_to_a_parent_folder_are_skipped() {
    let plan = plan_of(&["cover.png", "dataset/images/cat/1.png", "dataset/images/dog/1.png"]);
    let plan = plan.unwrap();
    assert_eq!(plan.classes, ["cat", "dog"]);
    assert_eq!(plan.skipped[0].name, "cover.png");
}

#[test]
fn classes_without_images_cause_a_warning() {
    let folders = ["bird".to_owned(), "x/deep".to_owned(), "@eaDir".to_owned()];
    let files = files(&["cat/1.png", "dog/1.png", "fish/notes.txt", "readme.txt", "cat/b.txt"]);
    let plan = plan(&files, &folders).unwrap();
    assert_eq!(plan.classes, ["cat", "dog"]);
    let folders = ["bird", "fish", "x"].map(str::to_owned).to_vec();
    assert_eq!(plan.warnings, [DataWarning::EmptyClasses { folders }]);
}

#[test]
fn images_are_recognized_by_content() {
    let plan = plan_of(&["cat/1.jpg_large", "cat/2.heic", "cat/3", "dog/1.JFIF"]).unwrap();
    assert_eq!(paths(&plan.train), ["cat/1.jpg_large", "dog/1.JFIF"]);
    let heic = FileKind::OtherImage(OtherImageFormat::Heic);
    let reasons: Vec<&SkipReason> = plan.skipped.iter().map(|file| &file.reason).collect();
    let heic = SkipReason::Undecodable(DecodeError::UnsupportedFormat(heic));
    assert_eq!(reasons, [&heic, &SkipReason::NotAnImage { kind: Some(FileKind::Text) }]);
    let message = reasons[0].to_string();
    assert!(message.contains("a HEIC image, which"), "{message}");
}

#[test]
fn composed_and_decomposed_names_are_the_same_class() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    let all = [format!("{composed}/1.jpg"), format!("{decomposed}/2.jpg"), "tea/1.jpg".into()];
    let plan = plan_of(&all.each_ref().map(String::as_str)).unwrap();
    assert_eq!(plan.classes, [composed, "tea"]);
    assert_eq!(plan.train[1].label, 0);
    let all = [
        format!("train/{composed}/1.jpg"),
        "train/tea/1.jpg".into(),
        format!("val/{decomposed}/1.jpg"),
    ];
    let plan = plan_of(&all.each_ref().map(String::as_str)).unwrap();
    assert_eq!(plan.validation.unwrap()[0].label, 0);
}

#[test]
fn similar_classes_cause_a_warning() {
    let plan = plan_of(&["Cat/1.jpg", "cat/1.jpg", "dog/1.jpg", "big-dog/1.jpg"]).unwrap();
    let groups = vec![vec!["Cat".to_owned(), "cat".to_owned()]];
    assert_eq!(plan.warnings, [DataWarning::SimilarClasses { groups }]);
}

#[test]
fn a_class_of_several_folders_causes_a_warning() {
    let plan = plan_of(&["set/cat/1.jpg", "set/dog/1.jpg", "more/1.jpg"]).unwrap();
    let folders = vec!["cat".to_owned(), "dog".to_owned()];
    assert_eq!(plan.warnings, [DataWarning::NestedClasses { folder: "set".into(), folders }]);
    let plan = plan_of(&["dog/deep/1.jpg", "dog/2.jpg", "cat/new/1.jpg"]).unwrap();
    assert_eq!(plan.warnings, []);
}

#[test]
fn unreadable_images_and_emptied_classes_are_removed() {
    let files = ["a/1.jpg", "b/1.jpg", "b/2.jpg", "c/1.jpg", "d/x.txt"];
    let plan = plan_of(&files).unwrap();
    let unreadable = || SkipReason::Unreadable { problem: "broken".into() };
    let read = |broken: &[usize]| -> ReadResults {
        let of = |index: usize| match broken.contains(&index) {
            true => Err(unreadable()),
            false => Ok(ImageFileInfo { is_incomplete: false, digest: index as u64 }),
        };
        (0..4).map(|index| (index, of(index))).collect()
    };
    assert_eq!(plan.clone().after_reading(&read(&[])).unwrap(), plan);
    let left = plan.clone().after_reading(&read(&[0, 1])).unwrap();
    assert_eq!(left.classes, ["b", "c"]);
    assert_eq!(labels(&left.train), [("b/2.jpg", 0), ("c/1.jpg", 1)]);
    let folders = vec!["a".to_owned(), "d".to_owned()];
    assert_eq!(left.warnings, [DataWarning::EmptyClasses { folders }]);
    let one = Err(FolderError::OneClass { class: "c".into() });
    assert_eq!(plan.clone().after_reading(&read(&[0, 1, 2])), one);
    let none = FolderError::NoneReadable { images: 4, reason: Some(unreadable().into()) };
    assert_eq!(plan.after_reading(&read(&[0, 1, 2, 3])), Err(none));
}

#[test]
fn other_datasets_are_recognized() {
    let detection = Err(FolderError::ObjectDetection);
    let yolo = ["train/images/1.png", "train/labels/1.txt", "valid/images/1.png"];
    assert_eq!(plan_of(&yolo), detection);
    assert_eq!(plan_of(&["images/train/1.png", "labels/train/1.txt"]), detection);
    assert_eq!(plan_of(&["train/1.png", "train/_annotations.coco.json"]), detection);
    assert_eq!(plan_of(&["JPEGImages/1.jpg", "Annotations/1.xml"]), detection);
    assert_eq!(plan_of(&["images/1.png", "masks/1.png"]), detection);

    let error = |paths: &[&str]| plan_of(paths).unwrap_err();
    let heic = FileKind::OtherImage(OtherImageFormat::Heic);
    let only_heic = FolderError::OnlyUnsupported { files: 2, kind: heic };
    assert_eq!(error(&["cat/1.heic", "dog/2.heic", "dog/readme.txt"]), only_heic);
    let zip = error(&["images.zip"]);
    assert_eq!(zip, FolderError::Archive { file: "images.zip".into(), kind: FileKind::Zip });
    assert!(zip.to_string().starts_with("“images.zip” is a zip archive. Unpack it"), "{zip}");
    for name in ["data_batch_1", "test_batch"] {
        let pickle = ListedFile { path: format!("py/{name}"), kind: Some(FileKind::Pickle) };
        let error = plan(&[pickle], &[]).unwrap_err().to_string();
        assert!(error.contains("the Python version of CIFAR-10"), "{error}");
    }
    let other = FolderError::OtherFile { file: "letter.doc".into(), kind: FileKind::Text };
    assert_eq!(error(&["letter.doc"]), other);
    let own = ListedFile { path: "a.png".into(), kind: Some(FileKind::Image(ImageFormat::Png)) };
    assert_eq!(FolderError::of_file(own), FolderError::NoClasses { images: 1 });
}

#[test]
fn a_class_may_be_called_train() {
    let plan = plan_of(&["v/train/1.jpg", "v/car/1.jpg", "v/plane/1.jpg"]).unwrap();
    assert_eq!(plan.classes, ["car", "plane", "train"]);
}

#[test]
fn a_class_may_contain_folders() {
    let one = Err(FolderError::OneClass { class: "cat".into() });
    assert_eq!(plan_of(&["cat/1.jpg", "cat/2.jpg", "cat/old/3.jpg"]), one);
    assert_eq!(plan_of(&["d/cat/1.jpg", "d/cat/old/3.jpg"]), one);
}

#[test]
fn a_single_train_folder_is_a_parent_folder() {
    let plan = plan_of(&["d/train/a/1.jpg", "d/train/b/1.jpg"]).unwrap();
    assert_eq!(plan.classes, ["a", "b"]);
}

#[test]
fn folders_without_a_dataset_are_rejected() {
    assert_eq!(plan_of(&[]), Err(FolderError::NoImages));
    assert_eq!(plan_of(&["a/x.txt", "b/y", "c/.jpg"]), Err(FolderError::NoImages));
    assert_eq!(plan_of(&["x.jpg", "y.jpg"]), Err(FolderError::NoClasses { images: 2 }));
    assert_eq!(
        plan_of(&["d/train/x.jpg", "d/val/y.jpg"]),
        Err(FolderError::NoClasses { images: 2 })
    );
    let one = Err(FolderError::OneClass { class: "cat".into() });
    assert_eq!(plan_of(&["cat/x.jpg", "cat/y.jpg"]), one);
    assert_eq!(plan_of(&["d/cat/x.jpg"]), one);
    assert_eq!(plan_of(&["train/cat/x.jpg", "val/cat/x.jpg"]), one);
    assert_eq!(
        plan_of(&["val/a/x.jpg", "test/b/y.jpg"]),
        Err(FolderError::NoTrain { found: "val".into() })
    );
    let error =
        plan_of(&["train/a/1.jpg", "train/b/1.jpg", "val/c/1.jpg", "val/d/1.jpg"]).unwrap_err();
    assert_eq!(
        error,
        FolderError::UnknownClasses { folder: "val".into(), classes: vec!["c".into(), "d".into()] }
    );
    assert!(error.to_string().contains("“c” and “d”"), "{error}");
}

proptest! {
    #[test]
    fn any_paths_are_safe_and_no_image_is_lost(
        paths in proptest::collection::vec(
            "(train/|val/|test/|/|\\./|a/|b/|c/){0,4}(x|é|\\.)(\\.jpg|\\.txt|)", 0..12,
        ),
    ) {
        let shuffled: Vec<String> = paths.iter().rev().cloned().collect();
        let listed = |paths: &[String]| {
            files(&paths.iter().map(String::as_str).collect::<Vec<_>>())
        };
        match (plan(&listed(&paths), &[]), plan(&listed(&shuffled), &[])) {
            (Ok(a), Ok(b)) => {
                prop_assert_eq!(&a.classes, &b.classes);
                prop_assert_eq!(labels(&a.train), labels(&b.train));
                let used = a.train.len() + a.validation.as_ref().map_or(0, Vec::len);
                prop_assert!(used + a.skipped.len() <= paths.len());
                for image in a.train.iter().chain(a.validation.iter().flatten()) {
                    prop_assert!(image.label < a.classes.len());
                    prop_assert_eq!(&paths[image.index], &image.path);
                }
            }
            (a, b) => prop_assert_eq!(a, b),
        }
    }
}

//! The accuracy of the default options on real images. `docs/results.md` has the table.

use crate::common::shared;
use crate::program::tunelab;

fn top1((data, validation): (&str, &str), strategy: &str, more: &[&str]) -> Option<f64> {
    let (data, validation) = (shared(data)?, shared(validation)?);
    let out = tempfile::tempdir().unwrap();
    let arguments = [
        "train".as_ref(),
        "--json".as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
        "--val".as_ref(),
        validation.as_os_str(),
        "--strategy".as_ref(),
        strategy.as_ref(),
        "--out".as_ref(),
        out.path().as_os_str(),
    ];
    let more = more.iter().map(AsRef::as_ref);
    let outcome = tunelab(&arguments.into_iter().chain(more).collect::<Vec<_>>());
    let top1 = outcome.done()["top1"].as_f64().unwrap();
    println!("{strategy} on {}: {:.2} %", data.display(), 100.0 * top1);
    Some(top1)
}

const CIFAR: (&str, &str) = ("data/cifar10-5k-train.bin", "data/cifar10-2k-test.bin");
const SIGNS: (&str, &str) = ("data/sign-digits/train", "data/sign-digits/val");

#[test]
fn a_probe_on_cifar10_reaches_62_percent() {
    let Some(top1) = top1(CIFAR, "probe", &[]) else { return };
    assert!(top1 >= 0.62, "{top1}");
}

#[test]
fn a_probe_on_sign_digits_reaches_90_percent() {
    let Some(top1) = top1(SIGNS, "probe", &[]) else { return };
    assert!(top1 >= 0.90, "{top1}");
}

#[test]
fn full_fine_tuning_on_sign_digits_reaches_95_percent_in_five_epochs() {
    let Some(top1) = top1(SIGNS, "full", &["--epochs", "5"]) else { return };
    assert!(top1 >= 0.95, "{top1}");
}

#[test]
#[ignore = "takes some minutes; run with --ignored"]
fn full_fine_tuning_on_sign_digits_reaches_98_percent() {
    let Some(top1) = top1(SIGNS, "full", &[]) else { return };
    assert!(top1 >= 0.98, "{top1}");
}

#[test]
#[ignore = "takes a quarter of an hour; run with --ignored"]
fn full_fine_tuning_on_cifar10_reaches_77_percent() {
    let Some(top1) = top1(CIFAR, "full", &[]) else { return };
    assert!(top1 >= 0.77, "{top1}");
}

/// Needs no files: the included network on the built-in images, as with a plain `tunelab train`.
#[test]
fn the_sample_images_are_learned() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let outcome = tunelab(&["train", "--json", "--epochs", "4", "--out", folder]);
    let top1 = outcome.done()["top1"].as_f64().unwrap();
    assert!(top1 >= 0.9, "{top1}");
}

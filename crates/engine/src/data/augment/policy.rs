//! Automatic augmentation policies: which operations a picture gets, and how strong, is drawn for
//! each picture.
//!
//! The operations, their order and their ranges are torchvision's (`RandAugment`,
//! `TrivialAugmentWide`), as are its defaults: nearest neighbours, and black where nothing is.

use rand::RngExt;

use super::operation::Operation;
use crate::data::image::RgbImage;
use tunelab_core::data::augmentation::Policy;
use tunelab_core::rng::StreamRng;

/// Changes `image` by operations drawn from `rng`. The size stays.
pub(super) fn apply_policy(policy: &Policy, image: &mut RgbImage, rng: &mut StreamRng) {
    let operations = match *policy {
        Policy::RandAugment { ops, .. } => ops,
        Policy::TrivialAugmentWide => 1,
    };
    for _ in 0..operations {
        draw(policy, image.width(), image.height(), rng).apply(image);
    }
}

fn draw(policy: &Policy, width: u32, height: u32, rng: &mut StreamRng) -> Operation {
    let magnitude = match *policy {
        Policy::RandAugment { magnitude, .. } => magnitude.min(Policy::MAX_MAGNITUDE),
        Policy::TrivialAugmentWide => rng.random_range(0..=Policy::MAX_MAGNITUDE),
    };
    let operations = operations(policy, magnitude, rng.random(), width, height);
    operations[rng.random_range(0..operations.len())]
}

/// Every operation at one magnitude, for a picture of `width` x `height` px; `negative` turns
/// those with a direction around.
fn operations(
    policy: &Policy,
    magnitude: u8,
    negative: bool,
    width: u32,
    height: u32,
) -> [Operation; 14] {
    let ranges = ranges(policy, width, height);
    let part = f64::from(magnitude) / f64::from(Policy::MAX_MAGNITUDE);
    let direction = if negative { -1.0 } else { 1.0 };
    let signed = |top: f64| (direction * top * part) as f32;
    let factor = 1.0 + signed(ranges.factor);
    [
        Operation::Identity,
        Operation::ShearX(signed(ranges.shear)),
        Operation::ShearY(signed(ranges.shear)),
        Operation::TranslateX(signed(ranges.translate[0])),
        Operation::TranslateY(signed(ranges.translate[1])),
        Operation::Rotate(signed(ranges.degrees)),
        Operation::Brightness(factor),
        Operation::Color(factor),
        Operation::Contrast(factor),
        Operation::Sharpness(factor),
        Operation::Posterize(8 - (f64::from(ranges.bits) * part).round() as u32),
        Operation::Solarize((255.0 * (1.0 - part)) as f32),
        Operation::AutoContrast,
        Operation::Equalize,
    ]
}

fn ranges(policy: &Policy, width: u32, height: u32) -> Ranges {
    match policy {
        Policy::RandAugment { .. } => Ranges {
            shear: 0.3,
            // 150 px at the 331 px that AutoAugment was searched at.
            translate: [width, height].map(|side| 150.0 / 331.0 * f64::from(side)),
            degrees: 30.0,
            factor: 0.9,
            bits: 4,
        },
        Policy::TrivialAugmentWide => {
            Ranges { shear: 0.99, translate: [32.0; 2], degrees: 135.0, factor: 0.99, bits: 6 }
        }
    }
}

/// The strengths of magnitude 30, from which they fall evenly to nothing at 0. Solarizing needs none:
/// it falls from every level to only the lightest.
struct Ranges {
    /// Px for each px of distance.
    shear: f64,
    /// Px in x and y.
    translate: [f64; 2],
    degrees: f64,
    /// How far the factor of an enhancement is from 1.
    factor: f64,
    /// Bits taken from each level by posterizing.
    bits: u32,
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use std::mem::discriminant;

    use proptest::prelude::*;

    use super::*;
    use tunelab_core::rng::{Purpose, stream};

    fn rng(minor: u64) -> StreamRng {
        stream(13, Purpose::Augment, 0, minor)
    }

    /// torchvision's tables with PIL's operations: tests/fixtures/make_policy_fixture.py.
    #[test]
    fn every_operation_equals_torchvisions_on_pil() {
        #[derive(Deserialize)]
        struct Case {
            name: String,
            policy: Policy,
            magnitude: u8,
            negative: bool,
            index: usize,
            pixels: Vec<u8>,
        }
        #[derive(Deserialize)]
        struct Fixture {
            width: u32,
            height: u32,
            source: Vec<u8>,
            cases: Vec<Case>,
        }
        let Fixture { width, height, source, cases } =
            serde_json::from_str(include_str!("../../../../../tests/fixtures/policy.json"))
                .unwrap();
        assert_eq!(cases.len(), 25);
        let source = RgbImage::new(width, height, source).unwrap();
        for Case { name, policy, magnitude, negative, index, pixels } in cases {
            let operation = operations(&policy, magnitude, negative, width, height)[index];
            let described = format!("{operation:?}");
            assert_eq!(described.split('(').next(), Some(name.as_str()), "the order of operations");
            let mut image = source.clone();
            operation.apply(&mut image);
            let wrong = image.pixels().iter().zip(&pixels).filter(|(a, b)| a != b).count();
            assert_eq!(wrong, 0, "levels of {described} differ from PIL's");
        }
    }

    /// As torchvision 0.29 prints them. Most others differ in the last bit, as `torch.linspace` rounds
    /// at each step.
    #[test]
    fn magnitudes_are_torchvisions() {
        let rand = Policy::RandAugment { ops: 2, magnitude: 9 };
        let all = operations(&rand, 9, true, 64, 100);
        assert_eq!(all[1], Operation::ShearX(-0.09));
        assert_eq!(all[5], Operation::Rotate(-9.0));
        assert_eq!(all[6], Operation::Brightness(0.73));
        assert_eq!(all[10], Operation::Posterize(7));
        assert_eq!(all[11], Operation::Solarize(178.5));
        let strongest = operations(&rand, 30, true, 64, 100);
        assert_eq!(strongest[3], Operation::TranslateX(-29.003021));
        assert_eq!(strongest[4], Operation::TranslateY(-45.31722));
        assert_eq!(strongest[10], Operation::Posterize(4));
        let wide = operations(&Policy::TrivialAugmentWide, 30, false, 64, 100);
        assert_eq!(wide[2], Operation::ShearY(0.99));
        assert_eq!(wide[3], Operation::TranslateX(32.0));
        assert_eq!(wide[5], Operation::Rotate(135.0));
        assert_eq!(wide[9], Operation::Sharpness(1.99));
        assert_eq!(wide[10], Operation::Posterize(2));
        assert_eq!(wide[11], Operation::Solarize(0.0));
    }

    #[test]
    fn operations_and_directions_are_equally_likely() {
        let policies = [Policy::RandAugment { ops: 1, magnitude: 12 }, Policy::TrivialAugmentWide];
        for policy in policies {
            let drawn: Vec<Operation> =
                (0..2800).map(|i| draw(&policy, 64, 64, &mut rng(i))).collect();
            for operation in operations(&policy, 12, false, 64, 64) {
                let same = |one: &&Operation| discriminant(*one) == discriminant(&operation);
                let count = drawn.iter().filter(same).count();
                assert!((150..=250).contains(&count), "{operation:?}: {count} of 2800");
            }
            let turns = drawn.iter().filter_map(|operation| match operation {
                Operation::Rotate(degrees) => Some(*degrees),
                _ => None,
            });
            let left = turns.clone().filter(|&degrees| degrees > 0.0).count();
            assert!((70..=130).contains(&left), "{left} turns to the left");
            let strengths: std::collections::BTreeSet<u32> =
                turns.map(|degrees| degrees.abs().round() as u32).collect();
            match policy {
                Policy::RandAugment { .. } => assert_eq!(strengths.len(), 1),
                Policy::TrivialAugmentWide => assert!(strengths.len() > 25, "{strengths:?}"),
            }
        }
    }

    #[test]
    fn rand_augment_makes_as_many_changes_as_asked() {
        let (three, magnitude) = (3, 30);
        let source = RgbImage::from_fn(32, 32, |x, y| [(x * 7) as u8, (y * 7) as u8, 90]);
        let mut image = source.clone();
        apply_policy(&Policy::RandAugment { ops: three, magnitude }, &mut image, &mut rng(1));
        let mut expected = source;
        let mut draws = rng(1);
        for _ in 0..three {
            apply_policy(&Policy::RandAugment { ops: 1, magnitude }, &mut expected, &mut draws);
        }
        assert_eq!(image, expected);
    }

    #[test]
    fn settings_out_of_range_are_refused_and_named_in_kebab_case() {
        let rand = |ops, magnitude| Policy::RandAugment { ops, magnitude };
        for right in [rand(1, 0), rand(10, 30), Policy::TrivialAugmentWide] {
            assert_eq!(right.validate(), Ok(()));
            let json = serde_json::to_string(&right).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), right);
        }
        for wrong in [rand(0, 9), rand(11, 9), rand(2, 31)] {
            assert!(wrong.validate().is_err(), "{wrong:?}");
        }
        let json = serde_json::to_string(&rand(2, 9)).unwrap();
        assert_eq!(json, r#"{"rand-augment":{"ops":2,"magnitude":9}}"#);
    }

    proptest! {
        #[test]
        fn any_policy_is_safe_on_any_picture(
            (width, height) in prop_oneof![(1u32..5, 1u32..5), (1u32..70, 1u32..70)],
            ops: u8,
            magnitude: u8,
            wide: bool,
            levels: [u8; 4],
            seed: u64,
        ) {
            let policy =
                if wide { Policy::TrivialAugmentWide } else { Policy::RandAugment { ops, magnitude } };
            let level = |x: u32, y: u32| levels[(x ^ y) as usize % 4];
            let mut image = RgbImage::from_fn(width, height, |x, y| {
                [level(x, y), level(x + 1, y), level(x / 3, y / 2)]
            });
            apply_policy(&policy, &mut image, &mut rng(seed));
            prop_assert_eq!((image.width(), image.height()), (width, height));
            prop_assert_eq!(image.pixels().len() as u32, width * height * 3);
        }
    }
}

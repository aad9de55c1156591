//! Automatic augmentation policies: operations and magnitudes are drawn for each image.
//!
//! The operations, their order and their ranges are torchvision's (`RandAugment`,
//! `TrivialAugmentWide`), with its defaults: nearest neighbors, and black outside the image.

use rand::RngExt;

use super::color::{adjust_brightness, adjust_contrast, adjust_saturation};
use super::{affine, photometric};
use crate::data::image::RgbImage;
use tunelab_core::data::augmentation::Policy;
use tunelab_core::rng::StreamRng;

/// Changes `image` by random operations. The size stays the same.
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

/// All operations at a magnitude for an image of `width` x `height` px. `negative` reverses those with a direction.
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
            // 150 px at 331 px, the size at which AutoAugment was searched.
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

/// The strengths at magnitude 30, which fall linearly to no effect at 0. Solarize needs none: its threshold goes
/// from 0 to 255.
struct Ranges {
    /// Px per px of distance.
    shear: f64,
    /// Px in x and y.
    translate: [f64; 2],
    degrees: f64,
    /// The distance of the factor of an enhancement from 1.
    factor: f64,
    /// Bits that posterize removes from each level.
    bits: u32,
}

/// An operation with its strength, as in torchvision's `_apply_op` on PIL images.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Operation {
    Identity,
    /// Px to the left per px down.
    ShearX(f32),
    /// Px up per px to the right.
    ShearY(f32),
    /// Px to the right, rounded towards 0.
    TranslateX(f32),
    /// Px down, rounded towards 0.
    TranslateY(f32),
    /// Degrees counterclockwise.
    Rotate(f32),
    /// Factor: 0 is black, 1 is unchanged (so in the next three).
    Brightness(f32),
    /// Factor: 0 is gray.
    Color(f32),
    /// Factor: 0 is the mean gray.
    Contrast(f32),
    /// Factor: 0 is smoothed.
    Sharpness(f32),
    /// Bits that are kept of each level, 1..=8.
    Posterize(u32),
    /// The lowest level that is inverted, 0..=255.
    Solarize(f32),
    AutoContrast,
    Equalize,
}

impl Operation {
    /// Changes `image`. The size stays the same, and pixels from outside are black.
    fn apply(self, image: &mut RgbImage) {
        match self {
            Self::Identity => {}
            Self::ShearX(level) => affine::shear_x(image, level.into()),
            Self::ShearY(level) => affine::shear_y(image, level.into()),
            Self::TranslateX(px) => affine::translate(image, px.trunc().into(), 0.0),
            Self::TranslateY(px) => affine::translate(image, 0.0, px.trunc().into()),
            Self::Rotate(degrees) => affine::rotate(image, degrees.into()),
            Self::Brightness(factor) => adjust_brightness(image, factor),
            Self::Color(factor) => adjust_saturation(image, factor),
            Self::Contrast(factor) => adjust_contrast(image, factor),
            Self::Sharpness(factor) => photometric::adjust_sharpness(image, factor),
            Self::Posterize(bits) => photometric::posterize(image, bits),
            Self::Solarize(threshold) => photometric::solarize(image, threshold),
            Self::AutoContrast => photometric::auto_contrast(image),
            Self::Equalize => photometric::equalize(image),
        }
    }
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
    fn every_operation_matches_torchvision_on_pil_images() {
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
    fn magnitudes_match_torchvision() {
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
            let rotations = drawn.iter().filter_map(|operation| match operation {
                Operation::Rotate(degrees) => Some(*degrees),
                _ => None,
            });
            let left = rotations.clone().filter(|&degrees| degrees > 0.0).count();
            assert!((70..=130).contains(&left), "{left} rotations to the left");
            let strengths: std::collections::BTreeSet<u32> =
                rotations.map(|degrees| degrees.abs().round() as u32).collect();
            match policy {
                Policy::RandAugment { .. } => assert_eq!(strengths.len(), 1),
                Policy::TrivialAugmentWide => assert!(strengths.len() > 25, "{strengths:?}"),
            }
        }
    }

    #[test]
    fn rand_augment_applies_the_given_number_of_operations() {
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
    fn policies_are_serialized_in_kebab_case() {
        let rand = |ops, magnitude| Policy::RandAugment { ops, magnitude };
        for policy in [rand(1, 0), rand(10, 30), Policy::TrivialAugmentWide] {
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
        }
        let json = serde_json::to_string(&rand(2, 9)).unwrap();
        assert_eq!(json, r#"{"rand-augment":{"ops":2,"magnitude":9}}"#);
    }

    proptest! {
        #[test]
        fn any_policy_is_safe_on_any_image(
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

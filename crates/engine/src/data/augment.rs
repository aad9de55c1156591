//! Data augmentation: random crops, flips, automatic policies, color jitter and random erasing.
//!
//! The definitions are torchvision's (`RandomResizedCrop`, `RandomCrop`, `RandomHorizontalFlip`,
//! `RandAugment`, `TrivialAugmentWide`, `ColorJitter`, `RandomErasing`), in the order of its reference
//! training script: geometry, policy, color, normalization, erasing. All random draws come from the given stream.

mod affine;
mod color;
mod crop;
mod erase;
mod photometric;
mod policy;
mod random;

use std::borrow::Cow;

use crate::data::image::RgbImage;
use crate::data::transform::Preprocessing;
use rand::RngExt;
use tunelab_core::data::augmentation::{AugmentationConfig, CropAugmentation};
use tunelab_core::rng::StreamRng;

/// Whether [`apply`] reads `source` instead of `prepared`.
pub fn samples_source(augmentation: &AugmentationConfig) -> bool {
    matches!(augmentation.crop, CropAugmentation::RandomResized { .. })
}

/// Augments one image and writes it, normalized, to `out`, `[3, size, size]`.
///
/// Random resized crops are sampled from `source`, of any size. Everything else works on the preprocessed image
/// `prepared`, `size` x `size` px, which is not read with [`samples_source`].
///
/// # Panics
/// When `out`, or `prepared` if it is read, is not of the input size.
pub fn apply(
    augmentation: &AugmentationConfig,
    source: &RgbImage,
    prepared: &RgbImage,
    preprocessing: &Preprocessing,
    rng: &mut StreamRng,
    out: &mut [f32],
) {
    let mut image = match augmentation.crop {
        CropAugmentation::None => Cow::Borrowed(prepared),
        CropAugmentation::RandomResized { scale, ratio } => {
            Cow::Owned(crop::random_resized_crop(source, scale, ratio, preprocessing, rng))
        }
        CropAugmentation::PadAndCrop { padding, reflect } => {
            Cow::Owned(crop::pad_and_crop(prepared, padding, reflect, rng))
        }
    };
    if rng.random::<f64>() < augmentation.horizontal_flip {
        image.to_mut().flip_horizontal();
    }
    if let Some(policy) = augmentation.policy {
        policy::apply_policy(&policy, image.to_mut(), rng);
    }
    if let Some(jitter) = augmentation.color_jitter {
        color::jitter_color(&jitter, image.to_mut(), rng);
    }
    preprocessing.normalize_into(&image, out);
    if let Some(erasing) = augmentation.random_erasing {
        erase::erase(&erasing, preprocessing.size, rng, out);
    }
}

#[cfg(test)]
mod tests {
    use tunelab_core::data::augmentation::{ColorJitter, Policy, RandomErasing};

    use super::*;
    use tunelab_core::data::input::InputSize;
    use tunelab_core::rng::{Purpose, stream};

    fn preprocessing() -> Preprocessing {
        Preprocessing::with_size(InputSize::new(48).unwrap())
    }

    fn presets(size: InputSize) -> [AugmentationConfig; 4] {
        [
            AugmentationConfig::none(),
            AugmentationConfig::light(size),
            AugmentationConfig::trivial_augment(size),
            AugmentationConfig::strong(),
        ]
    }

    fn source() -> RgbImage {
        RgbImage::from_fn(120, 90, |x, y| [(x * 2) as u8, (y * 2) as u8, (x ^ y) as u8])
    }

    fn run(augmentation: &AugmentationConfig, minor: u64) -> Vec<f32> {
        let preprocessing = preprocessing();
        let source = source();
        let prepared = preprocessing.prepare(&source);
        let mut out = vec![f32::NAN; 3 * preprocessing.size.area()];
        let mut rng = stream(7, Purpose::Augment, 0, minor);
        apply(augmentation, &source, &prepared, &preprocessing, &mut rng, &mut out);
        out
    }

    fn plain() -> Vec<f32> {
        let preprocessing = preprocessing();
        let mut out = vec![0.0; 3 * preprocessing.size.area()];
        preprocessing.normalize_into(&preprocessing.prepare(&source()), &mut out);
        out
    }

    #[test]
    fn none_is_plain_preprocessing() {
        assert_eq!(run(&AugmentationConfig::none(), 0), plain());
        assert_eq!(run(&AugmentationConfig::none(), 1), plain());
    }

    #[test]
    fn augmentation_is_determined_by_the_stream() {
        for augmentation in &presets(preprocessing().size)[1..] {
            assert_eq!(run(augmentation, 5), run(augmentation, 5));
            assert_ne!(run(augmentation, 5), run(augmentation, 6));
            assert!(run(augmentation, 5).iter().all(|v| v.is_finite()));
        }
    }

    #[test]
    fn flips_have_their_probability_and_mirror_exactly() {
        let certain = AugmentationConfig { horizontal_flip: 1.0, ..AugmentationConfig::none() };
        let mirrored: Vec<f32> =
            plain().chunks_exact(48).flat_map(|row| row.iter().rev().copied()).collect();
        assert_eq!(run(&certain, 0), mirrored);

        let half = AugmentationConfig { horizontal_flip: 0.5, ..AugmentationConfig::none() };
        let plain = plain();
        let unchanged = (0..400).filter(|&i| run(&half, i) == plain).count();
        assert!((160..=240).contains(&unchanged), "{unchanged} of 400 were not flipped");
    }

    #[test]
    fn a_policy_changes_the_flipped_image_before_its_colors() {
        let policy = Policy::RandAugment { ops: 3, magnitude: 20 };
        let jitter = ColorJitter { brightness: 0.4, contrast: 0.0, saturation: 0.0, hue: 0.0 };
        let all = AugmentationConfig {
            horizontal_flip: 1.0,
            policy: Some(policy),
            color_jitter: Some(jitter),
            ..AugmentationConfig::none()
        };
        let preprocessing = preprocessing();
        for minor in 0..20 {
            let mut image = preprocessing.prepare(&source());
            let mut rng = stream(7, Purpose::Augment, 0, minor);
            let _: f64 = rng.random();
            image.flip_horizontal();
            policy::apply_policy(&policy, &mut image, &mut rng);
            color::jitter_color(&jitter, &mut image, &mut rng);
            let mut expected = vec![0.0; 3 * preprocessing.size.area()];
            preprocessing.normalize_into(&image, &mut expected);
            assert_eq!(run(&all, minor), expected);
        }
    }

    #[test]
    fn settings_out_of_range_do_not_panic() {
        let strong = AugmentationConfig::strong();
        let jitter = strong.color_jitter.unwrap();
        let erasing = strong.random_erasing.unwrap();
        let ratio = (0.75, 1.5);
        let wrong = [
            AugmentationConfig { horizontal_flip: 1.5, ..strong },
            AugmentationConfig { horizontal_flip: f64::NAN, ..strong },
            AugmentationConfig {
                crop: CropAugmentation::RandomResized { scale: (0.0, 1.0), ratio },
                ..strong
            },
            AugmentationConfig {
                crop: CropAugmentation::RandomResized { scale: (0.9, 0.1), ratio },
                ..strong
            },
            AugmentationConfig {
                crop: CropAugmentation::RandomResized { scale: (0.1, 1.0), ratio: (-1.0, 1.0) },
                ..strong
            },
            AugmentationConfig {
                crop: CropAugmentation::PadAndCrop { padding: 1000, reflect: true },
                ..strong
            },
            AugmentationConfig {
                policy: Some(Policy::RandAugment { ops: 2, magnitude: 31 }),
                ..strong
            },
            AugmentationConfig { color_jitter: Some(ColorJitter { hue: 0.6, ..jitter }), ..strong },
            AugmentationConfig {
                color_jitter: Some(ColorJitter { contrast: -0.1, ..jitter }),
                ..strong
            },
            AugmentationConfig {
                random_erasing: Some(RandomErasing { probability: 2.0, ..erasing }),
                ..strong
            },
            AugmentationConfig {
                random_erasing: Some(RandomErasing { ratio: (1.0, f64::INFINITY), ..erasing }),
                ..strong
            },
        ];
        for augmentation in wrong {
            let _ = run(&augmentation, 0);
        }
    }

    #[test]
    fn settings_round_trip() {
        for augmentation in presets(InputSize::MAX) {
            let json = serde_json::to_string(&augmentation).unwrap();
            assert_eq!(serde_json::from_str::<AugmentationConfig>(&json).unwrap(), augmentation);
        }
        // A checkpoint from before there were policies has none.
        let json = serde_json::to_string(&AugmentationConfig::none()).unwrap();
        let before = json.replace(r#""policy":null,"#, "");
        assert_ne!(before, json);
        assert_eq!(
            serde_json::from_str::<AugmentationConfig>(&before).unwrap(),
            AugmentationConfig::none()
        );
    }
}

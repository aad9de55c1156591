//! torchvision's `RandomErasing` (Zhong et al. 2017) on the normalized image with the value 0, which is the mean
//! color of the pretraining dataset.

use rand::RngExt;

use super::random::{RECTANGLE_TRIES, rectangle_sides};
use tunelab_core::data::augmentation::RandomErasing;
use tunelab_core::data::input::InputSize;
use tunelab_core::rng::StreamRng;

/// Sets a random rectangle of `out`, `[3, size, size]`, to 0. As in torchvision, nothing happens if ten tries give
/// no rectangle smaller than the image.
pub(super) fn erase(
    erasing: &RandomErasing,
    size: InputSize,
    rng: &mut StreamRng,
    out: &mut [f32],
) {
    if rng.random::<f64>() >= erasing.probability {
        return;
    }
    let side = size.get() as usize;
    for _ in 0..RECTANGLE_TRIES {
        let (height, width) =
            rectangle_sides(size.area() as f64, erasing.scale, erasing.ratio, rng);
        let (height, width) = (height as usize, width as usize);
        if height < side && width < side {
            let top = rng.random_range(0..=side - height);
            let left = rng.random_range(0..=side - width);
            for plane in out.chunks_exact_mut(size.area()) {
                for row in plane.chunks_exact_mut(side).skip(top).take(height) {
                    row[left..left + width].fill(0.0);
                }
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::rng::{Purpose, stream};

    /// The number of zeros per plane after erasing an image of ones. All planes must agree.
    fn erased(erasing: &RandomErasing, minor: u64) -> usize {
        let size = InputSize::new(64).unwrap();
        let mut out = vec![1.0; 3 * size.area()];
        erase(erasing, size, &mut stream(5, Purpose::Augment, 2, minor), &mut out);
        let planes: Vec<&[f32]> = out.chunks_exact(size.area()).collect();
        assert!(planes[0] == planes[1] && planes[0] == planes[2]);
        planes[0].iter().filter(|v| **v == 0.0).count()
    }

    #[test]
    fn erased_areas_are_in_range() {
        let erasing = RandomErasing { probability: 1.0, scale: (0.05, 0.3), ratio: (0.5, 2.0) };
        let areas: Vec<f64> = (0..500).map(|i| erased(&erasing, i) as f64 / 4096.0).collect();
        for area in &areas {
            assert!((0.045..=0.31).contains(area), "{area}");
        }
        assert!(areas.iter().any(|a| *a < 0.08) && areas.iter().any(|a| *a > 0.27));
    }

    #[test]
    fn erasing_happens_at_its_rate() {
        let erasing = RandomErasing { probability: 0.25, scale: (0.05, 0.3), ratio: (0.5, 2.0) };
        let count = (0..1000).filter(|&i| erased(&erasing, i) > 0).count();
        assert!((200..=300).contains(&count), "{count} of 1000");
    }

    #[test]
    fn a_rectangle_as_large_as_the_image_is_not_erased() {
        let erasing = RandomErasing { probability: 1.0, scale: (1.0, 1.0), ratio: (1.0, 1.0) };
        assert_eq!(erased(&erasing, 0), 0);
    }
}

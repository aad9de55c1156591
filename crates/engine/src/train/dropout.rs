//! Features left out at random before the head (Srivastava et al., 2014), by draws that a resumed run
//! repeats.

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use super::learner::Draw;
use tunelab_core::rng::{Purpose, stream};

/// What features `[N, C]` are multiplied with: 0 for a share of `dropout` of them, and for the others
/// so much that their mean stays.
pub fn keep_mask(features: &Tensor<2>, dropout: f64, draw: Draw, device: &Device) -> Tensor<2> {
    let [images, width] = features.dims();
    let kept = (1.0 / (1.0 - dropout)) as f32;
    let mut values = Vec::with_capacity(images * width);
    for image in 0..images {
        let number = (draw.first_image + image) as u64;
        let mut rng = stream(draw.seed, Purpose::Dropout, draw.step, number);
        values.extend((0..width).map(|_| match rng.random::<f32>() < dropout as f32 {
            true => 0.0,
            false => kept,
        }));
    }
    Tensor::from_data(TensorData::new(values, [images, width]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_dropped_and_the_mean_stays() {
        let device = Device::flex();
        let features = Tensor::<2>::ones([20, 512], &device);
        let draw = Draw { seed: 1, step: 2, first_image: 0 };
        let mask = keep_mask(&features, 0.25, draw, &device);
        let dropped = mask.clone().equal_elem(0.0).float().mean().into_scalar::<f32>();
        assert!((dropped - 0.25).abs() < 0.02, "{dropped}");
        let mean = mask.clone().mean().into_scalar::<f32>();
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        // The second half of a batch computed in pieces drops what it drops in the whole.
        let piece = Tensor::<2>::ones([10, 512], &device);
        let rest = keep_mask(&piece, 0.25, Draw { first_image: 10, ..draw }, &device);
        let difference = (mask.slice([10..20, 0..512]) - rest).abs().max().into_scalar::<f32>();
        assert_eq!(difference, 0.0);
    }
}

//! Few-shot classification by class means: a classifier from as few as one image per class, without training.
//!
//! As SimpleShot (Wang et al., 2019), features are centered by their mean over all images and L2-normalized, and an
//! image is assigned to the class mean with the highest cosine similarity. This is equivalent to a linear head, so
//! the network can be evaluated and exported like a trained one.

/// Inverse temperature of the softmax: the logit of an image in the direction of a class mean whose centered features
/// have the average norm.
const LOGIT_SCALE: f64 = 10.0;

/// The parameters of a linear head.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanHead {
    /// `[classes, width]`, row-major.
    pub weight: Vec<f32>,
    /// `[classes]`.
    pub bias: Vec<f32>,
}

/// The head of the `count` class means of `features` `[N, width]`, row-major. `classes` has the class of each image;
/// images with a class of `count` or more are unlabeled and count only for the center.
pub fn class_mean_head(
    features: &[f32],
    width: usize,
    classes: &[usize],
    count: usize,
) -> MeanHead {
    let mut center = vec![0.0; width];
    for row in features.chunks_exact(width) {
        add(&mut center, row.iter().map(|value| f64::from(*value) / classes.len() as f64));
    }
    let mut means = vec![vec![0.0; width]; count];
    let mut norm_sum = 0.0;
    for (row, &class) in features.chunks_exact(width).zip(classes) {
        let centered: Vec<f64> =
            row.iter().zip(&center).map(|(value, center)| f64::from(*value) - center).collect();
        let length = norm(&centered);
        norm_sum += length;
        if let Some(mean) = means.get_mut(class)
            && length > 0.0
        {
            add(mean, centered.iter().map(|value| value / length));
        }
    }
    // If all features are equal, all logits are 0.
    let scale = if norm_sum > 0.0 { LOGIT_SCALE * classes.len() as f64 / norm_sum } else { 0.0 };
    let (mut weight, mut bias) = (Vec::with_capacity(count * width), Vec::with_capacity(count));
    for mean in means {
        let length = norm(&mean).max(f64::MIN_POSITIVE);
        let direction: Vec<f64> = mean.iter().map(|value| scale * value / length).collect();
        let offset: f64 = direction.iter().zip(&center).map(|(a, b)| a * b).sum();
        weight.extend(direction.iter().map(|value| *value as f32));
        bias.push(-offset as f32);
    }
    MeanHead { weight, bias }
}

fn add(sum: &mut [f64], values: impl Iterator<Item = f64>) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logits(head: &MeanHead, features: [f32; 2]) -> Vec<f32> {
        let rows = head.weight.chunks_exact(2).zip(&head.bias);
        rows.map(|(row, bias)| row[0] * features[0] + row[1] * features[1] + bias).collect()
    }

    #[test]
    fn an_image_gets_the_class_with_the_highest_cosine_similarity() {
        let features = [5.0, 1.0, 1.0, 5.0];
        let head = class_mean_head(&features, 2, &[0, 1], 2);
        let near_first = logits(&head, [4.0, 1.5]);
        assert!(near_first[0] > near_first[1], "{near_first:?}");
        // A training image has the full scale.
        let own = logits(&head, [5.0, 1.0]);
        assert!((own[0] - 10.0).abs() < 1e-3 && (own[1] + 10.0).abs() < 1e-3, "{own:?}");
        // The norm of the features does not matter.
        let far = logits(&head, [50.0, -20.0]);
        assert!(far[0] > far[1]);
    }

    #[test]
    fn equal_images_give_finite_parameters() {
        let head = class_mean_head(&[1.0, 1.0, 1.0, 1.0], 2, &[0, 1], 2);
        assert!(head.weight.iter().chain(&head.bias).all(|value| value.is_finite()));
    }
}

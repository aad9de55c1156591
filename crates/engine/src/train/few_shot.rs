//! Classes told apart by the mean of their pictures' features: an answer from one picture a class,
//! without training.
//!
//! As SimpleShot (Wang et al., 2019): features are centred by their mean over all pictures and scaled
//! to length 1, and a picture belongs to the class in whose mean's direction it lies. That is a linear
//! head, so whatever can be done with a trained network can be done with this one.

/// How sharp the probabilities are: the logit of a picture in the direction of a class's mean, where
/// features have their mean length.
const SHARPNESS: f64 = 10.0;

/// A head's values.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanHead {
    /// `[classes, width]`, row-major.
    pub weight: Vec<f32>,
    /// `[classes]`.
    pub bias: Vec<f32>,
}

/// The head of the mean features of `count` classes, from `features` `[N, width]`, row-major, of
/// pictures of `classes`; a picture whose class is not below `count` only helps to find the centre.
pub fn class_mean_head(
    features: &[f32],
    width: usize,
    classes: &[usize],
    count: usize,
) -> MeanHead {
    let mut centre = vec![0.0; width];
    for row in features.chunks_exact(width) {
        add(&mut centre, row.iter().map(|value| f64::from(*value) / classes.len() as f64));
    }
    let mut means = vec![vec![0.0; width]; count];
    let mut length_sum = 0.0;
    for (row, &class) in features.chunks_exact(width).zip(classes) {
        let centred: Vec<f64> =
            row.iter().zip(&centre).map(|(value, centre)| f64::from(*value) - centre).collect();
        let length = norm(&centred);
        length_sum += length;
        if let Some(mean) = means.get_mut(class)
            && length > 0.0
        {
            add(mean, centred.iter().map(|value| value / length));
        }
    }
    // Where all features are alike, nothing tells the classes apart.
    let scale = if length_sum > 0.0 { SHARPNESS * classes.len() as f64 / length_sum } else { 0.0 };
    let (mut weight, mut bias) = (Vec::with_capacity(count * width), Vec::with_capacity(count));
    for mean in means {
        let length = norm(&mean).max(f64::MIN_POSITIVE);
        let direction: Vec<f64> = mean.iter().map(|value| scale * value / length).collect();
        let offset: f64 = direction.iter().zip(&centre).map(|(a, b)| a * b).sum();
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
    fn a_picture_belongs_to_the_class_in_whose_direction_it_lies() {
        let features = [5.0, 1.0, 1.0, 5.0];
        let head = class_mean_head(&features, 2, &[0, 1], 2);
        let near_first = logits(&head, [4.0, 1.5]);
        assert!(near_first[0] > near_first[1], "{near_first:?}");
        // At a picture of its own, as sharp as it is meant to be.
        let own = logits(&head, [5.0, 1.0]);
        assert!((own[0] - 10.0).abs() < 1e-3 && (own[1] + 10.0).abs() < 1e-3, "{own:?}");
        // Far out in the same direction, still the same class.
        let far = logits(&head, [50.0, -20.0]);
        assert!(far[0] > far[1]);
    }

    #[test]
    fn equal_pictures_give_finite_numbers() {
        let head = class_mean_head(&[1.0, 1.0, 1.0, 1.0], 2, &[0, 1], 2);
        assert!(head.weight.iter().chain(&head.bias).all(|value| value.is_finite()));
    }
}

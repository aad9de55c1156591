//! Shear, translation and rotation as in PIL's `Image.transform` and `Image.rotate` with nearest neighbors. The
//! size stays the same, and pixels from outside the image are black.

use crate::data::image::RgbImage;

/// Moves each row to the left by `level` px per px from the top edge.
pub(super) fn shear_x(image: &mut RgbImage, level: f64) {
    transform(image, [[1.0, level, 0.0], [0.0, 1.0, 0.0]]);
}

/// Moves each column up by `level` px per px from the left edge.
pub(super) fn shear_y(image: &mut RgbImage, level: f64) {
    transform(image, [[1.0, 0.0, 0.0], [level, 1.0, 0.0]]);
}

/// Moves the image by `x` px to the right and `y` px down.
pub(super) fn translate(image: &mut RgbImage, x: f64, y: f64) {
    transform(image, [[1.0, 0.0, -x], [0.0, 1.0, -y]]);
}

/// Rotates the image about its center, counterclockwise by `degrees`.
pub(super) fn rotate(image: &mut RgbImage, degrees: f64) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (x, y) = (f64::from(image.width()) / 2.0, f64::from(image.height()) / 2.0);
    transform(image, [[cos, -sin, x - cos * x + sin * y], [sin, cos, y - sin * x - cos * y]]);
}

/// Takes each pixel from the point to which `matrix` maps its center (x, y, 1).
fn transform(image: &mut RgbImage, matrix: [[f64; 3]; 2]) {
    // In 16.16 fixed point as in PIL, so that pixels do not depend on the last bit of a sine, but with more
    // than 32 bits for large images.
    let fixed = |value: f64| (value * 65536.0 + 0.5).floor() as i64;
    let [column, row] = matrix.map(|[x, y, shift]| {
        let (start, x, y) = (fixed(shift + x * 0.5 + y * 0.5), fixed(x), fixed(y));
        move |at_x: u32, at_y: u32| (start + i64::from(at_x) * x + i64::from(at_y) * y) >> 16
    });
    let (width, height) = (image.width(), image.height());
    let inside = |position: i64, side: u32| u32::try_from(position).ok().filter(|&p| p < side);
    *image = RgbImage::from_fn(width, height, |x, y| {
        match (inside(column(x, y), width), inside(row(x, y), height)) {
            (Some(x), Some(y)) => image.pixel(x, y),
            _ => [0; 3],
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_image(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| [x as u8 + 1, y as u8 + 1, 200])
    }

    fn changed(change: impl Fn(&mut RgbImage)) -> RgbImage {
        let mut image = test_image(6, 6);
        change(&mut image);
        image
    }

    #[test]
    fn a_translation_moves_right_and_down_and_fills_with_black() {
        let shifted = changed(|image| translate(image, 2.0, -1.0));
        assert_eq!(shifted.pixel(2, 0), [1, 2, 200]);
        assert_eq!(shifted.pixel(5, 4), [4, 6, 200]);
        assert_eq!(shifted.pixel(1, 0), [0; 3]);
        assert_eq!(shifted.pixel(2, 5), [0; 3]);
        assert_eq!(changed(|image| translate(image, -6.0, 0.0)).pixels(), [0; 108]);
    }

    #[test]
    fn a_quarter_turn_is_counterclockwise_and_exact_and_four_restore() {
        let quarter = changed(|image| rotate(image, 90.0));
        // The top right corner goes to the top left.
        assert_eq!(quarter.pixel(0, 0), test_image(6, 6).pixel(5, 0));
        assert_eq!(quarter.pixel(0, 5), test_image(6, 6).pixel(0, 0));
        let full = changed(|image| (0..4).for_each(|_| rotate(image, 90.0)));
        assert_eq!(full, test_image(6, 6));
    }

    #[test]
    fn a_shear_moves_rows_or_columns_and_keeps_the_first() {
        let rows = changed(|image| shear_x(image, 0.5));
        assert_eq!(rows.pixel(0, 0), [1, 1, 200]);
        assert_eq!(rows.pixel(0, 3), [3, 4, 200]);
        assert_eq!(rows.pixel(5, 3), [0; 3]);
        let columns = changed(|image| shear_y(image, -0.5));
        assert_eq!(columns.pixel(0, 3), [1, 4, 200]);
        assert_eq!(columns.pixel(3, 4), [4, 3, 200]);
        assert_eq!(columns.pixel(3, 0), [0; 3]);
    }

    #[test]
    fn nothing_is_changed_by_a_strength_of_zero() {
        let still = |image: &mut RgbImage| {
            shear_x(image, 0.0);
            shear_y(image, -0.0);
            translate(image, 0.0, -0.0);
            rotate(image, -0.0);
        };
        assert_eq!(changed(still), test_image(6, 6));
    }
}

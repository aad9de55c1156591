//! The image type of the data pipeline: 8-bit sRGB with three interleaved channels.

use tunelab_l10n::{Localize, Texts, display_in_english};

/// Why pixels do not make an image.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// A side is zero.
    Empty { width: u32, height: u32 },
    /// The number of bytes is not `width * height * 3`.
    Length { width: u32, height: u32, bytes: usize },
}

impl Localize for ImageError {
    fn localize(&self, texts: Texts) -> String {
        match *self {
            Self::Empty { width, height } => {
                texts.error_image_empty(&texts.image_size(width, height))
            }
            Self::Length { width, height, bytes } => {
                texts.error_image_length(&texts.image_size(width, height), bytes)
            }
        }
    }
}

display_in_english!(ImageError);

/// A decoded image: 8-bit sRGB, `[height, width, 3]`, rows from the top, pixels from the left, channels R, G, B
/// interleaved. Both sides are at least 1 px.
#[derive(Clone, PartialEq, Eq)]
pub struct RgbImage {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl RgbImage {
    /// Wraps `pixels`, `[height, width, 3]`.
    ///
    /// # Errors
    /// When a side is zero or the number of bytes is not `width * height * 3`.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::Empty { width, height });
        }
        let expected = u128::from(width) * u128::from(height) * 3;
        if pixels.len() as u128 != expected {
            return Err(ImageError::Length { width, height, bytes: pixels.len() });
        }
        Ok(Self { width, height, pixels })
    }

    /// Makes an image with the color `color(x, y)` at each point.
    ///
    /// # Panics
    /// When a side is zero.
    pub fn from_fn(width: u32, height: u32, mut color: impl FnMut(u32, u32) -> [u8; 3]) -> Self {
        assert!(width > 0 && height > 0, "an image has at least one pixel");
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
        for y in 0..height {
            for x in 0..width {
                pixels.extend_from_slice(&color(x, y));
            }
        }
        Self { width, height, pixels }
    }

    /// Width in px, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in px, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The length of the shorter side in px.
    pub fn shorter_side(&self) -> u32 {
        self.width.min(self.height)
    }

    /// All pixels, `[height, width, 3]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All pixels, `[height, width, 3]`, to change in place.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// The color at (`x`, `y`).
    ///
    /// # Panics
    /// When the point is outside the image.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        assert!(x < self.width && y < self.height, "({x}, {y}) is outside the image");
        let start = (y as usize * self.width as usize + x as usize) * 3;
        [self.pixels[start], self.pixels[start + 1], self.pixels[start + 2]]
    }

    /// Flips the image left to right in place.
    pub fn flip_horizontal(&mut self) {
        for row in self.pixels.chunks_exact_mut(self.width as usize * 3) {
            let (pixels, _) = row.as_chunks_mut::<3>();
            pixels.reverse();
        }
    }
}

impl std::fmt::Debug for RgbImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RgbImage({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_checked() {
        assert!(RgbImage::new(2, 1, vec![0; 6]).is_ok());
        assert_eq!(
            RgbImage::new(2, 1, vec![0; 5]),
            Err(ImageError::Length { width: 2, height: 1, bytes: 5 })
        );
        assert_eq!(RgbImage::new(0, 4, Vec::new()), Err(ImageError::Empty { width: 0, height: 4 }));
        assert!(RgbImage::new(u32::MAX, u32::MAX, Vec::new()).is_err());
    }

    #[test]
    fn a_flip_mirrors_and_flipping_twice_restores() {
        let image = RgbImage::from_fn(5, 3, |x, y| [x as u8, y as u8, 7]);
        let mut flipped = image.clone();
        flipped.flip_horizontal();
        assert_eq!(flipped.pixel(0, 2), [4, 2, 7]);
        assert_eq!(flipped.pixel(4, 0), [0, 0, 7]);
        flipped.flip_horizontal();
        assert_eq!(flipped, image);
    }
}

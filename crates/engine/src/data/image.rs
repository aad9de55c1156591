//! The one picture type of the data pipeline: 8-bit sRGB, three interleaved channels.

use thiserror::Error;

/// Why pixels do not make a picture.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ImageError {
    /// A side is zero.
    #[error("a picture of {width}x{height} px has no pixels; both sides must be at least 1 px")]
    Empty { width: u32, height: u32 },
    /// The buffer and the size disagree.
    #[error(
        "a picture of {width}x{height} px needs 3 bytes a pixel, but {bytes} bytes were given; pass exactly width x height x 3 bytes"
    )]
    Length { width: u32, height: u32, bytes: usize },
}

/// A decoded picture: 8-bit sRGB, rows from the top, pixels from the left, channels R, G, B
/// interleaved ([H, W, 3]). Both sides are at least 1 px.
#[derive(Clone, PartialEq, Eq)]
pub struct RgbImage {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl RgbImage {
    /// Wraps `pixels` ([height, width, 3], row-major).
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

    /// Makes a picture by asking `color` for the colour at each (x, y).
    ///
    /// # Panics
    /// When a side is zero.
    pub fn from_fn(width: u32, height: u32, mut color: impl FnMut(u32, u32) -> [u8; 3]) -> Self {
        assert!(width > 0 && height > 0, "a picture has at least one pixel");
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

    /// All pixels, [height, width, 3], row-major.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All pixels, [height, width, 3], row-major, to change in place.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// The colour at (`x`, `y`).
    ///
    /// # Panics
    /// When the point is outside the picture.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        assert!(x < self.width && y < self.height, "({x}, {y}) is outside the picture");
        let start = (y as usize * self.width as usize + x as usize) * 3;
        [self.pixels[start], self.pixels[start + 1], self.pixels[start + 2]]
    }

    /// The pixels, [height, width, 3], row-major.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Mirrors the picture left to right in place.
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

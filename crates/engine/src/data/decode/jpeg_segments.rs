//! The segments of a JPEG file.

pub(super) const START_OF_SCAN: u8 = 0xDA;
pub(super) const END_OF_IMAGE: u8 = 0xD9;
pub(super) const PROGRESSIVE_FRAME: u8 = 0xC2;
pub(super) const HUFFMAN_TABLES: u8 = 0xC4;
pub(super) const NUMBER_OF_LINES: u8 = 0xDC;

/// Whether a marker starts a frame of any coding process.
pub(super) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// A marker with its data.
pub(super) struct Segment<'a> {
    pub marker: u8,
    pub payload: &'a [u8],
}

/// Iterates over the segments of a JPEG up to its end, and skips the compressed data between them.
pub(super) struct Segments<'a> {
    file: &'a [u8],
    /// The offset of the next segment.
    pub at: usize,
    /// Whether the end of the image was reached.
    pub is_complete: bool,
}

impl<'a> Segments<'a> {
    pub fn new(file: &'a [u8]) -> Self {
        Self { file, at: 0, is_complete: false }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            let rest = self.file.get(self.at..)?;
            let Some(skipped) = rest.iter().position(|&byte| byte == 0xFF) else {
                self.at = self.file.len();
                return None;
            };
            self.at += skipped;
            let rest = rest.get(skipped..)?;
            match *rest.get(1)? {
                0xFF => self.at += 1,
                // A byte of compressed data, or a marker without a segment.
                0 | 1 | 0xD0..=0xD8 => self.at += 2,
                END_OF_IMAGE => {
                    self.is_complete = true;
                    return None;
                }
                marker => {
                    let length = u16::from_be_bytes(*rest.get(2..)?.first_chunk()?);
                    let end = 2 + usize::from(length);
                    // A damaged length may be too small even for itself.
                    let payload = rest.get(4..end.max(4))?;
                    self.at += end;
                    return Some(Segment { marker, payload });
                }
            }
        }
    }
}

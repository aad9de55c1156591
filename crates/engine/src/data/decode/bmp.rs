//! Bitmaps whose header does not tell where the pixels are.

use std::borrow::Cow;

/// The bytes before the header of the picture.
const FILE_HEADER: u32 = 14;

/// The bitmap with pixels behind its header and palette, where some programs leave their place at zero.
pub fn with_place_of_pixels(file: &[u8]) -> Cow<'_, [u8]> {
    let mut mended = Cow::Borrowed(file);
    if let Some(start) = start_of_pixels(file)
        && let Some(place) = mended.to_mut().get_mut(10..14)
    {
        place.copy_from_slice(&start.to_le_bytes());
    }
    mended
}

/// Where the pixels must be, if the file says that they are in the header.
fn start_of_pixels(file: &[u8]) -> Option<u32> {
    let number = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let size = number(14)?;
    let header = FILE_HEADER.checked_add(size)?;
    if number(10)? >= header {
        return None;
    }
    // The oldest header has fewer numbers, and a palette of three bytes a colour.
    let (bits, colours, bytes) = match size {
        12 => (number(22)? >> 16, 0, 3),
        _ => (number(26)? >> 16, number(46)?, 4),
    };
    let colours = if colours == 0 && bits <= 8 { 1 << bits } else { colours };
    let masks = if size == 40 && number(30)? == 3 { 12 } else { 0 };
    header.checked_add(colours.checked_mul(bytes)?)?.checked_add(masks)
}

//! Repairs invalid headers of GIF and BMP files that browsers accept.

use std::borrow::Cow;

/// The bytes of a BMP before the header of the image.
const BMP_FILE_HEADER: u32 = 14;

/// Sets the offset of the pixels of a BMP, which some programs leave at zero: they follow the header and the
/// palette.
pub(super) fn set_bmp_pixel_offset(file: &[u8]) -> Cow<'_, [u8]> {
    let mut repaired = Cow::Borrowed(file);
    if let Some(start) = bmp_pixel_offset(file)
        && let Some(place) = repaired.to_mut().get_mut(10..14)
    {
        place.copy_from_slice(&start.to_le_bytes());
    }
    repaired
}

/// The offset of the pixels of a BMP, if the file places them inside the header.
fn bmp_pixel_offset(file: &[u8]) -> Option<u32> {
    let number = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let size = number(14)?;
    let header = BMP_FILE_HEADER.checked_add(size)?;
    if number(10)? >= header {
        return None;
    }
    // The oldest header has fewer fields, and a palette of three bytes per color.
    let (bits, colors, bytes) = match size {
        12 => (number(22)? >> 16, 0, 3),
        _ => (number(26)? >> 16, number(46)?, 4),
    };
    let colors = if colors == 0 && bits <= 8 { 1 << bits } else { colors };
    let masks = if size == 40 && number(30)? == 3 { 12 } else { 0 };
    header.checked_add(colors.checked_mul(bytes)?)?.checked_add(masks)
}

/// Enlarges the screen of a GIF to hold its first image, as browsers do. Some programs leave the size of the
/// screen at zero.
pub(super) fn enlarge_gif_screen(file: &[u8]) -> Cow<'_, [u8]> {
    let (Some(screen), Some(image)) = (file.get(6..10), first_gif_image(file)) else {
        return Cow::Borrowed(file);
    };
    let size = [0, 2].map(|side| {
        let at = |bytes: &[u8], place: usize| {
            bytes
                .get(place..)
                .and_then(|rest| rest.first_chunk())
                .map_or(0, |n| u16::from_le_bytes(*n))
        };
        // The left or top edge of the image, and its width or height.
        let edge = at(image, side).saturating_add(at(image, 4 + side));
        (at(screen, side), edge)
    });
    if size.iter().all(|(screen, edge)| edge <= screen) {
        return Cow::Borrowed(file);
    }
    let mut enlarged = file.to_vec();
    let sides = size.map(|(screen, edge)| screen.max(edge).to_le_bytes());
    if let Some(place) = enlarged.get_mut(6..10) {
        place.copy_from_slice(sides.as_flattened());
    }
    Cow::Owned(enlarged)
}

/// The position and size of the first image of a GIF: four numbers of two bytes.
fn first_gif_image(file: &[u8]) -> Option<&[u8]> {
    let palette = match *file.get(10)? {
        flags if flags & 0x80 != 0 => 3 << ((flags & 7) + 1),
        _ => 0,
    };
    let mut at = 13 + palette;
    loop {
        match *file.get(at)? {
            b',' => return file.get(at + 1..at + 9),
            // An extension: a label, and blocks that begin with their lengths, up to an empty one.
            b'!' => {
                at += 2;
                loop {
                    let length = usize::from(*file.get(at)?);
                    at += 1 + length;
                    if length == 0 {
                        break;
                    }
                }
            }
            _ => return None,
        }
    }
}

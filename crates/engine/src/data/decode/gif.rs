//! GIFs whose screen is smaller than the picture on it.

use std::borrow::Cow;

/// The GIF with a screen that has room for its first picture, as browsers show it. Some programs leave the
/// screen's size at zero.
pub fn with_room(file: &[u8]) -> Cow<'_, [u8]> {
    let (Some(screen), Some(picture)) = (file.get(6..10), first_picture(file)) else {
        return Cow::Borrowed(file);
    };
    let size = [0, 2].map(|side| {
        let at = |bytes: &[u8], place: usize| {
            bytes
                .get(place..)
                .and_then(|rest| rest.first_chunk())
                .map_or(0, |n| u16::from_le_bytes(*n))
        };
        // Its left or top edge, and its width or height.
        let edge = at(picture, side).saturating_add(at(picture, 4 + side));
        (at(screen, side), edge)
    });
    if size.iter().all(|(screen, edge)| edge <= screen) {
        return Cow::Borrowed(file);
    }
    let mut wider = file.to_vec();
    let sides = size.map(|(screen, edge)| screen.max(edge).to_le_bytes());
    if let Some(place) = wider.get_mut(6..10) {
        place.copy_from_slice(sides.as_flattened());
    }
    Cow::Owned(wider)
}

/// The place and size of the first picture: four numbers of two bytes.
fn first_picture(file: &[u8]) -> Option<&[u8]> {
    let palette = match *file.get(10)? {
        flags if flags & 0x80 != 0 => 3 << ((flags & 7) + 1),
        _ => 0,
    };
    let mut at = 13 + palette;
    loop {
        match *file.get(at)? {
            b',' => return file.get(at + 1..at + 9),
            // An extension: a label, and blocks with their lengths up to an empty one.
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

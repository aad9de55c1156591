### Why pixels do not make an image.

# $size: such as "0 × 10 px"
error-image-empty = An image of { $size } has no pixels. Both sides must be at least 1 px.
# $size: such as "64 × 64 px"
# $bytes (Number)
error-image-length = An image of { $size } needs 3 bytes per pixel, but there are { $bytes } bytes.

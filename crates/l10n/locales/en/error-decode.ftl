### Why an image file cannot be decoded.

# $kind: such as "a HEIC image"; $remedy: a sentence
error-decode-unsupported = This is { $kind }, which tunelab cannot read. { $remedy }
# $kind: such as "a web page"; $remedy: a sentence
error-decode-not-an-image = This is { $kind }, not an image. { $remedy }
# $size: such as "90000 × 10 px"
error-decode-too-large = The image is too large ({ $size }). Shrink it to at most 64 megapixels and 32768 px on each side.
# $format: such as "JPEG"
error-decode-out-of-memory = Decoding the { $format } image takes too much memory. Save it as JPEG.
error-decode-ends-early = The { $format } image ends before half of it can be read. Copy or download the file again.
# $feature: a sentence
error-decode-unsupported-jpeg = This JPEG image cannot be read. { $feature } Save it as an ordinary JPEG or PNG.
error-decode-incomplete-rare-jpeg = The JPEG image ends early, and images of its kind can only be read when complete. Copy or download the file again.
# $problem: the decoder’s own words
error-decode-damaged = The { $format } image is damaged or of an unsupported kind ({ $problem }). Save the image again.

error-decode-jpeg-arithmetic-coding = It uses arithmetic coding.
# $bits (Number)
error-decode-jpeg-bit-depth = It has { $bits } bits per color.
error-decode-jpeg-lossless = It is lossless.
error-decode-jpeg-hierarchical = It is hierarchical.
error-decode-jpeg-height-at-end = Its height is only given at the end of the file.
error-decode-jpeg-sampling-factors = Its color components have unusual sampling factors.

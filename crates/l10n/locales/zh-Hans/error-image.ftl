error-image-empty = 尺寸为 { $size } 的图片没有像素。宽和高都至少应为 1 像素。
error-image-length = 尺寸为 { $size } 的图片每像素需要 3 字节，但实际只有 { $bytes } 字节。

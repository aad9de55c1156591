error-decode-unsupported = 不支持此图片格式（{ $kind }）。{ $remedy }
error-decode-not-an-image = 该文件不是图片（{ $kind }）。{ $remedy }
error-decode-too-large = 图片过大（{ $size }）。请将其缩小到不超过 6400 万像素，且每边不超过 32768 像素。
error-decode-out-of-memory = 解码该图片（{ $format }）所需的内存过多。请将其另存为 JPEG。
error-decode-ends-early = 图片（{ $format }）不完整，可读取的部分不足一半。请重新复制或下载该文件。
error-decode-unsupported-jpeg = 无法读取该 JPEG 图片。{ $feature }请将其另存为普通的 JPEG 或 PNG。
error-decode-incomplete-rare-jpeg = 该 JPEG 图片不完整，而此类图片必须完整才能读取。请重新复制或下载该文件。
error-decode-damaged = 图片（{ $format }）已损坏或类型不受支持（{ $problem }）。请重新保存该图片。

error-decode-jpeg-arithmetic-coding = 它使用了算术编码。
error-decode-jpeg-bit-depth = 它的每个颜色分量为 { $bits } 位。
error-decode-jpeg-lossless = 它是无损 JPEG。
error-decode-jpeg-hierarchical = 它是分层 JPEG。
error-decode-jpeg-height-at-end = 它的高度只记录在文件末尾。
error-decode-jpeg-sampling-factors = 它的颜色分量使用了不常见的采样因子。

error-cifar-empty = “{ $file }”为空。请重新下载 CIFAR 的二进制版本。
error-cifar-other-kind = “{ $file }”不是 CIFAR 批次文件（{ $kind }）。权重文件请作为预训练网络选择，压缩包请先解压。
error-cifar-length = “{ $file }”有 { $bytes } 字节，既不是 3,073 的倍数（CIFAR-10：一个标签和 32 × 32 像素），也不是 3,074 的倍数（CIFAR-100：两个标签）。该文件不完整，或不是 CIFAR 二进制批次文件。
error-cifar-label = “{ $file }”的第 { $record } 条记录的标签为 { $label }，但标签应为 0 到 { $highest }。该文件不是 CIFAR 二进制批次文件。
error-cifar-names-not-text = “{ $file }”不是文本文件。它应列出 { $expected } 个不同的类别名称，每行一个。
error-cifar-names-count = “{ $file }”列出了 { $found } 个名称。它应列出 { $expected } 个不同的类别名称，每行一个。
error-cifar-names-repeated = “{ $file }”重复列出了“{ $name }”。它应列出 { $expected } 个不同的类别名称，每行一个。
error-cifar-mixed = “{ $file }”与其他文件不属于同一数据集。请只选择 CIFAR-10 或 CIFAR-100。
error-cifar-duplicate = 有两个“{ $file }”文件。请移除其中一个。
error-cifar-no-batch = 没有 CIFAR 批次文件。请选择二进制版本 cifar-10-binary.tar.gz 或 cifar-100-binary.tar.gz，而不是 Python 或 Matlab 版本。

error-cifar-archive-not-gzip = 这不是 .tar.gz 压缩包。请选择 cifar-10-binary.tar.gz 或 cifar-100-binary.tar.gz。
error-cifar-archive-damaged = 压缩包不完整或已损坏（{ $problem }）。请重新下载。
error-cifar-archive-entry-too-large = 压缩包中的“{ $file }”大小为 { $size }，而 CIFAR 的文件最大为 { $limit }。请选择官方压缩包。
error-cifar-archive-too-large = 压缩包解压后超过 { $limit }，因此不是 CIFAR。如果其中是图片，请解压后选择图片所在的文件夹。
error-cifar-archive-images = 压缩包中有 { $count } 张图片，不是 CIFAR。请解压后选择按类别分文件夹的文件夹。
error-cifar-archive-other-version = 这是 { $dataset } 的 Python 或 Matlab 版本。请从同一页面下载二进制版本：{ $archive }。

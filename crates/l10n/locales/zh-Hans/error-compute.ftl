error-compute-device = 计算设备出错（{ $problem }）。请重试，或改用处理器（CPU）。
error-compute-no-gpu = 未找到可用的 GPU（{ $problem }）。请使用处理器（CPU）。
error-compute-read = 无法从计算设备读回数值（{ $problem }）。请重试，或改用处理器（CPU）。
error-compute-storage = 无法使用激活缓存的存储空间（{ $problem }）。请释放一些磁盘空间，或关闭激活缓存。
error-compute-short-transfer = 无法使用激活缓存的存储空间（只传输了 { $transferred }，应为 { $expected }）。请释放一些磁盘空间，或关闭激活缓存。
error-compute-batch-too-large = 一个批次的 { $images } 张图像超出了可用内存。请减小批大小或输入尺寸。
error-compute-shape = 张量“{ $name }”的形状是 { $found }，应为 { $expected }。

-choose-resnet = 请选择 ResNet18、ResNet34 或 ResNet50 的权重。

error-weights-network-named = 这些权重属于其他网络：{ $network }。{ -choose-resnet }
error-weights-network-unknown = 这些权重属于未知网络，其中有张量 { $tensors }。{ -choose-resnet }
error-weights-network-no-tensors = 该文件中没有张量。{ -choose-resnet }
error-weights-network-language-model = 这些权重属于语言模型。{ -choose-resnet }
error-weights-network-image-generator = 这些权重属于图像生成模型。{ -choose-resnet }
error-weights-network-self-supervised = 这些权重属于自监督网络，但不是 ResNet。{ -choose-resnet }
error-weights-network-reordered-layers = 这些权重所属的 ResNet，其层的编号顺序与 torchvision 不同。{ -choose-resnet }
error-weights-network-other-channels = 这些权重所属的 ResNet 用于通道数不为 3 的图片。{ -choose-resnet }
error-weights-network-small-stem = 这些权重所属的 ResNet 用于 CIFAR 等小图片，其第一个卷积是 3×3。{ -choose-resnet }
error-weights-network-other-shortcuts = 这些权重所属的 ResNet 采用了其他形式的捷径连接。{ -choose-resnet }
error-weights-network-folded-norms = 该 ResNet 的批归一化层已并入卷积。{ -choose-resnet }
error-weights-network-no-running-statistics = 该 ResNet 缺少批归一化的滑动统计量。{ -choose-resnet }
error-weights-network-quantized = 这些权重属于量化的 ResNet。{ -choose-resnet }

### Which other network the weights of a file belong to.

-choose-resnet = Choose the weights of a ResNet18, ResNet34 or ResNet50.

# $network: such as “DenseNet”
error-weights-network-named = These weights belong to another network: { $network }. { -choose-resnet }
# $tensors: a list of names
error-weights-network-unknown = These weights belong to an unknown network, with tensors such as { $tensors }. { -choose-resnet }
error-weights-network-no-tensors = The file contains no tensors. { -choose-resnet }
error-weights-network-language-model = These weights belong to a language model. { -choose-resnet }
error-weights-network-image-generator = These weights belong to an image generator. { -choose-resnet }
error-weights-network-self-supervised = These weights belong to a self-supervised network that is not a ResNet. { -choose-resnet }
error-weights-network-reordered-layers = These weights belong to a ResNet whose layers are numbered in another order than torchvision’s. { -choose-resnet }
error-weights-network-other-channels = These weights belong to a ResNet for images that do not have 3 channels. { -choose-resnet }
error-weights-network-small-stem = These weights belong to a ResNet for small images such as CIFAR, whose first convolution is 3×3. { -choose-resnet }
error-weights-network-other-shortcuts = These weights belong to a ResNet with other shortcuts. { -choose-resnet }
error-weights-network-folded-norms = The batch norm layers of this ResNet are folded into its convolutions. { -choose-resnet }
error-weights-network-no-running-statistics = The running statistics of batch norm are missing from this ResNet. { -choose-resnet }
error-weights-network-quantized = These weights belong to a quantized ResNet. { -choose-resnet }

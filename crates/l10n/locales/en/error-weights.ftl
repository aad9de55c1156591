### Why the weights of a file cannot be read, or do not fit.

# $format: “PyTorch” or “safetensors”. $damage: one of the sentences below
error-weights-damaged = The { $format } file is damaged. { $damage } Download or export it again.
error-weights-truncated = It ends too early.
# $name: an entry of the archive
error-weights-damaged-entry = Its entry “{ $name }” has the wrong length or checksum.
# $name: an entry of the archive
error-weights-missing-entry = It has no entry “{ $name }”.
# $problem: in English, in the words of the library that reads the file
error-weights-invalid = It contradicts its own format: { $problem }.

# A pickle describes the contents of a PyTorch file
error-weights-pickle-truncated = The pickle in the PyTorch file ends too early. Download or export the file again.
# $opcode: such as 0x82. $offset (Number)
error-weights-pickle-opcode = The pickle in the PyTorch file has the unknown instruction { $opcode } at byte { $offset }. Save the model again with torch.save.
# $offset (Number)
error-weights-pickle-malformed = The pickle in the PyTorch file is damaged at byte { $offset }. Download or export the file again.
# $limit (Number)
error-weights-pickle-too-large = The pickle in the PyTorch file has more than { $limit } items, far more than a model needs. Save only the model’s state_dict().

# $limit (Number)
error-weights-too-many-values = The tensors of the file have more than { $limit } values together, far more than a ResNet. Choose another file.
# $limit (Number)
error-weights-too-many-tensors = The file has more than { $limit } tensors, far more than a ResNet. Choose another file.
# $limit: such as “512 MB”
error-weights-unpacked-too-large = The file unpacks to more than { $limit }, far more than a ResNet. Choose another file.

# $found: what is there instead, as Python writes it, such as “torchvision.models.resnet.ResNet”
error-weights-not-a-tensor = “{ $name }” is not a tensor but “{ $found }”. Save the model’s state_dict() and use that file.
# $found: such as “ComplexFloatStorage”
error-weights-element-type = The tensor “{ $name }” has the unsupported element type “{ $found }”. Save it as float32.
error-weights-missing-values = The tensor “{ $name }” has more values than the file contains. Download or export the file again.
error-weights-malformed-tensor = The tensor “{ $name }” is described in an unknown way. Save the model again.
error-weights-integer-too-large = The tensor “{ $name }” contains an integer that is too large. Save it as 64-bit integers with a sign.
error-weights-too-large-for-float16 = The tensor “{ $name }” contains a value that is too large for float16. Export it as float32.

# $found: what is there instead, as Python writes it, such as “torchvision.models.resnet.ResNet”
error-weights-no-tensors = The file contains “{ $found }” instead of named tensors. Save the model’s state_dict() and use that file.
# $first, $second: where they are, such as “model.” in quotation marks
error-weights-several-backbones = The file contains more than one ResNet, one at { $first } and one at { $second }. Save only the one to use.
error-weights-top-level = the top level
error-weights-duplicate-name = Two different tensors of the file stand for “{ $name }”. Remove one of them.
error-weights-head-missing = The classification head (fc.weight) is missing from this model file. Export it again.

# Followed by the first differences. $architecture: such as “resnet18”
error-weights-mismatch = These weights do not fit { $architecture }.
error-weights-more-mismatches = { $count ->
    [one] There is { $count } more difference.
   *[other] There are { $count } more differences.
}
# $expected: such as “[64, 3, 7, 7]”
error-weights-missing-tensor = “{ $name }” of shape { $expected } is missing.
# $found: a shape
error-weights-unexpected-tensor = “{ $name }” of shape { $found } is not part of the network.
# $found, $expected: shapes
error-weights-other-shape = “{ $name }” has the shape { $found } instead of { $expected }.
# $found: a shape. $features (Number)
error-weights-head-shape = “{ $name }” of the head has the shape { $found } instead of one row of { $features } values per class.
error-weights-integers = “{ $name }” contains integers instead of floats: quantized weights cannot be used.
error-weights-not-finite = { $count ->
    [one] “{ $name }” contains { $count } value that is infinite or not a number.
   *[other] “{ $name }” contains { $count } values that are infinite or not a number.
}
error-weights-negative-variance = “{ $name }” contains negative variances.

# $names: a list of tensors
error-weights-head-layers = The layers after the backbone ({ $names }) are not a single linear layer.
error-weights-head-projection = “{ $name }” is from self-supervised training, which knows no classes.

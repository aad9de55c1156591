error-weights-damaged = { $format } 文件已损坏。{ $damage }请重新下载或导出。
error-weights-truncated = 文件不完整。
error-weights-damaged-entry = 其中的“{ $name }”长度或校验和有误。
error-weights-missing-entry = 其中没有“{ $name }”。
error-weights-invalid = 文件不符合自身的格式：{ $problem }。

error-weights-pickle-truncated = PyTorch 文件中的 pickle 不完整。请重新下载或导出该文件。
error-weights-pickle-opcode = PyTorch 文件中的 pickle 在第 { $offset } 字节处有未知指令 { $opcode }。请用 torch.save 重新保存模型。
error-weights-pickle-malformed = PyTorch 文件中的 pickle 在第 { $offset } 字节处已损坏。请重新下载或导出该文件。
error-weights-pickle-too-large = PyTorch 文件中的 pickle 超过 { $limit } 项，远超模型所需。请只保存模型的 state_dict()。

error-weights-too-many-values = 该文件的张量共有超过 { $limit } 个数值，远超 ResNet 所需。请选择其他文件。
error-weights-too-many-tensors = 该文件有超过 { $limit } 个张量，远超 ResNet 所需。请选择其他文件。
error-weights-unpacked-too-large = 该文件解压后超过 { $limit }，远超 ResNet 所需。请选择其他文件。

error-weights-not-a-tensor = “{ $name }”不是张量，而是“{ $found }”。请保存模型的 state_dict()，并使用该文件。
error-weights-element-type = 张量“{ $name }”的元素类型“{ $found }”不受支持。请将其保存为 float32。
error-weights-missing-values = 张量“{ $name }”的数值多于文件中实有的数值。请重新下载或导出该文件。
error-weights-malformed-tensor = 张量“{ $name }”的描述方式未知。请重新保存模型。
error-weights-integer-too-large = 张量“{ $name }”中有过大的整数。请将其保存为 64 位有符号整数。
error-weights-too-large-for-float16 = 张量“{ $name }”中有 float16 无法表示的过大数值。请导出为 float32。

error-weights-no-tensors = 该文件的内容是“{ $found }”，而不是带名称的张量。请保存模型的 state_dict()，并使用该文件。
error-weights-several-backbones = 该文件中有多个 ResNet，一个位于{ $first }，另一个位于{ $second }。请只保存要使用的那个。
error-weights-top-level = 最外层
error-weights-duplicate-name = 文件中有两个不同的张量都对应“{ $name }”。请删除其中一个。
error-weights-head-missing = 该模型文件缺少分类头（fc.weight）。请重新导出。

error-weights-mismatch = 这些权重与 { $architecture } 不匹配。
error-weights-more-mismatches = 另有 { $count } 处不同。
error-weights-missing-tensor = 缺少形状为 { $expected } 的“{ $name }”。
error-weights-unexpected-tensor = 形状为 { $found } 的“{ $name }”不属于该网络。
error-weights-other-shape = “{ $name }”的形状是 { $found }，应为 { $expected }。
error-weights-head-shape = 分类头的“{ $name }”形状是 { $found }，应为每个类别一行、每行 { $features } 个数值。
error-weights-integers = “{ $name }”的数值是整数而不是浮点数：无法使用量化的权重。
error-weights-not-finite = “{ $name }”中有 { $count } 个数值是无穷大或非数值。
error-weights-negative-variance = “{ $name }”中有负的方差。

error-weights-head-layers = 骨干网络之后的层（{ $names }）不是单个线性层。
error-weights-head-projection = “{ $name }”来自自监督训练，没有类别信息。

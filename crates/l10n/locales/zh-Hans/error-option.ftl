error-option-invalid = “{ $option }”无效：{ $problem }

error-option-not-a-number = “{ $found }”不是数字。请输入数字，例如 0.5。
error-option-not-a-whole-number = “{ $found }”不是整数。请输入整数，例如 8。
error-option-not-a-switch = “{ $found }”既不是 true 也不是 false。
error-option-not-a-choice = 不能选择“{ $found }”。请选择 { $allowed }。
error-option-not-weights = 不能使用“{ $found }”。请输入 { $words }，或用英文逗号分隔的数字，例如 1, 0.5。

error-option-not-above = { $found } 太小。请输入大于 { $min } 的数。
error-option-below = { $found } 太小。请输入不小于 { $min } 的数。
error-option-not-from-to = { $found } 超出范围。请输入 { $min } 到 { $max } 之间的数（含两端）。
error-option-not-above-to = { $found } 超出范围。请输入大于 { $min } 且不超过 { $max } 的数。
error-option-not-from-below = { $found } 超出范围。请输入不小于 { $min } 且小于 { $max } 的数。
error-option-not-between = { $found } 超出范围。请输入大于 { $min } 且小于 { $max } 的数。

error-option-single-image = 批归一化无法用于单张图片。请输入 2 或更大的数，或冻结批归一化。
error-option-longer-than-run = { $found } 个轮次超过了整个训练的 { $epochs } 个轮次。
error-option-above-maximum = { $found } 大于“{ $maximum }”的值 { $max }。
error-option-weights = { $expected ->
    [1] 请输入 1 个大于 0 的数。
   *[other] 请输入 { $expected } 个非负数，用英文逗号分隔，其中至少一个大于 0。
}
error-option-excludes = 不能与“{ $other }”同时使用。请关闭其中一个。
error-option-needs-classes = 小样本需要分好类别的图片，因为它使用每个类别的平均特征。请选择其他策略。
error-option-several-class-columns = 只有第一列是类别且其他列都不是类别时，才能填写数字。请选择“balanced”或“equal”。

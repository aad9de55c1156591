images-lead = 将图片分到各个类别中。模型将学习区分这些类别。

images-sample = 示例图片
images-sample-about = 在此设备上生成的八类几何图形，适合初次体验。
images-use-sample = 使用示例图片

images-own = 您自己的图片
images-own-about = 将文件夹拖放到此页面的任意位置，其中每个类别一个子文件夹；或者将图片与包含类别、标签或数值的表格（CSV）一起拖放。您也可以在下方添加类别，再向其中添加图片。
images-own-formats = 支持 JPEG、PNG、WebP、GIF 和 BMP。每个类别至少使用 20 张图片。
images-choose-folder = 选择文件夹

images-cifar = CIFAR-10 或 CIFAR-100
images-cifar-about = 60,000 张 32 × 32 像素的小照片，分为 10 个或 100 个类别，常用于比较模型。请下载二进制版本并选择其文件，无论是否已解压。
images-cifar-page = CIFAR 下载页面
images-cifar100-labels = CIFAR-100 的标签
images-cifar100-fine = 100 个类别
images-cifar100-coarse = 20 个大类
images-cifar100-both = 两者
images-use-cifar = 使用本站提供的 CIFAR-10
images-choose-cifar = 选择 CIFAR 文件

images-sources-hint = 以上每种方式都会替换下方的图片。直接拖放到此处的单张图片会成为一个新类别。

images-none = 尚无图片
images-total = { $classes } 个类别，共 { $images } 张图片
images-total-with-validation = { $classes } 个类别，共 { $images } 张图片，另有 { $validation } 张用于验证
images-total-of-table = { $images } 张图片和一份表格
images-total-of-table-with-validation = { $images } 张图片和一份表格，另有 { $validation } 张用于验证
images-of-class = { $images } 张图片
images-of-class-with-validation = { $images } 张图片，另有 { $validation } 张用于验证
images-has-validation = 这些图片自带验证集，验证集不用于训练。

images-classes = 类别
images-add-class = 添加类别
images-new-class = 类别 { $number }
images-class-name = 类别“{ $class }”的名称
images-add = 添加图片
images-add-to-class = 添加图片到“{ $class }”
images-remove-class = 移除类别
images-remove-named-class = 移除类别“{ $class }”
images-remove-all = 移除所有图片
images-list = “{ $class }”的图片
images-remove = 移除“{ $image }”
images-keyboard-help = 使用方向键在图片之间移动，按 Delete 键移除图片。
images-show-more = 显示更多
images-show-more-of-class = 显示更多“{ $class }”的图片

images-undo = 撤销
images-removed-class = { $images ->
    [0] 已移除类别“{ $class }”。
   *[other] 已移除类别“{ $class }”及其 { $images } 张图片。
}
images-removed-image = 已移除“{ $image }”。
images-removed-all = 已移除全部内容，包括 { $images } 张图片。
images-replaced = 新图片已替换原有的 { $images } 张图片。

images-loading = 正在加载图片：{ $done } / { $total }
images-downloading = 正在下载：{ $received }
images-downloading-of = 正在下载：{ $received } / { $total }
images-searching = 正在查找文件夹中的文件：已找到 { $files } 个
images-no-files = 这里没有可用的文件。请拖放或选择文件夹、图片或模型文件。
images-unreadable = 浏览器无法读取拖放内容中的 { $count } 个文件或文件夹。
images-skipped = 已跳过 { $count } 个文件
images-skipped-more = 以及另外 { $count } 个

images-advice-one-class = “{ $class }”是唯一的类别。请至少再添加一个，因为模型要学习的是区分类别。
images-advice-empty = { $count ->
    [1] { $classes }还没有图片。请添加图片，或移除该类别。
   *[other] { $classes }还没有图片。请添加图片，或移除这些类别。
}
images-advice-few = { $classes }的图片少于 { $few } 张，几乎不足以训练。请尽量提供 20 张以上且差异较大的图片。如果只想先看看效果，每个类别一张就够：请选择下方的“{ images-few-shot }”。
images-advice-too-few = { $classes }的图片少于 { $few } 张，几乎不足以训练。训练时每个类别至少需要两张图片，其中一张用于验证。请尽量提供 20 张以上且差异较大的图片。如果只想先看看效果，每个类别一张就够：请选择下方的“{ images-few-shot }”。
images-advice-imbalance = “{ $largest }”有 { $most } 张图片，而“{ $smallest }”只有 { $least } 张。模型可能偏向较大的类别。请为较小的类别添加图片，或移除较大类别的部分图片。

images-few-shot = 不训练，直接试用
images-few-shot-hint = 根据特征将新图片与您的图片比较。训练后的效果通常更好。

images-table-about = 表格的每一列都是一个预测目标。部分图片会留作验证。
images-table-list = 部分图片
images-column = 列“{ $column }”
images-column-classes = { $count } 个类别中的一个。
images-column-labels = { $count } 个标签中的任意个，也可以没有。
images-column-range = { $lowest } 到 { $highest } 之间的数值。
images-column-constant = 始终为 { $value } 的数值。
images-column-number = 数值。
images-column-missing = { $count } 张图片没有值。
images-histogram = 数值的直方图，从 { $lowest } 到 { $highest }
images-advice-table-few = 用于训练的图片较少。请尽量提供 100 张以上且差异较大的图片。
images-advice-column-imbalance = 列“{ $column }”：“{ $largest }”有 { $most } 张图片，而“{ $smallest }”只有 { $least } 张。模型可能偏向较大的类别。请为较小的类别添加图片，或在高级选项中均衡类别权重。
images-advice-column-few = 列“{ $column }”：有 { $count } 个类别的图片少于 { $few } 张，几乎不足以训练。“{ $smallest }”有 { $least } 张。

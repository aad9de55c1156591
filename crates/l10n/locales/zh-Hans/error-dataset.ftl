error-dataset-no-images = 没有图片。请为每个类别添加 PNG、JPEG、WebP、GIF 或 BMP 图片。
error-dataset-one-class = 只有一个类别“{ $class }”。请至少添加一个其他类别的图片。
error-dataset-empty-class = 类别“{ $class }”没有图片。请添加图片，或移除该类别。
error-dataset-image = 无法使用图片“{ $name }”。{ $problem }
error-dataset-empty-task = 没有任何图片具有“{ $task }”的值。请填写，或删除该列。

error-dataset-missing-task = 模型会预测“{ $task }”，但数据中没有对应的列。请添加同名的列。
error-dataset-other-kind = “{ $task }”的值与训练数据中的类型不同。
error-dataset-unknown-class = 训练数据中没有“{ $class }”，只有{ $known }。请移除其图片或数据行，或将其重命名。

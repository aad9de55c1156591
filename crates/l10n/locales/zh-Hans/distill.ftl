distill-heading = 蒸馏小模型
distill-about = 小模型加载和预测更快，但独自学习的效果较差。在知识蒸馏中，由大模型（教师模型）来训练小模型（学生模型）：学生模型不仅学习每张图片的类别，还学习教师模型认为其他类别各有多大可能。
distill-settings = 小模型的设置
distill-size = 大小
distill-small = 小
distill-smallest = 最小
distill-small-about = 宽度为 ResNet18 的四分之一，深度为其一半：速度快，学习效果好。约 { $size }。
distill-smallest-about = 深度与 ResNet18 相同，宽度为其八分之一，适合对文件大小要求极高的场合。约 { $size }。
distill-epochs = 小模型的轮次
distill-epochs-help = 遍历全部图片的次数。小模型从随机权重开始，因此需要较多轮次。
distill-compare = 与不使用教师模型训练的同一模型比较
distill-compare-help = 显示教师模型的作用有多大。耗时更长。
distill-advanced = 蒸馏设置
distill-add-unlabeled = 添加无标签图片
distill-remove-unlabeled = 移除这些图片
distill-unlabeled = { $count ->
    [0] 教师模型可以为任何图片给出标签，因此这些图片不需要类别。
   *[other] 另有 { $count } 张无标签图片。
}

distill-start = 训练小模型
distill-stop = 停止蒸馏
distill-busy = 计算引擎正忙，结束后才能开始蒸馏。
distill-no-images = 小模型需要用图片训练。请在第 1 步中添加图片。
distill-no-classes = 教师模型传授的是类别概率。此模型没有类别，因此不能作为教师模型。
distill-invalid = 上方有一项设置的值无效。
distill-stopped = 蒸馏已停止，小模型未保留。
distill-download = 下载小模型

distill-training-without-teacher = 正在训练小模型（无教师）
distill-training-with-teacher = 正在训练小模型（有教师）
distill-epoch = 第 { $epoch } 个轮次，共 { $epochs } 个
distill-epoch-with-score = 第 { $epoch } 个轮次，共 { $epochs } 个，{ $score }
distill-verdict = 小模型的文件大小是教师模型的 1/{ $smaller }，预测速度是其 { $faster } 倍。小模型：{ $student }。教师模型：{ $teacher }。
distill-verdict-alone = 不使用教师模型训练的小模型：{ $score }。

distill-comparison = 各模型在验证图片上的比较
distill-teacher = 教师模型
distill-without-teacher = 小模型，无教师
distill-with-teacher = 小模型，有教师
distill-file = 文件
distill-images-per-second = 张/秒
distill-in-step-4 = 第 4 步
distill-use = 试用此模型
distill-in-use-named = 使用中：{ $model }
distill-use-named = 试用此模型：{ $model }

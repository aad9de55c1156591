train-continue = 继续训练

train-strategy-now = 当前：{ $strategy }。
train-strategy-without-card = 已在高级选项中选择“{ $strategy }”。

train-time = 预计用时
train-time-on-device = 在此设备上{ $time }
train-time-unknown = 未知，因为尚未测量此设备的速度
train-limit-images = 每个类别最多使用 { $count } 张图片：{ $time }

train-advanced = 高级选项
train-customized = 已修改
train-advanced-hint = 每个选项都有默认值，默认值取决于上面的选项。您设置的值会一直保留，直到您清空该字段或恢复默认值。
train-reset = 恢复默认值

train-group-strategy = 策略
train-group-optimization = 优化
train-group-learning-rate = 学习率
train-group-regularization = 正则化
train-group-loss = 损失与类别不均衡
train-group-augmentation = 数据增强
train-group-data = 数据
train-group-distillation = 知识蒸馏

train-default = 默认值：{ $value }。
train-word = 输入数字或“{ $word }”。
train-on = 开启
train-off = 关闭
train-custom = 自定义
train-custom-values = { $option }：数值
train-custom-hint = 用英文逗号分隔的非负数，例如 1, 0.5。

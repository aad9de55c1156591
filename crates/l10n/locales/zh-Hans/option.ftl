option-strategy = 策略
    .help = 训练网络的哪些部分，以及按什么顺序训练。
    .auto = 自动
    .auto-help = 根据图片数量选择合适的策略。
    .few-shot = 小样本
    .few-shot-help = 将每张图片与各类别的平均特征进行比较，无需训练。
    .probe = 线性探测
    .probe-help = 只训练新的分类头，特征仅计算一次。
    .last-k = 最后几个阶段
    .last-k-help = 训练分类头和骨干网络的最后几个阶段。
    .full = 全量微调
    .full-help = 训练网络的全部权重：速度最慢，通常也最准确。
    .probe-then-full = LP-FT（先线性探测，后微调）
    .probe-then-full-help = 先训练分类头，再以此为起点训练整个网络。
    .gradual = 逐步解冻
    .gradual-help = 每个轮次多解冻网络的一个部分，从分类头向输入端推进。
    .discriminative = 分层学习率
    .discriminative-help = 训练整个网络，越靠近输入端，学习率越低。
    .norm-only = 仅归一化层
    .norm-only-help = 训练分类头，以及所有批归一化层的缩放和平移参数。
    .bias-only = BitFit
    .bias-only-help = 训练分类头和网络的所有偏置。
    .l2-sp = L2-SP
    .l2-sp-help = 训练整个网络，并惩罚权重与预训练值之间的距离。
    .surgical = 外科手术式微调
    .surgical-help = 先训练分类头，再按数据对各部分的影响程度，以不同的速度训练各部分。

option-stages = 训练的阶段数
    .help = 从分类头数起，四个残差阶段中有几个参与训练。

option-epochs = 轮次
    .help = 训练时遍历全部训练图片的次数。

option-batch-size = 批大小
    .help = 每个优化步骤使用的图片数量。

option-optimizer = 优化器
    .help = 将梯度转换为权重更新的规则。
    .sgd = SGD
    .sgd-help = 带 Nesterov 动量的随机梯度下降。
    .adam = Adam
    .adam-help = 根据以往的梯度调整每个权重的步长。
    .adamw = AdamW
    .adamw-help = 采用解耦权重衰减的 Adam。

option-learning-rate = 学习率
    .help = 学习率调度达到峰值时，每次权重更新的幅度。

option-momentum = 动量
    .help = SGD 将上一次更新的多少带入下一次更新。

option-weight-decay = 权重衰减
    .help = 每一步都略微缩小权重，以减轻过拟合。

option-schedule = 学习率调度
    .help = 学习率在训练过程中如何变化。
    .constant = 恒定
    .constant-help = 学习率保持不变。
    .step = 阶梯
    .step-help = 每完成三分之一的训练，学习率除以 10。
    .exponential = 指数
    .exponential-help = 每个轮次后，学习率乘以 0.9。
    .cosine = 余弦
    .cosine-help = 学习率沿半个余弦波降至零。
    .one-cycle = 单周期
    .one-cycle-help = 学习率先升至峰值，再降到远低于初始值。
    .plateau = 停滞时降低
    .plateau-help = 验证损失连续三个轮次没有下降时，学习率除以 10。

option-warmup-epochs = 预热轮次
    .help = 学习率在多少个轮次内升至峰值。

option-label-smoothing = 标签平滑
    .help = 将目标概率中的这一比例平均分配给所有类别，避免预测过于自信。

option-gradient-accumulation = 梯度累积
    .help = 将每个批次分成若干份计算，以节省内存。

option-augmentation = 数据增强
    .help = 对训练图片进行随机变换，让网络看到更多样的图片。
    .none = 无
    .none-help = 使用原始图片。
    .light = 轻度
    .light-help = 翻转和小幅平移。
    .strong = 强
    .strong-help = 随机裁剪、翻转、颜色抖动和随机擦除。
    .automatic = TrivialAugment
    .automatic-help = 翻转、小幅平移，外加一种随机操作，强度也随机。
    .rand = RandAugment
    .rand-help = 翻转、小幅平移，外加两种随机操作，强度中等。

option-per-class = 每个类别的图片数
    .help = 每个类别最多使用这么多张图片训练，可缩短初次训练的时间；“all”表示使用全部图片。

option-validation-share = 验证集划分
    .help = 数据集没有自带验证集时，从每个类别中留出多大比例的图片用于验证。

option-size = 输入尺寸
    .help = 网络所见的正方形图片的边长，单位为像素；尺寸越大，细节越多，耗时也越长。

option-fit = 适配为正方形
    .help = 如何将非正方形的图片变为正方形。
    .crop = 中心裁剪
    .crop-help = 缩放短边，并保留长边的中心部分。
    .squash = 拉伸
    .squash-help = 不保持宽高比，直接缩放两条边，因此不会裁掉任何内容。

option-crop-fraction = 中心裁剪比例
    .help = 中心裁剪保留短边的比例，例如 0.875；1 表示全部保留。

option-strategy = 策略
    .help = 训练网络的哪些部分，以及按什么顺序训练。
    .auto = 自动
    .auto-help = 根据图片数量选择合适的策略。
    .few-shot = 小样本
    .few-shot-help = 将每张图片与各类别的平均特征比较，无需训练。
    .probe = 线性探测
    .probe-help = 只训练新的分类头，特征仅计算一次。
    .last-k = 最后几个阶段
    .last-k-help = 训练分类头和骨干网络的最后几个阶段。
    .full = 全量微调
    .full-help = 训练网络的全部权重：速度最慢，通常也最准确。
    .probe-then-full = LP-FT（先线性探测，后微调）
    .probe-then-full-help = 先训练分类头，再以此为起点训练整个网络。
    .gradual = 逐步解冻
    .gradual-help = 每隔几个轮次多解冻网络的一个部分，从分类头向输入端推进。
    .discriminative = 分层学习率
    .discriminative-help = 训练整个网络，越靠近输入端，学习率越低。
    .norm-only = 仅归一化层
    .norm-only-help = 训练分类头，以及所有批归一化层的缩放和平移参数。
    .bias-only = BitFit
    .bias-only-help = 训练分类头和网络的所有偏置。
    .l2-sp = L2-SP
    .l2-sp-help = 训练整个网络，并惩罚权重与预训练值之间的距离。
    .surgical = 外科手术式微调
    .surgical-help = 先训练分类头，再根据各部分的梯度大小，以不同的学习率训练各部分。
    .adaptive = 自适应微调
    .adaptive-help = 训练整个网络，若干轮次后，对梯度较小的部分降低学习率或将其冻结。

option-last-k = 训练的阶段数
    .help = 除分类头外，从分类头数起，四个残差阶段中有几个参与训练。

option-epochs = 轮次
    .help = 训练时遍历全部训练图片的次数；数据集越小，所需轮次越多。

option-probe-epochs = 线性探测轮次
    .help = 在正式训练的轮次之前，先单独训练分类头多少个轮次。

option-unfreeze-epochs = 解冻间隔
    .help = 逐步解冻时，每隔多少个轮次解冻网络的下一个部分。

option-adaptive-epochs = 自适应前的轮次
    .help = 先以相同的学习率训练各部分多少个轮次，之后再对梯度较小的部分降低学习率或将其冻结。

option-batch-size = 批大小
    .help = 每个优化步骤使用的图片数量；批大小越大，梯度越稳定，所需内存也越多。

option-gradient-accumulation = 梯度累积
    .help = 将每个批次分成这么多份依次计算，以节省内存；1 表示不拆分。

option-optimizer = 优化器
    .help = 将梯度转换为权重更新的规则。
    .sgd = SGD
    .sgd-help = 带动量的随机梯度下降。
    .adam = Adam
    .adam-help = 根据以往的梯度调整每个权重的步长。
    .adamw = AdamW
    .adamw-help = 采用解耦权重衰减的 Adam。

option-momentum = 动量
    .help = SGD 将上一次更新的多大比例带入下一次更新；0 表示不使用动量。

option-nesterov = Nesterov 动量
    .help = 在更新方向的前方计算梯度，收敛通常比普通动量更快。

option-clip-norm = 梯度裁剪
    .help = 将梯度的全局范数限制在此值以内，避免偶尔过大的梯度破坏训练的稳定性；“off”表示不裁剪。

option-freeze-norm = 冻结批归一化
    .help = 用预训练的滑动统计量而不是每个批次的统计量归一化，适合批大小较小的情况。

option-head-init = 分类头初始化
    .help = 新分类头的随机初始权重。
    .normal = 正态分布
    .normal-help = 从标准差为 0.01 的正态分布中抽取权重，偏置设为零，使各类别的初始概率大致相等。
    .kaiming = Kaiming 均匀分布
    .kaiming-help = 在 ±1/√n（n 为特征数）范围内均匀抽取权重和偏置，与 PyTorch 线性层的默认方式相同。

option-seed = 随机种子
    .help = 决定所有随机选择的数；在处理器上，使用相同的种子可完全复现一次训练。

option-learning-rate = 学习率
    .help = 学习率调度达到峰值时，每次权重更新的幅度；过高会使训练发散，过低则训练缓慢。

option-schedule = 学习率调度
    .help = 学习率在训练过程中如何变化。
    .cosine = 余弦
    .cosine-help = 学习率沿半个余弦波降至零。
    .one-cycle = 单周期
    .one-cycle-help = 学习率先升至峰值，再降到远低于初始值。
    .plateau = 停滞时降低
    .plateau-help = 验证损失不再下降时，学习率乘以衰减因子。
    .step = 阶梯
    .step-help = 每隔几个轮次，学习率乘以衰减因子。
    .exponential = 指数
    .exponential-help = 每个轮次后，学习率乘以衰减因子。
    .constant = 恒定
    .constant-help = 学习率保持不变。

option-step-epochs = 阶梯调度：间隔
    .help = 阶梯调度每隔多少个轮次将学习率乘以衰减因子。

option-decay-factor = 衰减因子
    .help = 学习率调度每次将学习率乘以此值；1 表示不降低。

option-plateau-patience = 停滞耐心轮次
    .help = 验证损失连续多少个轮次没有下降仍不降低学习率；0 表示一旦没有下降就降低学习率。

option-one-cycle-rise = 单周期调度：上升比例
    .help = 单周期调度中学习率上升阶段占整个训练的比例；其余时间学习率下降。

option-warmup-epochs = 预热轮次
    .help = 学习率在多少个轮次内升至峰值，以避免训练初期更新过大；0 表示直接从峰值开始，“auto”约为一个轮次。

option-layer-decay = 逐层学习率衰减
    .help = 网络的各部分向输入端每退一层，学习率所乘的系数，有助于保留通用特征；1 表示各部分的学习率相同。

option-weight-decay = 权重衰减
    .help = 每一步都略微缩小权重，以减轻过拟合；0 表示不使用。

option-decay-bias-and-norm = 对偏置和批归一化使用权重衰减
    .help = 权重衰减也作用于偏置以及批归一化的缩放和平移参数；通常不包括它们。

option-l1 = L1 正则化
    .help = 对权重绝对值的惩罚强度，使不重要的权重趋近于零；0 表示不使用。

option-l2-sp = L2-SP 强度
    .help = 将权重拉向预训练值的强度，适合训练图片较少的情况；0 表示不使用。

option-dropout = Dropout（随机失活）
    .help = 每一步将分类头之前的特征随机置零的比例，可减轻过拟合；0 表示不使用。

option-label-smoothing = 标签平滑
    .help = 将目标概率中的这一比例平均分配给所有类别，避免预测过于自信；0 表示不使用。

option-mixup-alpha = MixUp：α
    .help = 混合成对的训练图片及其标签，α（Beta 分布的参数）越大，混合越强，可减轻长时间训练的过拟合；0 表示不使用。

option-cutmix-alpha = CutMix：α
    .help = 将一张训练图片的矩形区域粘贴到另一张上，并混合两者的标签；α（Beta 分布的参数）决定区域面积的分布，1 表示各种面积的可能性相同，0 表示不使用。

option-ema-decay = 指数移动平均（EMA）：衰减率
    .help = 使用权重的移动平均值，每一步保留其中的这一比例（例如 0.999），可平滑更新中的噪声；“off”表示使用权重本身。

option-swa-start = 随机权重平均（SWA）：起点
    .help = 训练进行到多大比例（例如 0.75）后，开始对各轮次的权重求平均，泛化效果往往更好；“off”表示不求平均。

option-patience = 早停：耐心轮次
    .help = 验证结果连续这么多个轮次没有改善就结束训练，以节省时间；“off”表示训练全部轮次。

option-focal-gamma = 焦点损失：γ
    .help = γ 越大，已能识别的图片在损失中所占的比重越小，训练越集中于困难的图片；常用值为 2，0 即普通的交叉熵。

option-regression-loss = 回归损失
    .help = 数值列所用的损失。
    .huber = Huber 损失
    .huber-help = 误差较小时取平方，较大时为线性，因此异常值的影响较小。
    .mse = 均方误差（MSE）
    .mse-help = 对所有误差取平方，因此大误差的影响最大。

option-huber-delta = Huber 损失：δ
    .help = 误差超过此值时，Huber 损失变为线性；单位为训练图片数值的标准差。

option-class-weights = 类别权重
    .help = 各类别在损失中所占的权重，适合某些类别的图片远少于其他类别的情况。
    .equal = 相等
    .equal-help = 所有类别的权重相同。
    .balanced = 均衡
    .balanced-help = 类别权重与其图片数量成反比，使稀有类别与常见类别同等重要。

option-balanced-sampling = 均衡采样
    .help = 以相同的频率抽取各类别的训练图片，适合某些类别的图片远少于其他类别的情况。

option-task-weights = 任务权重
    .help = 表格的各列在损失中所占的权重。
    .equal = 相等
    .equal-help = 所有列的权重相同。
    .learned = 自动学习
    .learned-help = 在训练中根据各列预测的不确定性学习其权重。

option-augmentation = 数据增强
    .help = 随机变换训练图片，让网络看到更多样的图片。
    .none = 无
    .none-help = 使用原始图片。
    .light = 轻度
    .light-help = 翻转和小幅平移。
    .strong = 强
    .strong-help = 随机裁剪、翻转、颜色抖动和随机擦除。
    .trivial-augment = TrivialAugment
    .trivial-augment-help = 翻转、小幅平移，外加一种随机操作，强度也随机。
    .rand-augment = RandAugment
    .rand-augment-help = 翻转、小幅平移，外加几种强度相同的随机操作。

option-horizontal-flip = 水平翻转
    .help = 训练图片被左右翻转的概率；如果左右方向有意义（例如文字），请设为 0。

option-crop = 随机裁剪
    .help = 如何随机裁剪训练图片。
    .none = 无
    .none-help = 不随机裁剪。
    .pad = 填充后裁剪
    .pad-help = 先填充四边，再在随机位置裁剪，使图片略微平移。
    .resized = 随机缩放裁剪
    .resized-help = 将图片的随机部分缩放到输入尺寸，使位置和大小发生变化。

option-crop-padding = 随机裁剪：填充
    .help = 随机裁剪前每边填充的像素数；0 表示不平移图片。

option-crop-reflect = 随机裁剪：镜像填充
    .help = 用图片的镜像代替黑色填充。

option-crop-scale-min = 随机缩放裁剪：最小面积
    .help = 随机缩放裁剪所保留的面积占图片面积的最小比例。

option-crop-scale-max = 随机缩放裁剪：最大面积
    .help = 随机缩放裁剪所保留的面积占图片面积的最大比例；1 表示整张图片。

option-crop-ratio-min = 随机缩放裁剪：最小宽高比
    .help = 随机缩放裁剪区域的最小宽高比（宽 / 高）。

option-crop-ratio-max = 随机缩放裁剪：最大宽高比
    .help = 随机缩放裁剪区域的最大宽高比（宽 / 高）。

option-rand-augment-operations = RandAugment：操作数
    .help = 对每张训练图片应用多少种随机操作。

option-rand-augment-magnitude = RandAugment：强度
    .help = 随机操作的强度，从 0（最弱）到 30（最强）。

option-brightness = 颜色抖动：亮度
    .help = 训练图片的亮度随机变化的最大比例，例如 0.3 表示 70% 至 130%；0 表示不变。

option-contrast = 颜色抖动：对比度
    .help = 训练图片的对比度随机变化的最大比例，例如 0.3 表示 70% 至 130%；0 表示不变。

option-saturation = 颜色抖动：饱和度
    .help = 训练图片的饱和度随机变化的最大比例，例如 0.3 表示 70% 至 130%；0 表示不变。

option-hue = 颜色抖动：色相
    .help = 训练图片的色相在色环上向两个方向随机旋转的最大比例；0 表示不变。

option-erasing-probability = 随机擦除：概率
    .help = 擦除训练图片中随机矩形区域的概率，避免网络依赖单一细节；0 表示不使用。

option-erasing-scale-min = 随机擦除：最小面积
    .help = 擦除区域占图片面积的最小比例。

option-erasing-scale-max = 随机擦除：最大面积
    .help = 擦除区域占图片面积的最大比例。

option-erasing-ratio-min = 随机擦除：最小高宽比
    .help = 擦除矩形的最小高宽比（高 / 宽）。

option-erasing-ratio-max = 随机擦除：最大高宽比
    .help = 擦除矩形的最大高宽比（高 / 宽）。

option-cache-views = 激活缓存：每张图片的版本数
    .help = 为每张图片的多少个增强版本保存冻结层的激活值，可加快后续轮次；0 表示每个轮次重新计算。

option-distillation-weight = 蒸馏权重
    .help = 损失中比较学生模型与教师模型 logits（而不是标签）的部分所占的比例；0 表示只用标签，1 表示只用教师模型。

option-temperature = 温度
    .help = 比较前，教师模型与学生模型的 logits 都除以此值；温度越高，越能体现教师模型赋予低概率类别的概率。

search-method = 搜索方法
search-halving = 连续减半
search-halving-about = 先用少量轮次训练许多候选设置，再将最好的三分之一训练三倍的轮次，依此类推。
search-random = 随机搜索
search-random-about = 完整训练每个候选设置。全面，但较慢。
search-grid = 网格搜索
search-grid-about = 完整训练所有取值的组合。所需训练次数最多，因此请只选择少数策略。

search-trials = 试验次数
search-trials-help = 尝试多少种随机组合。次数越多，找到的设置越好，用时也越长。
search-points = 每个数值的取值个数
search-points-help = 组合多少个学习率和多少个权重衰减，在对数尺度上均匀分布。
search-epochs = 完整训练的轮次
search-epochs-help = 指全量微调的轮次。通常训练更久的策略会按比例获得更多轮次。
search-more-options = 更多搜索选项
search-lowest = { $option }：最小值
search-highest = { $option }：最大值
search-factor-help = 默认值的倍数；默认值取决于策略。

search-time = 预计用时
search-runs-and-time = 约 { $runs } 次训练，在此设备上{ $time }
search-runs-time-unknown = 约 { $runs } 次训练；首次训练前无法估计用时

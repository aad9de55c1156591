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

search-not-whole = 请输入整数，例如 8。
search-not-positive = 请输入大于 0 的数，例如 0.5。
search-not-above-lowest = 最大值必须大于最小值。
search-select-value = 请至少选择“{ $option }”的一个值。

search-heading = 超参数搜索
search-about = 很难事先知道哪些设置最适合您的图片。超参数搜索会用许多组合训练，并在验证图片上比较结果。您可以随时停止搜索，只要此页面保持打开，之后还可以继续。
search-settings = 搜索设置
search-start = 开始搜索
search-start-hint = 搜索结束或停止后才能训练。
search-start-new = 开始新的搜索
search-start-new-hint = 上一次搜索的结果将被丢弃。
search-continue = 继续搜索
search-continue-hint = “{ search-continue }”会重做被中断的训练，然后完成其余训练。“{ search-start-new }”会丢弃已有结果。
search-stop = 停止搜索
search-stop-hint = 搜索将在当前步之后停止。已完成训练的结果会保留，只需重做当前的训练。
search-busy = 计算引擎正忙。该工作完成后即可开始搜索。

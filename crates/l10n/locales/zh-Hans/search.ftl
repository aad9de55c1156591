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
search-bounds-help = 请输入大于 0 的数。

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

search-preparing = 正在准备图片：{ $done } / { $total }
search-run-caching = 第 { $run } 次训练，共约 { $runs } 次（{ $strategy }）：正在计算特征
search-run-training = 第 { $run } 次训练，共约 { $runs } 次（{ $strategy }）：第 { $epoch } 个轮次，共 { $epochs } 个
search-started = 搜索已开始。
search-runs-finished = 已完成 { $runs } 次训练。
search-finished = 搜索已完成，共 { $runs } 次训练。
search-stopped = 已停止，完成了约 { $runs } 次训练中的 { $done } 次。
search-best-score = 最高得分为 { $score }。
search-best-score-so-far = 目前最高得分为 { $score }。
search-all-failed = 尚无成功的试验。
search-other-basis = 这些结果来自其他图片或其他模型。当前的图片和模型无法继续此次搜索，但可以开始新的搜索。

search-ranking = 最好的试验
search-ranking-hint = 按验证图片上的得分排序。训练更久的试验排在前面，因为其结果更可靠。
search-mean-score-hint = 得分是各列的平均值：类别为准确率，标签为 mAP，数值为 R²；最高 100%。
search-failed = 失败
search-setting = { $option }：{ $value }
search-settings-of-trial = { $settings }；{ $epochs } 个轮次
search-trial-failed = 失败：{ $settings }。
search-best-trial = 目前最佳，{ $score }：{ $settings }。
search-ranked-trial = 第 { $rank } 名，{ $score }：{ $settings }。
search-use-best = 使用最佳设置
search-use-best-hint = 将其复制到上方的设置中。
search-best-used = 上方的设置就是最佳设置。开始训练即可使用。

search-chart = 图表
search-chart-label = 从最好到最差的试验
search-score-by-rate = 按学习率
search-score-by-rate-hint = 每个标记是一次试验。越高越好；标记越大，训练越久。
search-all-options = 所有选项
search-all-options-hint = 每条线是一次试验，从其设置连到得分。颜色越深越好。
search-best = 最佳

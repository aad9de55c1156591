error-search-no-options = 请至少选择一个要搜索的选项。
error-search-unknown-option = 没有名为“{ $key }”的选项可供搜索。
error-search-no-values = 请至少列出“{ $option }”的一个要尝试的值。
error-search-repeated-value = “{ $option }”的值 { $value } 重复列出。每个值请只列出一次。
error-search-bounds = “{ $option }”的搜索范围不能是 { $low } 到 { $high }。最小值应大于 0，最大值应大于最小值。
error-search-no-epochs = 完整训练至少需要 1 个轮次。
error-search-no-grid-points = 网格搜索中，每个数值至少要取 1 个值。
error-search-trial-count = 搜索不能有 { $found } 次试验。请输入 1 到 { $limit } 之间的数。
error-search-halving-factor = 减半系数不能是 { $found }。请输入 2、3 或 4。
error-search-shortest-trial = { $epochs ->
    [1] 最短的试验不能是 { $found } 个轮次。请输入 { $epochs }。
   *[other] 最短的试验不能是 { $found } 个轮次。请输入 1 到 { $epochs } 之间的数。
}
error-search-grid-too-large = 该网格有 { $found } 种组合，最多只能尝试 { $limit } 种。请减少取值，或改用随机搜索。
error-search-unexpected-report = 搜索此时不需要第 { $trial } 次试验在第 { $rung } 级的结果。请继续执行它要求的训练。
error-search-unrestorable = 保存的搜索前后矛盾，或由其他版本保存。请开始新的搜索。

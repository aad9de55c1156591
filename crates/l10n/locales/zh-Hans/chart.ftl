chart-reading = { $axis } { $position }：{ $values }
chart-series-value = { $series } { $value }
chart-empty = { $chart }：暂无内容

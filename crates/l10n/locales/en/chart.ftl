### Charts as they are read with the keyboard and by screen readers.

# $axis: what the horizontal axis shows, such as "Epoch"; $position: a value there; $values: those of the lines
chart-reading = { $axis } { $position }: { $values }
# $series: the name of a line
chart-series-value = { $series } { $value }
# $chart: the name of a chart
chart-empty = { $chart }: nothing to show yet

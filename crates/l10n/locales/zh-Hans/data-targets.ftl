data-targets-no-labels = 无
data-targets-of-task = { $task }：{ $value }
data-targets-separator = ；

### Why tasks cannot be learned, or a target does not fit its task.

error-task-none = There is no task. Name at least one thing to predict.
# $position (Number)
error-task-no-name = Task { $position } has no name. Give it one.
error-task-same-name = Two tasks are named “{ $task }”. Rename one of them.
error-task-too-few-classes = { $count ->
    [0] The task “{ $task }” has no classes. It needs at least 2.
    [one] The task “{ $task }” has only 1 class. It needs at least 2.
   *[other] The task “{ $task }” has { $count } classes. It needs at least 2.
}
error-task-no-labels = The task “{ $task }” has no labels. It needs at least 1.
error-task-same-class = The task “{ $task }” has the class or label “{ $name }” twice. Rename one of them.
error-task-standardization = The task “{ $task }” has the mean { $mean } and the standard deviation { $deviation }. Both must be finite, and the standard deviation must be greater than 0.
# $found (Number)
# $expected (Number)
error-task-target-count = The number of targets ({ $found }) is not the number of tasks ({ $expected }).
# $class (Number)
# $classes (Number)
error-task-class-out-of-range = The target is class { $class }, but the task “{ $task }” has only { $classes } classes, counted from 0.
# $found (Number)
# $expected (Number)
error-task-label-count = The target has { $found } labels, but the task “{ $task }” has { $expected }.
error-task-not-finite = The target of the task “{ $task }” is not a finite number.
error-task-other-kind = The target of the task “{ $task }” is of another kind than the task.

### What is known of an image, such as “breed: pug; age: 3.5”.

# None of the labels of a task apply to the image.
data-targets-no-labels = none
# $task: its name; $value: a class, labels or a number
data-targets-of-task = { $task }: { $value }
data-targets-separator = { "; " }

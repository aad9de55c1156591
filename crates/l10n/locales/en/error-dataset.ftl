### Why a dataset cannot be used.

error-dataset-no-images = There are no images. Add PNG, JPEG, WebP, GIF or BMP images to each class.
error-dataset-one-class = There is only one class, “{ $class }”. Add images of at least one other class.
error-dataset-empty-class = The class “{ $class }” has no images. Add some, or remove the class.
# $problem: sentences
error-dataset-image = The image “{ $name }” cannot be used. { $problem }
error-dataset-empty-task = No image has a value for “{ $task }”. Add values, or remove the column.

# The targets of a dataset are mapped to the tasks of a trained model, or of the training set.
error-dataset-missing-task = The model predicts “{ $task }”, but these data have no such column. Add a column with this name.
error-dataset-other-kind = The values of “{ $task }” are of another kind than in the training data.
# $known: names in quotation marks
error-dataset-unknown-class = “{ $class }” is not in the training data, which have { $known }. Remove its images or rows, or rename it.

### Why a model file cannot be used. See also error-weights.ftl.

error-model-no-head = The file has no classification head, so it cannot classify images. Train it first.
# $reason: one or more sentences
error-model-unread-head = The file has no usable classification head, so it cannot classify images. { $reason } Train it first.
# $named (Number): how many classes, labels and numbers the file names. $outputs (Number): how many outputs the head has
error-model-output-names = The file names { $named } outputs, but its head has { $outputs }. Export it again.

### Why a training run could not start or go on.

error-train-tasks = The training and the validation images have different classes or columns. Both need the same ones.
# $loss: such as "NaN"; $rate: a learning rate
# $step (Number)
error-train-not-finite = The loss became { $loss } in step { $step }, so training stopped. The last good weights are kept. Try a learning rate below { $rate }.
error-train-nothing-to-validate = { error-worker-no-validation-images } The few-shot strategy needs no validation.
error-train-no-rate = This strategy does not train, so it has no learning rate to find. Choose another strategy.
error-train-nothing-trained = Training was stopped before its first step. There is no model to keep.

### Why a trial of a hyperparameter search has no result.

# $step (Number)
# $rate: a learning rate
error-trial-diverged = The loss became infinite or NaN at step { $step }, with the learning rate { $rate }.
error-trial-not-finite = The score, the loss or the time of the run is infinite or NaN.
error-trial-no-result = The run ended without a result.

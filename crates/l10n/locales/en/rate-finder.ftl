### The learning-rate finder.

rate-finder-start = Find a learning rate
rate-finder-stop = Stop the finder
rate-finder-about = Tests increasing learning rates in a separate short run of at most a hundred steps, and suggests one.
rate-finder-preparing = Preparing…
# $tested (Number)
# $most (Number)
rate-finder-testing = Tested { $tested } of at most { $most } learning rates.
# $rate: a learning rate
rate-finder-suggestion = Suggested: { $rate }, where the loss falls steeply.
rate-finder-no-suggestion = The loss did not fall at any learning rate. Use the recommended one.
rate-finder-stopped = Stopped before the loss fell. Run the finder to its end, or use the recommended learning rate.
rate-finder-use = Use { $rate }
rate-finder-chart-hint = The smoothed loss by learning rate, on a logarithmic scale.
rate-finder-loss = smoothed loss

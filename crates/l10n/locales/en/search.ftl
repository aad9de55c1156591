### Hyperparameter search, in step 3.

search-method = Search method
search-halving = Successive halving
search-halving-about = Trains many candidates for a few epochs, then the best third of them three times as long, and so on.
search-random = Random search
search-random-about = Trains every candidate in full. Thorough, but slow.
search-grid = Grid search
search-grid-about = Trains every combination of the values in full. This takes by far the most runs, so select few strategies.

search-trials = Number of trials
search-trials-help = How many random combinations are tried. More of them find better settings and take longer.
search-points = Values per number
search-points-help = How many learning rates and how many weight decays are combined, evenly spaced on a logarithmic scale.
search-epochs = Epochs of a full run
search-epochs-help = For full fine-tuning. Strategies that usually train longer get proportionally more epochs.
search-more-options = More options to search
# $option: such as "Weight decay"
search-lowest = { $option }: lowest
search-highest = { $option }: highest
search-factor-help = A multiple of the default, which depends on the strategy.

search-time = Estimated time
search-runs-and-time = { $runs ->
    [one] about { $runs } run, { $time } on this device
   *[other] about { $runs } runs, { $time } on this device
}
search-runs-time-unknown = { $runs ->
    [one] about { $runs } run; the time is unknown before the first one
   *[other] about { $runs } runs; the time is unknown before the first ones
}

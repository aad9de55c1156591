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

search-not-whole = Enter a whole number, such as 8.
search-not-positive = Enter a number above 0, such as 0.5.
search-not-above-lowest = The highest value must be above the lowest one.
search-select-value = Select at least one value of “{ $option }”.

search-heading = Hyperparameter search
search-about = It is hard to know in advance which settings suit your images best. A hyperparameter search trains with many combinations and compares their results on the validation images. You can stop it, and continue it later while this page is open.
search-settings = Search settings
search-start = Start the search
search-start-hint = You can train when the search has ended or is stopped.
search-start-new = Start a new search
search-start-new-hint = The results of the previous search are discarded.
search-continue = Continue the search
search-continue-hint = “{ search-continue }” repeats the interrupted run, then makes the remaining ones. “{ search-start-new }” discards the results.
search-stop = Stop the search
search-stop-hint = The search stops after the current step. The results of finished runs are kept; only the current run has to be repeated.
search-busy = The engine is busy. The search can start when that work has finished.

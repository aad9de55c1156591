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
search-bounds-help = Enter a number above 0.

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

# What the current run does
# $done (Number)
# $total (Number)
search-preparing = Preparing images: { $done } of { $total }
# $run (Number)
# $runs (Number)
search-run-caching = Run { $run } of about { $runs } ({ $strategy }): computing features
# $run (Number)
# $runs (Number)
# $epoch (Number)
# $epochs (Number)
search-run-training = Run { $run } of about { $runs } ({ $strategy }): epoch { $epoch } of { $epochs }
search-started = The search has started.
search-runs-finished = { $runs ->
    [one] { $runs } run has finished.
   *[other] { $runs } runs have finished.
}
search-finished = { $runs ->
    [one] The search has finished after { $runs } run.
   *[other] The search has finished after { $runs } runs.
}
# $done (Number)
search-stopped = { $runs ->
    [one] Stopped after { $done } of about { $runs } run.
   *[other] Stopped after { $done } of about { $runs } runs.
}
search-best-score = The best score is { $score }.
search-best-score-so-far = The best score so far is { $score }.
search-all-failed = No trial has succeeded yet.
search-other-basis = These results are of other images or another model than the current ones. You cannot continue the search with these, but you can start a new one.

search-ranking = Best trials
search-ranking-hint = Ranked by the score on the validation images. Longer runs come first, because their results are more reliable.
search-mean-score-hint = The score is the mean over all columns: accuracy for classes, mAP for labels and R² for numbers; at most 100%.
search-failed = failed
search-setting = { $option }: { $value }
search-settings-of-trial = { $settings }; { $epochs ->
    [one] { $epochs } epoch
   *[other] { $epochs } epochs
}
search-trial-failed = Failed: { $settings }.
search-best-trial = Best so far, { $score }: { $settings }.
# $rank (Number): in the order of the scores
search-ranked-trial = Rank { $rank }, { $score }: { $settings }.
search-use-best = Use the best settings
search-use-best-hint = Copies them into the settings above.
search-best-used = The settings above are the best ones. Start training to use them.

search-chart = Chart
search-chart-label = Trials from best to worst
search-score-by-rate = By learning rate
search-score-by-rate-hint = Each mark is a trial. Higher is better; larger marks were trained longer.
search-all-options = All options
search-all-options-hint = Each line is a trial, from its settings to its score. A stronger color is better.
# Beside the best mark of a chart
search-best = best

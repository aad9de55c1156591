### A training option has an invalid value.

# $option: its label; $problem: one of the sentences below
error-option-invalid = “{ $option }” is invalid: { $problem }

error-option-not-a-number = “{ $found }” is not a number. Enter one such as 0.5.
error-option-not-a-whole-number = “{ $found }” is not a whole number. Enter one such as 8.
error-option-not-a-switch = “{ $found }” is neither true nor false.
# $allowed: a list of words
error-option-not-a-choice = “{ $found }” cannot be chosen. Choose { $allowed }.
# $words: such as "equal or balanced"
error-option-not-weights = “{ $found }” cannot be used. Enter { $words }, or numbers separated by commas, such as 1, 0.5.

error-option-not-above = { $found } is too small. Enter a number above { $min }.
error-option-below = { $found } is too small. Enter { $min } or more.
error-option-not-from-to = { $found } is out of range. Enter a number from { $min } to { $max }.
error-option-not-above-to = { $found } is out of range. Enter a number above { $min } and at most { $max }.
error-option-not-from-below = { $found } is out of range. Enter a number from { $min } to below { $max }.
error-option-not-between = { $found } is out of range. Enter a number between { $min } and { $max }.

error-option-single-image = Batch norm cannot normalize a single image. Enter 2 or more, or freeze batch norm.
error-option-longer-than-run = { $epochs ->
    [one] { $found } epochs are longer than the run, which has { $epochs } epoch.
   *[other] { $found } epochs are longer than the run, which has { $epochs } epochs.
}
# $maximum: the label of another option; $max: its value
error-option-above-maximum = { $found } is above “{ $maximum }”, which is { $max }.
error-option-weights = { $expected ->
    [one] Enter { $expected } number above 0.
   *[other] Enter { $expected } numbers of 0 or more, separated by commas, at least one of them above 0.
}
# $other: the label of another option
error-option-excludes = This cannot be combined with “{ $other }”. Turn one of them off.
error-option-needs-classes = Few-shot needs images in classes, because it uses the mean features of each class. Choose another strategy.
error-option-several-class-columns = Numbers are possible only if the first column has classes and no other column has. Choose “balanced” or “equal”.

### Why a hyperparameter search cannot start or go on.

error-search-no-options = Choose at least one option to search.
error-search-unknown-option = There is no option “{ $key }” to search.
# $option: the label of an option
error-search-no-values = List at least one value of “{ $option }” to try.
error-search-repeated-value = The value { $value } of “{ $option }” is listed twice. List each value once.
# $low, $high: numbers
error-search-bounds = “{ $option }” cannot be searched from { $low } to { $high }. Enter a lowest value above 0 and a highest value above the lowest one.
error-search-no-epochs = Enter at least 1 epoch for a full run.
error-search-no-grid-points = Enter at least 1 value per number for a grid search.
# $found (Number)
# $limit (Number)
error-search-trial-count = A search cannot have { $found } trials. Enter a number from 1 to { $limit }.
# $found (Number)
error-search-halving-factor = The halving factor cannot be { $found }. Enter 2, 3 or 4.
# $found (Number)
error-search-shortest-trial = { $epochs ->
    [one] The shortest trial cannot have { $found } epochs. Enter { $epochs }.
   *[other] The shortest trial cannot have { $found } epochs. Enter a number from 1 to { $epochs }.
}
# $found (Number)
# $limit (Number)
error-search-grid-too-large = The grid has { $found } combinations, but at most { $limit } can be tried. Choose fewer values, or use random search.
# $trial (Number): counted from 1
# $rung (Number): counted from 1
error-search-unexpected-report = The search does not expect a result of trial { $trial } at rung { $rung } now. Continue with the run that it asks for.
error-search-unrestorable = The saved search is inconsistent, or was saved by another version. Start a new search.

### The results of the trained model on the validation images.

# $task: what is predicted; $title: the heading of a section
results-task-section = { $task }: { $title }
results-per-class = Accuracy per class
results-per-class-hint = On the validation images, which were not used for training. The class with the lowest accuracy comes first.
# $correct (Number)
# $total (Number)
results-correct-of = { $correct } of { $total }
results-per-label = Average precision per label
results-per-label-hint = With the images sorted by the probability of the label, the average precision is 100% if all images that have it come first. The label with the lowest average precision comes first.
# $map: the mean average precision; $threshold: a probability; $f1: the F1 score
results-labels-summary = The mean average precision (mAP) is { $map }. If labels with a probability of at least { $threshold } are predicted, the F1 score is { $f1 }.
results-errors = Errors of the predicted numbers
# $error: a number
results-mae = The mean absolute error (MAE) is { $error }.
results-r2-unknown = There are too few validation images to tell how much of the differences the model explains.
# $r2: R², a number
results-r2-useless = That is no better than always predicting the mean (R² = { $r2 }). The images may not show the number.
# $share: R² as a percentage; $r2: R², a number
results-r2 = The model explains { $share } of the variance (R² = { $r2 }).
results-scatter-hint = Each point is a validation image: its true value to the right, the predicted value upwards. On the line, both are equal.
results-scatter = Predicted by true values
results-scatter-true = true
results-scatter-predicted = predicted
# $truth, $predicted: numbers
results-scatter-point = True value { $truth }, predicted { $predicted }

results-confusion = Confusion matrix
results-confusion-of-task = Confusion matrix of { $task }
results-confusion-hint = Each row is a true class and each column a predicted class, counted in validation images.
results-confusion-corner = true \ predicted
# $shown (Number)
results-confusion-hidden = { $hidden ->
    [one] The { $shown } most confused classes are shown; { $hidden } other is not.
   *[other] The { $shown } most confused classes are shown; { $hidden } others are not.
}
results-confusion-empty = There were no validation images.
results-confusion-perfect = No image was predicted as another class.
results-most-confused = { $count ->
    [one] Most often confused: “{ $label }” predicted as “{ $predicted }”, { $count } time.
   *[other] Most often confused: “{ $label }” predicted as “{ $predicted }”, { $count } times.
}

results-mistakes = Worst mistakes
results-mistakes-none = None: all validation images were classified correctly.
results-mistakes-hint = Look for images in the wrong class, and for kinds of images of which there are too few.
# $confidence: a probability
results-mistake = “{ $label }” predicted as “{ $predicted }” ({ $confidence })

# $epoch (Number)
# $accuracy: a percentage; $f1: a number
results-summary = The model of epoch { $epoch } is kept. Its validation accuracy is { $accuracy } and its mean F1 score { $f1 }.
# $epoch (Number)
results-summary-score = The model of epoch { $epoch } is kept. Its validation score is { $score }.
results-summary-unknown = This model was loaded from a file, or its run was stopped before the first validation. Its accuracy is unknown.

results-accuracy = accuracy { $accuracy }
results-score = score { $score }
# $error: a number
results-typical-error = mean absolute error in validation: { $error }

### Step 3: starting a training run, what it shows while it runs, and its result.

run-lead = The model is fine-tuned on your images. The settings below suit your images; change them if you like.
run-settings = Settings
run-start = Start training
run-measuring = Measuring how fast this device is. Training starts in a few seconds.
run-continue-hint = “{ train-continue }” resumes the run where it ended, with its settings. “{ run-start }” starts a new run.
run-pause = Pause
run-resume = Resume
run-stop = Stop
run-controls-hint = “{ run-pause }” takes effect after the next step. “{ run-stop }” ends the run and keeps the model; you can continue the run later. The settings can be changed when the run has ended.
run-paused-hint = The run is paused. “{ run-resume }” continues where it was paused.
run-stopping-hint = The run stops after this step. The model is kept.

run-no-images = There are no images to train on yet.
run-one-class = Only one class has images. Classification needs at least two.
run-empty-class = The class “{ $class }” has no images. Add some, or remove the class.
run-lone-image = The class “{ $class }” has only one image. Training needs at least two: one to learn from and one for validation. “{ images-few-shot }” at the end of step 1 works with one.
run-choose-images = Choose images
run-go-to-images = Go to the images
# $setting: the label of the setting
run-invalid-value = “{ $setting }” has an invalid value.
run-go-to-setting = Go to the setting
run-busy-rate-finder = The learning-rate finder is running. Training can start when it has finished.
run-busy-search = A hyperparameter search is running. Training can start when it has finished.
run-busy-distillation = A small model is being trained. Training can start when that has finished.
run-busy-loading = Another model is being loaded. Training can start when that has finished.
run-engine-stopped = The engine is not running. Restart it first.

run-starting = Starting
# What a run is doing
run-phase-none = Not started
run-phase-preparing = Preparing images
run-phase-caching = Computing features
run-phase-training = Training
run-phase-validating = Validating
run-phase-paused = Paused
run-phase-stopped = Stopped
run-phase-finished = Finished
run-phase-failed = Failed
# $time: such as "about 2 min"
run-time-left = { $time } left
run-estimating = Estimating the remaining time
# $step (Number)
# $total (Number)
run-step-of = step { $step } of { $total }
# $done (Number)
run-images-of = { $total ->
    [one] { $done } of { $total } image
   *[other] { $done } of { $total } images
}
run-epoch = Epoch
run-step = Step
run-speed = Speed
run-learning-rate = Learning rate
# Such as “3 of 12”
# $done (Number)
# $total (Number)
run-done-of = { $done } of { $total }
run-data = { $train ->
    [one] Training on { $train } image
   *[other] Training on { $train } images
} and validating on { $validation ->
    [one] { $validation } other
   *[other] { $validation } others
}. { $parameters ->
    [one] { $parameters } parameter is trained.
   *[other] { $parameters } parameters are trained.
}
run-data-without-validation = { $train ->
    [one] Training on { $train } image
   *[other] Training on { $train } images
}, without validation. { $parameters ->
    [one] { $parameters } parameter is trained.
   *[other] { $parameters } parameters are trained.
}

# Charts: what they show, and the lines in them
run-loss = Loss
run-lower-is-better = lower is better
run-higher-is-better = higher is better
run-accuracy = accuracy
run-map = mAP
run-r2 = R²
run-score = score
# Headings
run-accuracy-heading = Accuracy
run-score-heading = Score
run-training = training
run-validation = validation
run-guessing = guessing
run-no-steps = No step has finished yet.
run-no-epochs = No epoch has finished yet.
run-loss-fell = The training loss fell from { $from } to { $to }.
run-loss-rose = The training loss went from { $from } to { $to }.
# $epoch (Number)
run-validation-loss = The validation loss after epoch { $epoch } is { $loss }.
# $epoch (Number)
run-epoch-accuracies = Epoch { $epoch }: accuracy { $training } in training and { $validation } in validation.
# $epoch (Number)
# $metric: such as "mAP"
run-epoch-validation = Epoch { $epoch }: { $metric } { $score } in validation.
# $epoch (Number)
# $metric: such as "accuracy"
run-best-validation = Best validation { $metric }: { $score } in epoch { $epoch }.

run-batch = Images of the current batch
run-batch-hint = As the model sees them: cropped to a square and, where enabled, augmented.
run-batch-image = Image of { $class }
run-batch-image-unlabeled = Image

run-not-validated = There were no images left for validation, so the accuracy of the model is unknown.
run-try = Try it on an image
# $epoch (Number)
run-best-accuracy = best validation accuracy so far, in epoch { $epoch }
# $epoch (Number)
run-best-map = best validation mAP so far, in epoch { $epoch }
# $epoch (Number)
run-best-r2 = best validation R² so far, in epoch { $epoch }
# $epoch (Number)
run-best-score = best validation score so far, in epoch { $epoch }
# $epoch (Number)
run-kept-accuracy = validation accuracy, reached in epoch { $epoch }; that model is kept
# $epoch (Number)
run-kept-map = validation mAP, reached in epoch { $epoch }; that model is kept
# $epoch (Number)
run-kept-r2 = validation R², reached in epoch { $epoch }; that model is kept
# $epoch (Number)
run-kept-score = validation score, reached in epoch { $epoch }; that model is kept

# $chance: what guessing achieves, such as "12.5%"
run-recognizes-all = { $classes ->
    [one] The model recognizes all images it was not trained on. Guessing { $classes } class would achieve { $chance }.
   *[other] The model recognizes all images it was not trained on. Guessing one of { $classes } classes would achieve { $chance }.
}
run-recognizes-nearly-all = { $classes ->
    [one] The model recognizes nearly all images it was not trained on. Guessing { $classes } class would achieve { $chance }.
   *[other] The model recognizes nearly all images it was not trained on. Guessing one of { $classes } classes would achieve { $chance }.
}
# $tenths (Number): 1 to 9
run-recognizes-tenths = { $classes ->
    [one] The model recognizes about { $tenths } in 10 images it was not trained on. Guessing { $classes } class would achieve { $chance }.
   *[other] The model recognizes about { $tenths } in 10 images it was not trained on. Guessing one of { $classes } classes would achieve { $chance }.
}
run-recognizes-few = { $classes ->
    [one] The model recognizes fewer than 1 in 10 images it was not trained on. Guessing { $classes } class would achieve { $chance }.
   *[other] The model recognizes fewer than 1 in 10 images it was not trained on. Guessing one of { $classes } classes would achieve { $chance }.
}
run-no-better-than-chance = That is no better than chance. More or clearer images, or fine-tuning more of the model, may help.
run-unreliable = That is better than chance, but not reliable yet.
# $training, $validation: accuracies
run-overfitting = The model is overfitting: its accuracy is { $training } on training images, but { $validation } on validation images. More images help most. Among the advanced options, stronger augmentation, MixUp, CutMix or dropout can help too.

# Announced to screen readers
# $epoch (Number)
# $epochs (Number)
run-epoch-accuracy = Epoch { $epoch } of { $epochs } finished. Validation accuracy { $score }.
# $epoch (Number)
# $epochs (Number)
run-epoch-map = Epoch { $epoch } of { $epochs } finished. Validation mAP { $score }.
# $epoch (Number)
# $epochs (Number)
run-epoch-r2 = Epoch { $epoch } of { $epochs } finished. Validation R² { $score }.
# $epoch (Number)
# $epochs (Number)
run-epoch-score = Epoch { $epoch } of { $epochs } finished. Validation score { $score }.
run-finished-accuracy = Training finished. Best validation accuracy { $score }.
run-finished-map = Training finished. Best validation mAP { $score }.
run-finished-r2 = Training finished. Best validation R² { $score }.
run-finished-score = Training finished. Best validation score { $score }.
run-finished-not-validated = Training finished. There were no images left for validation.

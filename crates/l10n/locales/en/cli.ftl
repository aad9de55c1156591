### What the command line prints. Its help is in src/cli/args.rs, in English.

# $problem: sentences
cli-error = Error: { $problem }
# $problem: sentences
cli-warning = Warning: { $problem }
# $reason: sentences
cli-skipped = Skipped “{ $file }”: { $reason }

# Next to a progress bar
# $done, $total: such as “12 MB”; $time: such as “about 2 min”
cli-progress = { $done } / { $total }, { $time } left
cli-downloading = Downloading { $model }
cli-evaluating = Evaluating
cli-measuring-gradients = Measuring gradients
cli-recalibrating = Recalibrating batch norm
cli-searching = Searching
cli-testing-rates = Testing learning rates
# $epoch (Number)
cli-epoch-loss = Epoch { $epoch }, loss { $loss }

# $few (Number)
cli-few-images = { $count ->
    [one] The class { $classes } has fewer than { $few } training images, so its accuracy is unreliable.
   *[other] The classes { $classes } have fewer than { $few } training images, so their accuracy is unreliable.
}
# $problem: sentences
cli-cache-dropped = Training continues without the activation cache, which makes it slower. { $problem }
cli-option-unused = --{ $flag } has no effect with the other options.
# $rates: parts of the network, such as “layer4 50%, head 100%”
cli-part-rates = Learning rates relative to that of the run: { $rates }.
# $metrics: such as “accuracy 96.9%”; $speed: such as “53 images/s”
# $epoch (Number)
cli-epoch = Epoch { $epoch }: training loss { $training }, validation loss { $validation }, { $metrics }, { $speed }{ $best ->
    [true] , best so far
   *[false] { "" }
}
# $training, $validation: accuracies
cli-overfitting = The model is overfitting: its accuracy is { $training } on training images, but { $validation } on validation images. More images help most. --mixup-alpha 0.2, --augmentation trivial-augment or --dropout 0.3 can help too.
# $metrics: such as “accuracy 96.9%”
# $epoch (Number)
cli-result = Best epoch: { $epoch }, with these results on the validation images: { $metrics }.
cli-trained = Training took { $time }. The results are in “{ $folder }”.
# $command: such as “train”
cli-stopped = Stopped early. Continue with “tunelab { $command } --resume --out { $folder }”.
cli-stopping = Stopping after this step. Press Ctrl-C again to exit immediately.
# $problem: the operating system’s own words
cli-no-interrupt-handler = Ctrl-C will end the program without saving ({ $problem }).
# $problem: the operating system’s own words
cli-temporary-file = The temporary file “{ $file }” could not be deleted ({ $problem }). Delete it.

# Metrics; $r2: R², a number
cli-map = mAP { $map }
cli-mae = MAE { $mae }
cli-mae-and-r2 = MAE { $mae }, R² { $r2 }
cli-rmse = RMSE of { $task }
# $metrics: such as “accuracy 96.9%”
cli-evaluated = { $images ->
    [one] { $images } image: { $metrics }, loss { $loss }
   *[other] { $images } images: { $metrics }, loss { $loss }
}
# $prediction: such as “cat 98%, dog 2%”
cli-prediction = { $file }: { $prediction }

# $rate, $default: learning rates
cli-suggested-rate = Suggested learning rate: { $rate } (default: { $default }). Use it with “--learning-rate { $rate }”.

# $settings: such as “Strategy: Linear probe; Learning rate: 0.5 × default”
# $trial (Number)
cli-trial = Trial { $trial }, { $epochs ->
    [one] { $epochs } epoch
   *[other] { $epochs } epochs
}: score { $score } ({ $settings })
# $settings: as above; $reason: sentences
# $trial (Number)
cli-trial-failed = Trial { $trial } failed ({ $settings }). { $reason }
cli-setting-multiple = { $option }: { $factor } × default
# $trial (Number)
cli-best-trial = Best: trial { $trial }, score { $score }. Train with “tunelab train --config { $file }”.

cli-teacher-without-classes = The teacher has no class probabilities to pass on, so the student learns from the labels and numbers alone.
# $metrics: such as “accuracy 96.9%”; $speed: such as “53 images/s”
cli-compared-model = { $model }: { $metrics }, { $size }, { $speed }
cli-student-saved = The small model is in “{ $file }”.

# $parameters: such as “11.2 million”; $size: such as “22.6 MB”
cli-weights = { $file }: { $architecture }, { $parameters } parameters, { $size }
cli-head = { $classes ->
    [one] It has a classification head with { $classes } output.
   *[other] It has a classification head with { $classes } outputs.
}
cli-no-head = It has no classification head. It can be trained, but cannot classify images yet.
# $reason: one or more sentences
cli-unread-head = It has no usable classification head. { $reason } It can be trained, but cannot classify images yet.
cli-tensor-prefix = The names of its tensors begin with “{ $prefix }”.
cli-unused-tensors = { $count ->
    [one] { $count } other tensor of the file is not used.
   *[other] { $count } other tensors of the file are not used.
}
cli-number = a number
cli-input-size = Input size: { $size }

# Downloads
# $reason: a sentence
cli-download-retry = Downloading { $url } failed. { $reason } Trying again.
cli-download-damaged = “{ $path }” is damaged. Downloading it again.
cli-download-waiting = Waiting for another process that downloads the same file.

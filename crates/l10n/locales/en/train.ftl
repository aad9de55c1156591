### Step 3: the options of a training run.

train-continue = Continue training

train-strategy-now = Currently: { $strategy }.
train-strategy-without-card = “{ $strategy }” is selected in the advanced options.

train-time = Estimated time
train-time-on-device = { $time } on this device
train-time-unknown = unknown, because the speed of this device has not been measured
train-limit-images = { $count ->
    [one] Use at most { $count } image per class: { $time }
   *[other] Use at most { $count } images per class: { $time }
}

train-advanced = Advanced options
train-customized = customized
train-advanced-hint = Every option has a default, which depends on the options above. A value that you set stays until you clear its field or restore the defaults.
train-reset = Restore the defaults

train-group-strategy = Strategy
train-group-optimization = Optimization
train-group-learning-rate = Learning rate
train-group-regularization = Regularization
train-group-loss = Loss and imbalance
train-group-augmentation = Augmentation
train-group-data = Data
train-group-distillation = Knowledge distillation

# $value: of an option that the user has set to another value
train-default = Default: { $value }.
# $word: such as "off", written instead of a number
train-word = Enter a number or “{ $word }”.
train-on = on
train-off = off
# One’s own weights, instead of “equal” or “balanced”
train-custom = Custom
# $option: such as "Class weights"
train-custom-values = { $option }: values
train-custom-hint = Numbers of 0 or more, separated by commas, such as 1, 0.5.

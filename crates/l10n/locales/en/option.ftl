### The options of a training run, looked up by their keys (Texts::label_of_option and the like).
###
### option-<key> = the label
###     .help = one sentence that explains the option
###     .<choice> = the label of a choice
###     .<choice>-help = one sentence that explains the choice

option-strategy = Strategy
    .help = Which parts of the network are trained, and in which order.
    .auto = Automatic
    .auto-help = Chooses a strategy that suits the number of images.
    .few-shot = Few-shot
    .few-shot-help = Compares each image with the mean features of every class, without any training.
    .probe = Linear probe
    .probe-help = Trains only a new head on features that are computed once.
    .last-k = Last stages
    .last-k-help = Trains the head and the last stages of the backbone.
    .full = Full fine-tuning
    .full-help = Trains all weights of the network: slowest, and often the most accurate.
    .probe-then-full = LP-FT
    .probe-then-full-help = Trains the head first, then the whole network from there.
    .gradual = Gradual unfreezing
    .gradual-help = Unfreezes one more part of the network in each epoch, from the head towards the input.
    .discriminative = Discriminative learning rates
    .discriminative-help = Trains the whole network, with lower learning rates closer to the input.
    .norm-only = Norm only
    .norm-only-help = Trains the head and the scale and shift of every batch norm layer.
    .bias-only = BitFit
    .bias-only-help = Trains the head and every bias of the network.
    .l2-sp = L2-SP
    .l2-sp-help = Trains the whole network and penalizes the distance from its pretrained weights.
    .surgical = Surgical fine-tuning
    .surgical-help = Trains the head first, then each part at a rate that depends on how strongly the data change it.

option-stages = Trained stages
    .help = How many of the four stages of residual blocks are trained, counted from the head.

option-epochs = Epochs
    .help = How many times training goes through all training images.

option-batch-size = Batch size
    .help = How many images each optimizer step uses.

option-optimizer = Optimizer
    .help = The rule that turns gradients into weight updates.
    .sgd = SGD
    .sgd-help = Stochastic gradient descent with Nesterov momentum.
    .adam = Adam
    .adam-help = Adapts the step size of each weight to its past gradients.
    .adamw = AdamW
    .adamw-help = Adam with decoupled weight decay.

option-learning-rate = Learning rate
    .help = The size of each weight update at the peak of the schedule.

option-momentum = Momentum
    .help = How much of the previous update SGD carries over to the next one.

option-weight-decay = Weight decay
    .help = Shrinks the weights a little at every step, which reduces overfitting.

option-schedule = Schedule
    .help = How the learning rate changes during training.
    .constant = Constant
    .constant-help = Keeps the learning rate the same.
    .step = Step
    .step-help = Divides the learning rate by 10 after each third of the run.
    .exponential = Exponential
    .exponential-help = Multiplies the learning rate by 0.9 after each epoch.
    .cosine = Cosine
    .cosine-help = Lowers the learning rate to zero along half a cosine wave.
    .one-cycle = One-cycle
    .one-cycle-help = Raises the learning rate to its peak, then lowers it far below its start.
    .plateau = Reduce on plateau
    .plateau-help = Divides the learning rate by 10 when the validation loss has not fallen for three epochs.

option-warmup-epochs = Warmup epochs
    .help = For how many epochs the learning rate rises to its peak.

option-label-smoothing = Label smoothing
    .help = Spreads this share of the target evenly over all classes, which keeps predictions from becoming overconfident.

option-gradient-accumulation = Gradient accumulation
    .help = Computes each batch in this many pieces, which saves memory.

option-augmentation = Augmentation
    .help = Random changes to the training images, so that the network sees more variety.
    .none = None
    .none-help = Uses the images as they are.
    .light = Light
    .light-help = Flips and small shifts.
    .strong = Strong
    .strong-help = Random crops, flips, color jitter and random erasing.
    .automatic = TrivialAugment
    .automatic-help = Flips, small shifts, and one random operation of random strength.
    .rand = RandAugment
    .rand-help = Flips, small shifts, and two random operations of medium strength.

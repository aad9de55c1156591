### The options of a training run, looked up by their keys (Texts::label_of_option and the like).
###
### option-<key> = the label
###     .help = one sentence that explains the option
###     .<choice> = the label of a choice
###     .<choice>-help = one sentence that explains the choice

## Data and strategy

option-per-class = Images per class
    .help = Trains on at most this many images of each class, which shortens a first run; “all” uses every image.

option-validation-share = Validation split
    .help = The fraction of each class’s images that is held out for validation, if the dataset has no validation set of its own.

option-size = Input size
    .help = The side of the square image that the network sees, in pixels; larger images show more detail and take longer.

option-fit = Fit to square
    .help = How an image that is not square becomes square.
    .crop = Center crop
    .crop-help = Resizes the shorter side and keeps the center of the longer one.
    .squash = Squash
    .squash-help = Resizes both sides and ignores the aspect ratio, so that nothing is cut off.

option-crop-fraction = Center crop fraction
    .help = The fraction of the shorter side that the center crop keeps, such as 0.875; 1 keeps all of it.

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
    .gradual-help = Unfreezes one more part of the network every few epochs, from the head towards the input.
    .discriminative = Discriminative learning rates
    .discriminative-help = Trains the whole network, with lower learning rates closer to the input.
    .norm-only = Norm only
    .norm-only-help = Trains the head and the scale and shift of every batch norm layer.
    .bias-only = BitFit
    .bias-only-help = Trains the head and every bias of the network.
    .l2-sp = L2-SP
    .l2-sp-help = Trains the whole network and penalizes the distance from its pretrained weights.
    .surgical = Surgical fine-tuning
    .surgical-help = Trains the head first, then each part at a learning rate that depends on the size of its gradients.
    .adaptive = Adaptive fine-tuning
    .adaptive-help = Trains the whole network, and after some epochs slows down or freezes the parts with small gradients.

option-last-k = Trained stages
    .help = How many of the four stages of residual blocks are trained with the head, counted from the head.

option-epochs = Epochs
    .help = How many times training goes through all training images; small datasets need more epochs.

option-probe-epochs = Linear probe epochs
    .help = For how many epochs only the head is trained, before the epochs of the run.

option-unfreeze-epochs = Unfreezing interval
    .help = After how many epochs gradual unfreezing adds the next part of the network.

option-adaptive-epochs = Epochs before adaptation
    .help = For how many epochs all parts are trained alike, before those with small gradients are slowed down or frozen.

## Optimization

option-batch-size = Batch size
    .help = How many images each optimizer step uses; larger batches give steadier gradients and need more memory.

option-gradient-accumulation = Gradient accumulation
    .help = Computes each batch in this many pieces, which saves memory; 1 computes it at once.

option-optimizer = Optimizer
    .help = The rule that turns gradients into weight updates.
    .sgd = SGD
    .sgd-help = Stochastic gradient descent with momentum.
    .adam = Adam
    .adam-help = Adapts the step size of each weight to its past gradients.
    .adamw = AdamW
    .adamw-help = Adam with decoupled weight decay.

option-momentum = Momentum
    .help = The fraction of the previous update that SGD carries over to the next one; 0 turns momentum off.

option-nesterov = Nesterov momentum
    .help = Evaluates the gradient ahead of the update, which often converges faster than plain momentum.

option-clip-norm = Gradient clipping
    .help = Scales gradients down to at most this global norm, which keeps rare large gradients from destabilizing training; “off” does not clip.

option-freeze-norm = Freeze batch norm
    .help = Normalizes with the pretrained running statistics instead of those of each batch, which helps with small batches.

option-head-init = Head initialization
    .help = The random weights with which the new head starts.
    .normal = Normal
    .normal-help = Draws weights from a normal distribution with a standard deviation of 0.01 and sets biases to zero, so that all classes start about equally likely.
    .kaiming = Kaiming uniform
    .kaiming-help = Draws weights and biases uniformly from ±1/√n for n features, as PyTorch does for linear layers.

option-seed = Seed
    .help = The number that determines all random choices: on the processor, the same seed repeats a run exactly.

## Learning rate

option-learning-rate = Learning rate
    .help = The size of each weight update at the peak of the schedule; training diverges if it is too high and is slow if it is too low.

option-schedule = Schedule
    .help = How the learning rate changes during training.
    .cosine = Cosine
    .cosine-help = Lowers the learning rate to zero along half a cosine wave.
    .one-cycle = One-cycle
    .one-cycle-help = Raises the learning rate to its peak, then lowers it far below its start.
    .plateau = Reduce on plateau
    .plateau-help = Multiplies the learning rate by the decay factor when the validation loss stops falling.
    .step = Step
    .step-help = Multiplies the learning rate by the decay factor every few epochs.
    .exponential = Exponential
    .exponential-help = Multiplies the learning rate by the decay factor after each epoch.
    .constant = Constant
    .constant-help = Keeps the learning rate the same.

option-step-epochs = Step schedule: interval
    .help = After how many epochs the step schedule multiplies the learning rate by the decay factor.

option-decay-factor = Decay factor
    .help = The factor by which the schedule multiplies the learning rate each time; 1 does not lower it.

option-plateau-patience = Plateau patience
    .help = For how many epochs the schedule tolerates a validation loss that does not fall before it lowers the learning rate; 0 lowers it after the first such epoch.

option-one-cycle-rise = One-cycle schedule: rise
    .help = The fraction of the run in which the one-cycle schedule raises the learning rate; it falls for the rest.

option-warmup-epochs = Warmup epochs
    .help = For how many epochs the learning rate rises to its peak, which avoids large updates at the start; 0 starts at the peak, and “auto” takes about one epoch.

option-layer-decay = Layer-wise learning rate decay
    .help = The factor on the learning rate from each part of the network to the next one towards the input, which preserves general features; 1 trains all parts at the same rate.

## Regularization

option-weight-decay = Weight decay
    .help = Shrinks the weights a little at every step, which reduces overfitting; 0 turns it off.

option-decay-bias-and-norm = Decay biases and batch norm
    .help = Applies weight decay also to biases and to the scale and shift of batch norm, which are usually left out.

option-l1 = L1 regularization
    .help = The strength of a penalty on the absolute values of the weights, which drives unimportant weights towards zero; 0 turns it off.

option-l2-sp = L2-SP strength
    .help = The strength of a pull towards the pretrained weights, which helps with few training images; 0 turns it off.

option-dropout = Dropout
    .help = The fraction of the features before the head that is set to zero at random in each step, which reduces overfitting; 0 turns it off.

option-label-smoothing = Label smoothing
    .help = Spreads this fraction of the target evenly over all classes, which keeps predictions from becoming overconfident; 0 turns it off.

option-mixup-alpha = MixUp: alpha
    .help = Blends pairs of training images and their labels, more strongly the larger alpha (of a Beta distribution) is, which reduces overfitting in long runs; 0 turns it off.

option-cutmix-alpha = CutMix: alpha
    .help = Pastes a rectangle of one training image into another and mixes their labels; alpha (of a Beta distribution) sets how its area varies, 1 makes all areas equally likely, and 0 turns it off.

option-ema-decay = Exponential moving average (EMA): decay
    .help = Uses a moving average of the weights that keeps this fraction of itself at every step, such as 0.999, which smooths out noisy updates; “off” uses the weights themselves.

option-swa-start = Stochastic weight averaging (SWA): start
    .help = The fraction of the run after which the weights of all epochs are averaged, such as 0.75, which often generalizes better; “off” does not average.

option-patience = Early stopping: patience
    .help = Ends the run after this many epochs without a better validation result, which saves time; “off” trains all epochs.

## Loss and imbalance

option-focal-gamma = Focal loss: gamma
    .help = Counts images that are already recognized less, the larger gamma is, so that training concentrates on hard ones; 2 is common, and 0 is plain cross-entropy.

option-regression-loss = Regression loss
    .help = The loss of columns that contain numbers.
    .huber = Huber loss
    .huber-help = Squared for small errors and linear for large ones, so that outliers count less.
    .mse = Mean squared error (MSE)
    .mse-help = Squares every error, so that large errors count most.

option-huber-delta = Huber loss: delta
    .help = The error above which the Huber loss is linear, in standard deviations of the training images’ numbers.

option-class-weights = Class weights
    .help = How much each class counts in the loss, which matters if some classes have far fewer images than others.
    .equal = Equal
    .equal-help = Counts all classes alike.
    .balanced = Balanced
    .balanced-help = Weights each class inversely to its number of images, so that rare classes count as much as common ones.

option-balanced-sampling = Balanced sampling
    .help = Draws training images of all classes equally often, which helps if some classes have far fewer images than others.

option-task-weights = Task weights
    .help = How much each column of a table counts in the loss.
    .equal = Equal
    .equal-help = Counts all columns alike.
    .learned = Learned
    .learned-help = Learns during training how much each column counts, from the uncertainty of its predictions.

## Augmentation

option-augmentation = Augmentation
    .help = Random changes to the training images, so that the network sees more variety.
    .none = None
    .none-help = Uses the images as they are.
    .light = Light
    .light-help = Flips and small shifts.
    .strong = Strong
    .strong-help = Random crops, flips, color jitter and random erasing.
    .trivial-augment = TrivialAugment
    .trivial-augment-help = Flips, small shifts, and one random operation of random strength.
    .rand-augment = RandAugment
    .rand-augment-help = Flips, small shifts, and a few random operations of the same strength.

option-horizontal-flip = Horizontal flip
    .help = The probability that a training image is mirrored; use 0 if left and right matter, as in text.

option-crop = Random crop
    .help = How training images are cropped at random.
    .none = None
    .none-help = Does not crop at random.
    .pad = Pad and crop
    .pad-help = Pads all sides, then crops at a random position, which shifts the image a little.
    .resized = Random resized crop
    .resized-help = Resizes a random part of the image to the input size, which varies position and scale.

option-crop-padding = Random crop: padding
    .help = How many pixels are added on each side before the random crop; 0 does not shift the image.

option-crop-reflect = Random crop: reflect
    .help = Fills the padding with the mirrored image instead of black.

option-crop-scale-min = Random resized crop: minimum area
    .help = The smallest fraction of the image’s area that a random resized crop keeps.

option-crop-scale-max = Random resized crop: maximum area
    .help = The largest fraction of the image’s area that a random resized crop keeps; 1 is the whole image.

option-crop-ratio-min = Random resized crop: minimum aspect ratio
    .help = The smallest aspect ratio (width / height) of a random resized crop.

option-crop-ratio-max = Random resized crop: maximum aspect ratio
    .help = The largest aspect ratio (width / height) of a random resized crop.

option-rand-augment-operations = RandAugment: operations
    .help = How many random operations are applied to each training image.

option-rand-augment-magnitude = RandAugment: magnitude
    .help = How strong the random operations are, from 0, the weakest, to 30, the strongest.

option-brightness = Color jitter: brightness
    .help = The brightness of training images varies at random by up to this fraction, so 0.3 means 70% to 130%; 0 turns it off.

option-contrast = Color jitter: contrast
    .help = The contrast of training images varies at random by up to this fraction, so 0.3 means 70% to 130%; 0 turns it off.

option-saturation = Color jitter: saturation
    .help = The color saturation of training images varies at random by up to this fraction, so 0.3 means 70% to 130%; 0 turns it off.

option-hue = Color jitter: hue
    .help = The hue of training images is rotated at random by up to this fraction of the color circle, in both directions; 0 turns it off.

option-erasing-probability = Random erasing: probability
    .help = The probability that a random rectangle of a training image is erased, so that the network does not rely on a single detail; 0 turns it off.

option-erasing-scale-min = Random erasing: minimum area
    .help = The smallest fraction of the image’s area that is erased.

option-erasing-scale-max = Random erasing: maximum area
    .help = The largest fraction of the image’s area that is erased.

option-erasing-ratio-min = Random erasing: minimum aspect ratio
    .help = The smallest aspect ratio (height / width) of the erased rectangle.

option-erasing-ratio-max = Random erasing: maximum aspect ratio
    .help = The largest aspect ratio (height / width) of the erased rectangle.

option-cache-views = Activation cache: versions per image
    .help = For how many augmented versions of each image the activations of the frozen layers are kept, which makes later epochs faster; 0 computes them anew in each epoch.

## Knowledge distillation

option-distillation-weight = Distillation weight
    .help = The fraction of the loss that compares the student with the teacher’s logits instead of the labels; 0 uses only the labels and 1 only the teacher.

option-temperature = Temperature
    .help = Divides the logits of teacher and student before they are compared; a higher value shows more of the probabilities that the teacher assigns to unlikely classes.

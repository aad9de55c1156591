### Knowledge distillation: training a small model (the student) to imitate the trained one (the teacher).

distill-heading = Distill a small model
distill-about = A small model loads and predicts faster, but learns less well on its own. In knowledge distillation, the large model (the teacher) trains it: the small one (the student) learns not only the class of each image, but also how likely the teacher considers all other classes.
distill-settings = Settings of the small model
distill-size = Size
distill-small = Small
distill-smallest = Smallest
# $size: of the file
distill-small-about = A quarter of the width and half of the depth of ResNet18: fast, and learns well. About { $size }.
distill-smallest-about = The depth of ResNet18 and an eighth of its width, for when every kilobyte counts. About { $size }.
distill-epochs = Epochs of the small model
distill-epochs-help = How many times it goes through all images. It starts from random weights, so it needs many.
distill-compare = Compare with the same model trained without the teacher
distill-compare-help = Shows how much the teacher helps. Takes longer.
distill-advanced = Distillation settings
distill-add-unlabeled = Add unlabeled images
distill-remove-unlabeled = Remove them
distill-unlabeled = { $count ->
    [0] The teacher can label any image, so these need no class.
    [one] { $count } additional image without a label.
   *[other] { $count } additional images without labels.
}

distill-start = Train the small model
distill-stop = Stop distillation
distill-busy = The engine is busy. Distillation can start when that work has finished.
distill-no-images = The small model is trained on images. Add some in step 1.
distill-no-classes = The teacher passes on its class probabilities. This model has no classes, so it cannot be a teacher.
distill-invalid = A setting above has an invalid value.
distill-stopped = Distillation was stopped. The small model is not kept.
distill-download = Download the small model

distill-training-without-teacher = Training the small model without the teacher
distill-training-with-teacher = Training the small model with the teacher
# $epoch (Number)
# $epochs (Number)
distill-epoch = Epoch { $epoch } of { $epochs }
# $epoch (Number)
# $epochs (Number)
# $score: the validation score so far
distill-epoch-with-score = Epoch { $epoch } of { $epochs }, { $score }
# $smaller, $faster: how many times, such as "8.3"; $student, $teacher: such as "accuracy 95%"
distill-verdict = The file of the small model is { $smaller } times smaller, and it predicts { $faster } times faster. Small model: { $student }. Teacher: { $teacher }.
distill-verdict-alone = Small model trained without the teacher: { $score }.

distill-comparison = Comparison of the models on the validation images
distill-teacher = Teacher
distill-without-teacher = Small, without teacher
distill-with-teacher = Small, with teacher
distill-file = File
distill-images-per-second = Images per second
distill-in-step-4 = In step 4
distill-use = Try this one
# $model: the name of one of the compared models
distill-in-use-named = In use: { $model }
distill-use-named = Try this one: { $model }

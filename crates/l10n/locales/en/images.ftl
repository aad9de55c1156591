### Step 1: images, their classes and how they get here.

images-lead = Sort your images into classes, the categories that the model learns to tell apart.

images-sample = Sample images
images-sample-about = Drawn shapes in eight classes, generated on this device. Good for a first try.
images-use-sample = Use the sample images

images-own = Your own images
images-own-about = Drop a folder that contains one folder per class anywhere on this page. Or drop images together with a table (CSV) of classes, labels or numbers. You can also add a class below and add images to it.
images-own-formats = JPEG, PNG, WebP, GIF or BMP. Use at least 20 images per class.
images-choose-folder = Choose a folder

images-cifar = CIFAR-10 or CIFAR-100
images-cifar-about = 60,000 small photos (32 × 32 px) in 10 or 100 classes, often used to compare models. Download the binary version and choose its files, packed or unpacked.
images-cifar-page = CIFAR download page
images-cifar100-labels = Labels of CIFAR-100
images-cifar100-fine = 100 classes
images-cifar100-coarse = 20 superclasses
images-cifar100-both = Both
images-use-cifar = Use CIFAR-10 from this site
images-choose-cifar = Choose CIFAR files

images-sources-hint = Each of these replaces the images below. Single images that you drop here become a new class.

images-none = No images yet
images-total = { $images ->
    [one] { $images } image
   *[other] { $images } images
} in { $classes ->
    [one] { $classes } class
   *[other] { $classes } classes
}
# $validation (Number)
images-total-with-validation = { $images ->
    [one] { $images } image
   *[other] { $images } images
} in { $classes ->
    [one] { $classes } class
   *[other] { $classes } classes
}, plus { $validation } for validation
images-total-of-table = { $images ->
    [one] { $images } image with a table
   *[other] { $images } images with a table
}
# $validation (Number)
images-total-of-table-with-validation = { $images ->
    [one] { $images } image with a table
   *[other] { $images } images with a table
}, plus { $validation } for validation
images-of-class = { $images ->
    [one] { $images } image
   *[other] { $images } images
}
# $validation (Number)
images-of-class-with-validation = { $images ->
    [one] { $images } image
   *[other] { $images } images
}, plus { $validation } for validation
images-has-validation = These images come with a validation set, which is not used for training.

images-classes = Classes
images-add-class = Add a class
# The name of a class without one yet
# $number (Number)
images-new-class = Class { $number }
images-class-name = Name of class { $class }
images-add = Add images
images-add-to-class = Add images to { $class }
images-remove-class = Remove class
images-remove-named-class = Remove class { $class }
images-remove-all = Remove all images
images-list = Images of { $class }
images-remove = Remove { $image }
images-keyboard-help = Use the arrow keys to move between images and Delete to remove one.
images-show-more = Show more
images-show-more-of-class = Show more images of { $class }

images-undo = Undo
images-removed-class = { $images ->
    [0] Removed the class “{ $class }”.
    [one] Removed the class “{ $class }” with { $images } image.
   *[other] Removed the class “{ $class }” with { $images } images.
}
images-removed-image = Removed “{ $image }”.
images-removed-all = { $images ->
    [one] Removed everything, including { $images } image.
   *[other] Removed everything, including { $images } images.
}
images-replaced = { $images ->
    [one] The new images replaced { $images } image.
   *[other] The new images replaced { $images } images.
}

# $done (Number)
# $total (Number)
images-loading = Loading images: { $done } of { $total }
# $received: such as "17.0 MB"
images-downloading = Downloading: { $received }
images-downloading-of = Downloading: { $received } of { $total }
images-searching = { $files ->
    [one] Searching the folder: { $files } file found
   *[other] Searching the folder: { $files } files found
}
images-no-files = There are no files to use here. Drop or choose a folder, images or a model file.
# $count (Number)
images-unreadable = The browser could not read { $count } of the dropped files and folders.
images-skipped = { $count ->
    [one] { $count } file was skipped
   *[other] { $count } files were skipped
}
# $count (Number)
images-skipped-more = and { $count } more

images-advice-one-class = “{ $class }” is the only class. Add at least one more, because the model learns to tell classes apart.
# $classes: names in quotation marks
images-advice-empty = { $count ->
    [one] { $classes } has no images yet. Add some, or remove the class.
   *[other] { $classes } have no images yet. Add some, or remove these classes.
}
# $few (Number)
images-advice-few = { $count ->
    [one] { $classes } has fewer than { $few } images, which is hardly enough for training.
   *[other] { $classes } have fewer than { $few } images, which is hardly enough for training.
} Aim for 20 or more that differ as much as possible. For a first result, one image per class is enough: select “{ images-few-shot }” below.
# $few (Number)
images-advice-too-few = { $count ->
    [one] { $classes } has fewer than { $few } images, which is hardly enough for training.
   *[other] { $classes } have fewer than { $few } images, which is hardly enough for training.
} Training needs at least two images per class, one of them for validation. Aim for 20 or more that differ as much as possible. For a first result, one image per class is enough: select “{ images-few-shot }” below.
# $most (Number)
# $least (Number)
images-advice-imbalance = “{ $largest }” has { $most } images, but “{ $smallest }” only { $least }. The model may favor the larger class. Add images to the smaller class, or remove some of the larger one.

images-few-shot = Try it now, without training
images-few-shot-hint = Compares a new image with yours by their features. Training usually gives better results.

images-table-about = Each column of the table is something to predict. Some of the images are held out for validation.
images-table-list = Some of the images
images-column = Column { $column }
images-column-classes = { $count ->
    [one] One of { $count } class.
   *[other] One of { $count } classes.
}
images-column-labels = { $count ->
    [one] Any of { $count } label, or none.
   *[other] Any of { $count } labels, or none.
}
images-column-range = A number from { $lowest } to { $highest }.
images-column-constant = A number that is always { $value }.
images-column-number = A number.
images-column-missing = { $count ->
    [one] { $count } image has no value.
   *[other] { $count } images have no value.
}
images-histogram = Histogram of the values, from { $lowest } to { $highest }
images-advice-table-few = These are few images for training. Aim for 100 or more that differ as much as possible.
# $most (Number)
# $least (Number)
images-advice-column-imbalance = Column “{ $column }”: “{ $largest }” has { $most } images, but “{ $smallest }” only { $least }. The model may favor the larger class. Add images to the smaller class, or balance the class weights in the advanced options.
# $few (Number)
# $least (Number)
images-advice-column-few = { $count ->
    [one] Column “{ $column }”: one class has fewer than { $few } images, which is hardly enough for training. “{ $smallest }” has { $least }.
   *[other] Column “{ $column }”: { $count } classes have fewer than { $few } images, which is hardly enough for training. “{ $smallest }” has { $least }.
}

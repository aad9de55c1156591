### Why a folder is not a dataset of class folders.

error-folder-no-images = The folder has no images. It must contain one folder per class, with JPEG, PNG, WebP, GIF or BMP images in each.
# $kind: such as "a HEIC image"; $remedy: a sentence
error-folder-only-unsupported = { $count ->
    [one] The only image is { $kind }, which tunelab cannot read. { $remedy }
   *[other] None of the images can be read. { $count } of them are of this kind: { $kind }. { $remedy }
}
# $kind: such as "a zip archive"
error-folder-archive = “{ $file }” is { $kind }. Unpack it and choose the folder that contains one folder per class.
# $kind: such as "a text file"
error-folder-other-file = “{ $file }” is { $kind }. Choose a folder that contains one folder of images per class, or a table of images (CSV).
# $dataset: such as "CIFAR-10"
error-folder-cifar-for-python = This is the Python version of { $dataset }, which cannot be read. Download the binary version, { $archive }, from the same page.
error-folder-object-detection = This is a dataset for object detection or segmentation: it has annotations instead of class folders. Create one folder per class and move each image into the folder of its class.
error-folder-no-classes = { $count ->
    [one] The only image is not in a class folder. Create one folder per class and move each image into the folder of its class.
   *[other] The { $count } images are not sorted into classes. Create one folder per class and move each image into the folder of its class.
}
error-folder-one-class = All images are in one class folder, “{ $class }”. Add at least one more folder, with images of another class.
error-folder-no-train = There is a folder “{ $found }” but no folder “train” next to it. Choose the folder that contains both.
# $classes: names in quotation marks
error-folder-unknown-classes = The folder “{ $folder }” has classes that the training folder does not have: { $classes }. Remove them, or add training images of these classes.
# $reason: sentences about the first image
error-folder-none-readable = { $count ->
    [one] The only image could not be read. { $reason }
   *[other] None of the { $count } images could be read. The first one: { $reason }
}

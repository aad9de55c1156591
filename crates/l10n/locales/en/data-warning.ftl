### Warnings about data that can be used. Lists of names have quotation marks already.

data-warning-empty-classes = { $count ->
    [one] The folder { $folders } has no usable images, so it is not used as a class. Add images to it if the model should learn this class.
   *[other] The folders { $folders } have no usable images, so they are not used as classes. Add images to them if the model should learn these classes.
}
# $groups: such as “Cat” / “cat”
data-warning-similar-classes = Some classes differ only in upper and lower case, spaces or hyphens: { $groups }. If they are the same class, give them the same name.
data-warning-not-validated = { $count ->
    [one] The class { $classes } has no validation images, so its accuracy cannot be measured.
   *[other] The classes { $classes } have no validation images, so their accuracy cannot be measured.
}
data-warning-nested-classes = The folder “{ $folder }” is used as one class, with the images of { $folders }. If those are the classes, choose the folder “{ $folder }” itself.
data-warning-nested-splits = The folder “{ $folder }” is used as one class, and its folders { $folders } are not used as splits. Create the folders “train” and “val”, with the class folders in each of them.
data-warning-unsorted-folder = { $count ->
    [one] The folder “{ $folder }” is not used, because its image is not in a class folder.
   *[other] The folder “{ $folder }” is not used, because its { $count } images are not sorted into class folders.
}
data-warning-unused-folder = { $count ->
    [one] The folder “{ $folder }” (1 image) is not used, because “{ $used }” is used for validation. You can evaluate the trained model on it.
   *[other] The folder “{ $folder }” ({ $count } images) is not used, because “{ $used }” is used for validation. You can evaluate the trained model on it.
}
data-warning-second-train-folder = The folder “{ $folder }” is not used, because “{ $used }” is used for training. Move their images into one folder.
data-warning-names-not-utf8 = { $count ->
    [one] The file or folder name { $names } is not UTF-8. The invalid bytes are shown as \xNN.
   *[other] { $count } file or folder names are not UTF-8: { $names }. The invalid bytes are shown as \xNN.
}
data-warning-incomplete-images = { $count ->
    [one] The image “{ $example }” ends early or is damaged. Its readable part is used. Copy or download it again.
   *[other] { $count } images end early or are damaged, for example “{ $example }”. Their readable parts are used. Copy or download them again.
}
data-warning-same-in-two-classes = { $count ->
    [one] 1 image is in two classes: “{ $first }” and “{ $second }” are the same image. Remove it from one of them.
   *[other] { $count } images are in two classes. For example, “{ $first }” and “{ $second }” are the same image. Remove each from one of the classes.
}
data-warning-same-in-both-splits = { $count ->
    [one] 1 image is in both the training set and the validation set: “{ $first }” and “{ $second }”. The results will look better than they are.
   *[other] { $count } images are in both the training set and the validation set, for example “{ $first }” and “{ $second }”. The results will look better than they are.
}
data-warning-duplicates = { $count ->
    [one] 1 image is there twice: “{ $first }” and “{ $second }”. Remove one of them: results look better than they are when the other is used for validation.
   *[other] { $count } images are there twice, for example “{ $first }” and “{ $second }”. Remove the duplicates: results look better than they are when one is used for training and the other for validation.
}
# $problem: sentences
data-warning-unused-table = The table “{ $file }” is not used. { $problem }
data-warning-whole-numbers-as-classes = { $count ->
    [one] The column { $columns } contains only whole numbers from { $lowest } to { $highest } and is learned as classes. To learn it as a number, write “{ $column }:number” in the header of the table.
   *[other] The columns { $columns } contain only whole numbers from { $lowest } to { $highest } and are learned as classes. To learn them as numbers, write “{ $column }:number” and so on in the header of the table.
}
data-warning-whole-numbers-as-numbers = { $count ->
    [one] The column { $columns } contains only whole numbers from { $lowest } to { $highest } and is learned as a number. To learn it as classes, write “{ $column }:class” in the header of the table.
   *[other] The columns { $columns } contain only whole numbers from { $lowest } to { $highest } and are learned as numbers. To learn them as classes, write “{ $column }:class” and so on in the header of the table.
}
# $task: the name of the task; $column: the first column
data-warning-one-hot = Exactly one of the columns { $columns } is set in each row, so they are learned as the classes of one task, “{ $task }”. To learn each column on its own, write “{ $column }:class” and so on in the header of the table.
data-warning-ignored-row-number = { $count ->
    [one] The column { $columns } numbers the rows, so it is not learned.
   *[other] The columns { $columns } number the rows, so they are not learned.
}
data-warning-ignored-identifier = { $count ->
    [one] The column { $columns } has a different value in every row, so it is not learned.
   *[other] The columns { $columns } have a different value in every row, so they are not learned.
}
data-warning-ignored-image-name = { $count ->
    [one] The column { $columns } also names the images, so it is not learned.
   *[other] The columns { $columns } also name the images, so they are not learned.
}
data-warning-ignored-empty = { $count ->
    [one] The column { $columns } is empty, so it is not learned.
   *[other] The columns { $columns } are empty, so they are not learned.
}
data-warning-ignored-constant = { $count ->
    [one] The column { $columns } has the same value for every image, so it is not learned.
   *[other] The columns { $columns } have the same value for every image, so they are not learned.
}
# $train (Number)
# $validation (Number)
data-warning-split-column = The column “{ $column }” assigns the images to splits: { $train } for training, { $validation } for validation.
# $train (Number)
# $validation (Number)
# $unused (Number)
data-warning-split-column-with-test = The column “{ $column }” assigns the images to splits: { $train } for training, { $validation } for validation and { $unused } for testing. The test images are not used.
data-warning-missing-value-word = The column “{ $column }” contains “{ $word }” { $count ->
    [one] once
   *[other] { $count } times
}, which is read as a missing value. If it is a class, write “{ $column }:class” in the header of the table.
data-warning-classes-without-images = { $count ->
    [one] The column “{ $column }” contains a class without images, which the model does not learn: { $classes }.
   *[other] The column “{ $column }” contains classes without images, which the model does not learn: { $classes }.
}
# $line (Number)
# $first (Number)
data-warning-repeated-rows = { $count ->
    [one] 1 row of the table is repeated and used once: line { $line } is the same as line { $first }.
   *[other] { $count } rows of the table are repeated and used once. For example, line { $line } is the same as line { $first }.
}
# $rows (Number): all rows of the table
data-warning-rows-without-image = { $count ->
    [one] The image of 1 of the table’s { $rows } rows was not found: “{ $example }”.
   *[other] The images of { $count } of the table’s { $rows } rows were not found, for example “{ $example }”.
}
# $count (Number): always several
data-warning-files-without-row = { $count } files are not used, because the table has no rows for them, for example “{ $example }”.
# $cell: the name in the table; $path: the file
data-warning-matched-by-other-name = { $count ->
    [one] The name of 1 image differs slightly from the table: “{ $cell }” was matched with “{ $path }”.
   *[other] The names of { $count } images differ slightly from the table. For example, “{ $cell }” was matched with “{ $path }”.
}

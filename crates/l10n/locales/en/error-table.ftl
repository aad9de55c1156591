### Why a label table cannot be used.

error-table-not-text = The table is not text. Save it as CSV in UTF-8.
# $kind: such as "a PNG image"
error-table-other-kind = This is { $kind }, not a table. Save it as CSV in UTF-8.
# $line (Number)
error-table-other-encoding = Line { $line } contains a character that is not UTF-8. Save the table as CSV in UTF-8 (in Excel: “CSV UTF-8”).
error-table-empty = The table is empty. Its first line must name the columns, for example “file,breed”, and each further line must describe one image.
# $line (Number)
error-table-no-header = Line { $line }: the table begins with an image, “{ $file }”. Add a line before it that names the columns, for example “file,breed”.
error-table-no-task = The table has no column to predict. Add at least one next to the file names, separated by a comma, a semicolon or a tab.
error-table-no-rows = The table has no rows. Write one line for each image below the header.
# $line (Number)
# $position (Number)
error-table-no-name = Line { $line }: column { $position } has no name. Add one to the header.
# $line (Number)
error-table-same-name = Line { $line }: two columns are named “{ $column }”. Rename one of them.
# $line (Number)
# $found (Number)
# $expected (Number)
error-table-too-few-cells = Line { $line } has { $found } cells, but the header has { $expected }, so the column “{ $column }” is missing. Leave a cell empty if its value is unknown, but keep its delimiter.
# $line (Number)
# $found (Number)
# $expected (Number)
error-table-too-many-cells = Line { $line } has { $found } cells, but the header has { $expected }. Put a cell in quotation marks if it contains the delimiter.
# $line (Number)
error-table-no-file = Line { $line }: the column “{ $column }” does not name a file. Enter the name of the image file there.
# $line (Number)
# $first (Number)
error-table-same-file = Line { $line }: the column “{ $column }” names “{ $file }”, as line { $first } does, but the other values differ. Remove one of the two lines, or write several labels into one cell, separated by “|”.
# $line (Number)
# $first (Number)
error-table-same-image = Line { $line }: “{ $file }” is the same image as “{ $other }” in line { $first }, “{ $image }”. Write the full path of each of the two.
# $line (Number)
error-table-ambiguous-file = Line { $line }: “{ $file }” may mean the image “{ $first }” or “{ $second }”. In the column “{ $column }”, write its path from the folder of the table.
error-table-two-file-columns = The columns “{ $first }” and “{ $second }” both name images, but different ones. Remove the one whose images should not be used.
# $line (Number)
error-table-not-a-number = Line { $line }: the column “{ $column }” should contain a number, but contains “{ $cell }”. Write a number such as 12.5, or leave the cell empty if it is unknown. If the values are names, name the column “{ $column }:class”.
error-table-no-values = The column “{ $column }” has no values. Fill it in or remove it.
error-table-one-class = The column “{ $column }” has only one class, “{ $class }”. Add images of at least one other class, or remove the column.
# $found (Number)
# $most (Number)
error-table-too-many-classes = The column “{ $column }” has { $found } different classes or labels, but at most { $most } are allowed. Remove the column if it is free text, or name it “{ $column }:number” if it contains numbers.
# $tables: names in quotation marks
error-table-several = There are several tables: { $tables }. Leave only one with the images.
error-table-no-images = There are no images with the table. Put the table into the folder of the images, and choose that folder.
error-table-other-images = The table does not name any of the images: its column “{ $column }” names “{ $file }”, but the images have names such as “{ $image }”. Use the names of the files in the folder.
# $reason: sentences about the first image
error-table-none-readable = { $count ->
    [one] The only image of the table could not be read. { $reason }
   *[other] None of the { $count } images of the table could be read. The first one: { $reason }
}
# $classes: names in quotation marks
error-table-only-in-validation = The column “{ $column }” has classes with validation images but without training images: { $classes }. Add training images of these classes, or remove their validation images.

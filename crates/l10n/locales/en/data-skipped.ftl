### Why a file was skipped.

data-skipped-not-an-image = The file is not an image.
data-skipped-empty = The file is empty.
# $kind: such as "a text file"
data-skipped-other-kind = This is { $kind }, not an image.
data-skipped-outside-class-folders = The image is not in a class folder.
data-skipped-not-in-table = The table has no row for this image.
data-skipped-not-found = The table names this image, but there is no such image.
data-skipped-not-a-file = This is not a regular file.
data-skipped-broken-link = This is a link to a file that does not exist.
data-skipped-circular-link = This is a link to a folder that contains it.
data-skipped-browser = The browser could not read the file. Choose it again.
data-skipped-crash = The decoder crashed on this image. Convert it to JPEG or PNG with another program.
# $problem: the operating system’s own words
data-skipped-unreadable = The file could not be read ({ $problem }).

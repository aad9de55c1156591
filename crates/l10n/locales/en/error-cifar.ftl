### Why files are not CIFAR-10 or CIFAR-100.

error-cifar-empty = “{ $file }” is empty. Download the binary version of CIFAR again.
# $kind: such as "a zip archive"
error-cifar-other-kind = “{ $file }” is { $kind }, not a CIFAR batch. Choose weights as the pretrained network, and unpack archives.
# $bytes (Number)
error-cifar-length = “{ $file }” has { $bytes } bytes, which is a multiple neither of 3,073 (CIFAR-10: a label and 32 × 32 pixels) nor of 3,074 (CIFAR-100: two labels). The file is incomplete or not a CIFAR binary batch.
# $record (Number)
# $label (Number)
# $highest (Number)
error-cifar-label = Record { $record } of “{ $file }” has the label { $label }, but the labels are 0 to { $highest }. The file is not a CIFAR binary batch.
# $expected (Number)
error-cifar-names-not-text = “{ $file }” is not text. It must list { $expected } different class names, one per line.
# $found (Number)
# $expected (Number)
error-cifar-names-count = “{ $file }” lists { $found } names. It must list { $expected } different class names, one per line.
# $expected (Number)
error-cifar-names-repeated = “{ $file }” lists “{ $name }” twice. It must list { $expected } different class names, one per line.
error-cifar-mixed = “{ $file }” belongs to another dataset than the other files. Choose either CIFAR-10 or CIFAR-100.
error-cifar-duplicate = There are two files “{ $file }”. Remove one of them.
error-cifar-no-batch = There is no CIFAR batch. Choose the binary version, cifar-10-binary.tar.gz or cifar-100-binary.tar.gz, not the version for Python or Matlab.

error-cifar-archive-not-gzip = This is not a .tar.gz archive. Choose cifar-10-binary.tar.gz or cifar-100-binary.tar.gz.
# $problem: the decoder’s own words
error-cifar-archive-damaged = The archive is incomplete or damaged ({ $problem }). Download it again.
# $size, $limit: such as "22.6 MB"
error-cifar-archive-entry-too-large = “{ $file }” in the archive has { $size }, but files of CIFAR have at most { $limit }. Choose the official archive.
error-cifar-archive-too-large = The archive unpacks to more than { $limit }, so it is not CIFAR. If it contains images, unpack it and choose their folder.
error-cifar-archive-images = { $count ->
    [one] The archive contains 1 image, not CIFAR. Unpack it and choose the folder that contains one folder per class.
   *[other] The archive contains { $count } images, not CIFAR. Unpack it and choose the folder that contains one folder per class.
}
# $dataset: such as "CIFAR-10"
error-cifar-archive-other-version = This is the version of { $dataset } for Python or Matlab. Download the binary version, { $archive }, from the same page.

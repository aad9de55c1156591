### Why a download failed.

error-download-unsupported = This browser cannot download files for the page. Download the model by hand and choose its file.
error-download-unreachable = { $url } could not be downloaded. Check the connection and try again.
# $status: an HTTP status, such as “404”
error-download-status = { $url } could not be downloaded. The server answered with status { $status }.
error-download-too-large = { $url } is larger than the expected file. It was not used.
# $found, $expected: checksums
error-download-checksum = { $url } is not the expected file. Its SHA-256 is { $found } instead of { $expected }. It was damaged during the download or changed at its source. Download it again.

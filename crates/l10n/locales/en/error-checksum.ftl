# $found, $expected: SHA-256 checksums
error-checksum-mismatch = The file has the SHA-256 { $found } instead of { $expected }. It was damaged during the download or changed at its source. Download it again.

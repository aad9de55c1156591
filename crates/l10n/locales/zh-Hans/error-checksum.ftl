error-checksum-mismatch = 该文件的 SHA-256 为 { $found }，应为 { $expected }。文件在下载时损坏，或在来源处已更改。请重新下载。

error-download-unsupported = 此浏览器无法为网页下载文件。请手动下载模型，然后选择其文件。
error-download-unreachable = 无法下载 { $url }。请检查网络连接，然后重试。
error-download-status = 无法下载 { $url }。服务器返回状态 { $status }。
error-download-too-large = { $url } 大于预期的文件，未使用。
error-download-checksum = { $url } 不是预期的文件，其 SHA-256 为 { $found }，应为 { $expected }。文件可能在下载时损坏，或在来源处已更改。请重新下载。

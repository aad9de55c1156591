### Why the command line could not download a file.

-by-hand = Or download the file in another way and pass it with --model.
-other-file = It has changed, or the network sent a login page instead. Open the address in a browser. { -by-hand }

error-cli-download-no-cache-folder = The system has no cache folder. Set TUNELAB_CACHE to a folder for downloads.
# $reason: sentences
error-cli-download-unreachable = { $url } could not be reached. { $reason } Check the network connection. { -by-hand }
# $reason: sentences
error-cli-download-proxy-refused = The proxy does not connect to { $url }. { $reason } Correct HTTPS_PROXY, or add the host to NO_PROXY. { -by-hand }
# $reason: sentences; $received, $size: such as “22.6 MB”
# $attempts (Number)
error-cli-download-gave-up = { $attempts } attempts to download { $url } failed. { $reason } Check the network connection and run the command again, which continues after { $received } of { $size }. { -by-hand }
# $status: an HTTP status, such as “403 Forbidden”
error-cli-download-not-public = The server denies access to { $url } (status { $status }). The file is not public, or the network blocks it. { -by-hand }
error-cli-download-not-found = { $url } no longer exists (status { $status }). { -by-hand }
error-cli-download-refused = The server refuses { $url } (status { $status }). Try again later. { -by-hand }
# $found (Number)
# $expected (Number)
error-cli-download-wrong-size = { $url } has { $found } bytes instead of { $expected }. { -other-file }
# $expected (Number)
error-cli-download-too-large = { $url } has more than the expected { $expected } bytes. { -other-file }
error-cli-download-disk-full = There is no space left to write “{ $path }”. Free some disk space, or set TUNELAB_CACHE to a folder on another disk.
# $problem: the operating system’s own words
error-cli-download-storage = “{ $path }” cannot be used ({ $problem }). Set TUNELAB_CACHE to another folder for downloads.

# Why an attempt failed. $problem: the network library’s own words
error-cli-download-connection = The connection failed ({ $problem }).
error-cli-download-no-response = The server does not respond.
error-cli-download-ended-early = The connection ended early.
error-cli-download-other-bytes = The server sent other bytes than requested.
error-cli-download-damaged-part = The resumed file is damaged.
error-cli-download-status = The server answered with status { $status }.
# $proxy: its host and port
error-cli-download-proxy = The connection uses the proxy { $proxy }.

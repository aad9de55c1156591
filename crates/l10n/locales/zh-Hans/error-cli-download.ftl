-by-hand = 也可以用其他方式下载该文件，再用 --model 指定。
-other-file = 文件已更改，或网络返回的是登录页面。请在浏览器中打开该地址。{ -by-hand }

error-cli-download-no-cache-folder = 系统没有缓存文件夹。请将 TUNELAB_CACHE 设为用于下载的文件夹。
error-cli-download-unreachable = 无法连接 { $url }。{ $reason }请检查网络连接。{ -by-hand }
error-cli-download-proxy-refused = 代理无法连接 { $url }。{ $reason }请更正 HTTPS_PROXY，或将该主机加入 NO_PROXY。{ -by-hand }
error-cli-download-gave-up = 下载 { $url } 已尝试 { $attempts } 次，均失败。{ $reason }请检查网络连接，然后重新运行命令，下载会从 { $received } / { $size } 处继续。{ -by-hand }
error-cli-download-not-public = 服务器拒绝访问 { $url }（状态 { $status }）。文件未公开，或被网络拦截。{ -by-hand }
error-cli-download-not-found = { $url } 已不存在（状态 { $status }）。{ -by-hand }
error-cli-download-refused = 服务器拒绝提供 { $url }（状态 { $status }）。请稍后重试。{ -by-hand }
error-cli-download-wrong-size = { $url } 有 { $found } 字节，应为 { $expected } 字节。{ -other-file }
error-cli-download-too-large = { $url } 超过预期的 { $expected } 字节。{ -other-file }
error-cli-download-disk-full = 没有空间写入“{ $path }”。请释放磁盘空间，或将 TUNELAB_CACHE 设为其他磁盘上的文件夹。
error-cli-download-storage = 无法使用“{ $path }”（{ $problem }）。请将 TUNELAB_CACHE 设为其他用于下载的文件夹。

error-cli-download-connection = 连接失败（{ $problem }）。
error-cli-download-no-response = 服务器没有响应。
error-cli-download-ended-early = 连接提前中断。
error-cli-download-other-bytes = 服务器发送的字节与请求的不符。
error-cli-download-damaged-part = 续传的文件已损坏。
error-cli-download-status = 服务器返回状态 { $status }。
error-cli-download-proxy = 连接使用代理 { $proxy }。

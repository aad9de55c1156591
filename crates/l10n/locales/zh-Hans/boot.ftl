boot-title = tunelab：在浏览器中微调图片分类模型
boot-loading = 正在加载……
boot-late = 如果一直显示此消息，说明网络较慢，或者此浏览器版本过旧，无法运行 tunelab。请使用最新版本的 Firefox、Chrome、Edge 或 Safari。
boot-no-simd = 此浏览器无法运行 tunelab 所需的 WebAssembly SIMD：浏览器版本过旧，或者其设置禁止了该功能（例如 Safari 的锁定模式）。请使用最新版本的 Firefox、Chrome、Edge 或 Safari。
boot-not-loaded = 无法加载 tunelab（{ $reason }）。请检查网络连接，然后重新加载页面。
boot-no-script = tunelab 在您的浏览器中运行，需要 JavaScript。请允许此页面使用 JavaScript，然后重新加载页面。

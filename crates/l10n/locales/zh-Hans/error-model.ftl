error-model-no-head = 该文件没有分类头，无法对图片分类。请先训练。
error-model-unread-head = 该文件没有可用的分类头，无法对图片分类。{ $reason }请先训练。
error-model-output-names = 该文件列出了 { $named } 个输出的名称，但其分类头有 { $outputs } 个输出。请重新导出。

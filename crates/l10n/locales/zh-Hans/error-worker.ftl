error-worker-no-file = 请求中没有文件。请重新选择文件。
error-worker-file = 无法使用“{ $file }”。{ $problem }
error-worker-no-readable-images = 所有图片都无法读取。请选择 PNG、JPEG、WebP、GIF 或 BMP 图片。
error-worker-cifar-not-offered = 本站未提供 CIFAR-10。请下载 cifar-10-binary.tar.gz 并拖放到此处。

error-worker-no-pretrained-model = 没有预训练模型。请在第 2 步中选择。
error-worker-unknown-model = 没有可下载的模型“{ $id }”。

error-worker-busy = 计算引擎正忙。请先停止当前工作。
error-worker-continued-on-cpu = GPU 停止工作，改用处理器（CPU）继续训练。
error-worker-gpu-failed-while-stopping = 停止训练时 GPU 停止工作，此次训练的模型已丢失。
error-worker-gpu-failed-in-search = GPU 停止工作。继续搜索即可改用处理器（CPU）。

error-worker-no-trained-model = 还没有训练好的模型。请先训练。
error-worker-no-validation-images = 没有剩余图片可用于验证。请为至少一个类别添加两张图片。
error-worker-other-targets = 图片与模型的预测目标不符。{ $problem }
error-worker-no-compared-model = 该模型已不可用。请重新蒸馏。

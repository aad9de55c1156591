error-gpu-not-offered = 此浏览器不向网页提供 GPU（WebGPU）。
error-gpu-refused = 浏览器无法打开 GPU（{ $problem }）。
error-gpu-no-answer = GPU 没有响应。
error-gpu-no-model = 没有可用于测试 GPU 的预训练模型。请先加载一个。

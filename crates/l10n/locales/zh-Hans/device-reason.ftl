device-reason-gpu-not-tested = 在找到 GPU 并完成测试之前，使用处理器。
device-reason-no-gpu = 此浏览器不向网页提供 GPU（WebGPU），因此使用处理器。
device-reason-software-gpu = GPU 由处理器模拟，因此处理器本身更快。
device-reason-gpu-failed = 无法使用 GPU，因此使用处理器。{ $problem }
device-reason-cpu-faster = 此处处理器更快：处理器训练速度为 { $cpu }，GPU 为 { $gpu }。
device-reason-gpu-faster = GPU 更快：GPU 训练速度为 { $gpu }，处理器为 { $cpu }。
device-reason-cpu-chosen = 您选择了处理器。
device-reason-gpu-chosen = 您选择了 GPU，其计算结果已通过测试。

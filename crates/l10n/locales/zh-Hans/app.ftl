app-tagline = 微调神经网络，对您的图片进行分类。
app-privacy = 您的图片不会离开此设备。
app-skip-link = 跳到第一步
app-language = 语言

app-steps = 步骤
app-step-images = 图片
app-step-model = 模型
app-step-train = 训练
app-step-try = 试用
app-step-waiting = 等待中
app-step-ready = 可开始
app-step-done = 已完成

app-free-software = tunelab 是自由软件。
app-works-offline = 打开过一次后，离线也能使用。
app-no-tracking = 不发送数据，不使用 Cookie，也没有跟踪器。

app-engine-loading = 正在加载计算引擎。您可以先开始操作。
app-engine-loading-size = 正在加载计算引擎：{ $size }。您可以先开始操作。
app-engine-stopped = 计算引擎已停止。
app-engine-restart-help = 请重新启动。您的图片会自动重新加载{ $import ->
    [true] ，正在导入的图片除外
   *[false] { "" }
}。{ $checkpoint ->
    [true] 如需从上一个检查点继续训练，请选择“{ train-continue }”。
   *[false] 尚未下载的已训练模型需要重新训练。
}
app-engine-restart = 重新启动计算引擎
app-reload = 重新加载页面

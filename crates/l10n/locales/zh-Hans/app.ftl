app-tagline = 微调神经网络，为您的图片分类。
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

app-engine-not-started = 浏览器无法启动计算引擎（{ $reason }）。请重新加载页面，或使用最新版本的浏览器。
app-engine-not-loaded = 无法加载计算引擎（{ $reason }）。请检查网络连接，然后重新加载页面。
app-engine-file-missing = 无法加载计算引擎，因为缺少它的第一个文件。请检查网络连接，然后重新加载页面。
app-engine-crashed = 计算引擎发生错误：“{ $reason }”。
app-engine-message-refused = 浏览器拒绝了页面与计算引擎之间的消息（{ $reason }）。请重新加载页面。

app-needs-connection = 此浏览器不会保存本应用，因此每次打开都需要联网。

app-dismiss = 关闭
app-cancel = 取消
app-file-not-saved = 浏览器无法保存“{ $file }”（{ $reason }）。请关闭其他标签页以释放内存，然后重试。
app-show-all = 显示全部 { $total } 个
app-show-first = 只显示前 { $count } 个
app-progress-with-time = { $progress }，剩余{ $time }

cli-error = 错误：{ $problem }
cli-warning = 警告：{ $problem }
cli-skipped = 已跳过“{ $file }”：{ $reason }

cli-progress = { $done } / { $total }，剩余{ $time }
cli-downloading = 正在下载 { $model }
cli-evaluating = 正在评估
cli-measuring-gradients = 正在测量梯度
cli-recalibrating = 正在重新校准批归一化
cli-searching = 正在搜索
cli-testing-rates = 正在测试学习率
cli-epoch-loss = 第 { $epoch } 个轮次，损失 { $loss }

cli-few-images = 类别{ $classes }的训练图片少于 { $few } 张，其准确率不可靠。
cli-cache-dropped = 训练将在没有激活缓存的情况下继续，速度会变慢。{ $problem }
cli-option-unused = --{ $flag } 与其他选项一起使用时不起作用。
cli-part-rates = 相对于本次训练的学习率：{ $rates }。
cli-epoch = 第 { $epoch } 个轮次：训练损失 { $training }，验证损失 { $validation }，{ $metrics }，{ $speed }{ $best ->
    [true] ，目前最佳
   *[false] { "" }
}
cli-overfitting = 模型出现过拟合：训练图片上的准确率为 { $training }，而验证图片上为 { $validation }。增加图片最有效。--mixup-alpha 0.2、--augmentation trivial-augment 或 --dropout 0.3 也可能有帮助。
cli-result = 最佳轮次：第 { $epoch } 个，在验证图片上的结果：{ $metrics }。
cli-trained = 训练用时 { $time }。结果保存在“{ $folder }”中。
cli-stopped = 已提前停止。用“tunelab { $command } --resume --out { $folder }”继续。
cli-stopping = 将在这一步之后停止。再按一次 Ctrl-C 可立即退出。
cli-no-interrupt-handler = 按 Ctrl-C 会直接结束程序，不保存结果（{ $problem }）。
cli-temporary-file = 无法删除临时文件“{ $file }”（{ $problem }）。请手动删除。

cli-map = mAP { $map }
cli-mae = MAE { $mae }
cli-mae-and-r2 = MAE { $mae }，R² { $r2 }
cli-rmse = { $task } 的 RMSE
cli-evaluated = { $images } 张图片：{ $metrics }，损失 { $loss }
cli-prediction = { $file }：{ $prediction }

cli-suggested-rate = 建议的学习率：{ $rate }（默认值：{ $default }）。用“--learning-rate { $rate }”设置。

cli-trial = 试验 { $trial }，{ $epochs } 个轮次：得分 { $score }（{ $settings }）
cli-trial-failed = 试验 { $trial } 失败（{ $settings }）。{ $reason }
cli-setting-multiple = { $option }：默认值的 { $factor } 倍
cli-best-trial = 最佳：试验 { $trial }，得分 { $score }。用“tunelab train --config { $file }”训练。

cli-teacher-without-classes = 教师模型没有可传授的类别概率，因此学生模型只从标签和数值中学习。
cli-compared-model = { $model }：{ $metrics }，{ $size }，{ $speed }
cli-student-saved = 小模型保存在“{ $file }”中。

cli-weights = { $file }：{ $architecture }，{ $parameters }个参数，{ $size }
cli-head = 分类头有 { $classes } 个输出。
cli-no-head = 没有分类头。可以用于训练，但还不能对图片分类。
cli-unread-head = 没有可用的分类头。{ $reason }可以用于训练，但还不能对图片分类。
cli-tensor-prefix = 其张量的名称以“{ $prefix }”开头。
cli-unused-tensors = 文件中另有 { $count } 个张量未使用。
cli-number = 数值
cli-input-size = 输入尺寸：{ $size }

cli-download-retry = 下载 { $url } 失败。{ $reason }正在重试。
cli-download-damaged = “{ $path }”已损坏，正在重新下载。
cli-download-waiting = 正在等待另一个进程下载同一文件。

error-checkpoint-unreadable = 无法读取检查点。请重新开始训练。详细信息：{ $problem }
error-checkpoint-not-a-checkpoint = 该文件不是 tunelab 的检查点。请重新开始训练。
error-checkpoint-version = 检查点的版本是 { $found }，而此程序只能继续版本 { $supported }。请重新开始训练。
error-checkpoint-other-training-images = 训练图片与开始训练时的不同。请使用相同的图片，或重新开始训练。
error-checkpoint-other-validation-images = 验证图片与开始训练时的不同。请使用相同的图片，或重新开始训练。

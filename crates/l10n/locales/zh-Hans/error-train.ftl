error-train-tasks = 训练图片与验证图片的类别或列不同，两者必须相同。
error-train-not-finite = 第 { $step } 步的损失变为 { $loss }，训练已停止，并保留了最后一次正常的权重。请尝试低于 { $rate } 的学习率。
error-train-nothing-to-validate = { error-worker-no-validation-images }小样本策略无需验证。
error-train-no-rate = 此策略不训练，没有可查找的学习率。请选择其他策略。
error-train-nothing-trained = 训练在第一步之前已停止，没有可保留的模型。

error-trial-diverged = 损失在第 { $step } 步变为无穷大或 NaN，当时学习率为 { $rate }。
error-trial-not-finite = 该次训练的得分、损失或时间是无穷大或 NaN。
error-trial-no-result = 该次训练结束时没有结果。

train-continue = 继续训练

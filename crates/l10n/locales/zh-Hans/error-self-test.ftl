error-self-test-forward = 设备的计算结果有误：“{ $part }”之前的激活值与处理器相差 { $error }。请使用处理器（CPU）。
error-self-test-training = 设备的计算结果有误：从“{ $part }”开始的训练步与处理器相差 { $error }。请使用处理器（CPU）。

results-task-section = { $task }：{ $title }
results-per-class = 各类别的准确率
results-per-class-hint = 基于未参与训练的验证图片。准确率最低的类别排在最前。
results-correct-of = { $correct } / { $total }
results-per-label = 各标签的平均精度
results-per-label-hint = 将图片按标签的概率排序，如果带有该标签的图片全部排在最前，平均精度就是 100%。平均精度最低的标签排在最前。
results-labels-summary = 平均精度均值（mAP）为 { $map }。若将概率不低于 { $threshold } 的标签视为预测结果，F1 分数为 { $f1 }。
results-errors = 预测数值的误差
results-mae = 平均绝对误差（MAE）为 { $error }。
results-r2-unknown = 验证图片太少，无法判断模型能解释多少差异。
results-r2-useless = 这并不比始终预测平均值好（R² = { $r2 }）。图片可能无法反映该数值。
results-r2 = 模型解释了 { $share } 的方差（R² = { $r2 }）。
results-scatter-hint = 每个点是一张验证图片：横向为真实值，纵向为预测值。落在对角线上表示两者相等。
results-scatter = 预测值与真实值
results-scatter-true = 真实值
results-scatter-predicted = 预测值
results-scatter-point = 真实值 { $truth }，预测值 { $predicted }

results-confusion = 混淆矩阵
results-confusion-of-task = { $task } 的混淆矩阵
results-confusion-hint = 每行是一个真实类别，每列是一个预测类别，数字为验证图片的张数。
results-confusion-corner = 真实 \ 预测
results-confusion-hidden = 显示最容易混淆的 { $shown } 个类别，另外 { $hidden } 个未显示。
results-confusion-empty = 没有验证图片。
results-confusion-perfect = 没有图片被预测为其他类别。
results-most-confused = 最常见的混淆：“{ $label }”被预测为“{ $predicted }”，共 { $count } 次。

results-mistakes = 最严重的错误
results-mistakes-none = 无：所有验证图片均分类正确。
results-mistakes-hint = 检查是否有图片放错了类别，以及哪些种类的图片太少。
results-mistake = “{ $label }”被预测为“{ $predicted }”（{ $confidence }）

results-summary = 保留第 { $epoch } 个轮次的模型，验证准确率为 { $accuracy }，平均 F1 分数为 { $f1 }。
results-summary-score = 保留第 { $epoch } 个轮次的模型，验证得分为 { $score }。
results-summary-unknown = 此模型从文件加载，或其训练在首次验证前已停止，因此准确率未知。

results-accuracy = 准确率 { $accuracy }
results-score = 得分 { $score }
results-typical-error = 验证时的平均绝对误差：{ $error }

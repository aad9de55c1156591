error-cli-file = { $path }：{ $problem }
error-cli-option = --{ $flag }：{ $problem }
error-cli-write = 无法写入“{ $path }”（{ $problem }）。

error-cli-unfinished-run = “{ $folder }”中有未完成的训练。请用“tunelab train --resume --out { $folder }”继续，或选择其他文件夹。
error-cli-no-run = “{ $folder }”中没有可继续的训练。请选择未完成的训练所在的文件夹。
error-cli-search-exists = “{ $folder }”中已有一次搜索。请用“tunelab search --resume --out { $folder }”继续，或选择其他文件夹。
error-cli-no-images = 给定的文件和文件夹中没有图片。

error-cli-config = 这不是有效的配置（{ $problem }）。请选择训练的 config.json 或搜索的 best.json。
error-cli-search-state = 搜索的状态已损坏（{ $problem }）。请开始新的搜索。
error-cli-no-weights = 没有该文件。请选择 .safetensors 或 .pth 文件，或以下名称之一：{ $sources }。
error-cli-output-count = 图片有 { $data } 个类别，而模型预测 { $model } 个。请选择类别与模型相同的图片。
error-cli-not-trained-here = 此模型不是用 tunelab 训练的，不能作为教师模型。请选择训练得到的 model.safetensors。

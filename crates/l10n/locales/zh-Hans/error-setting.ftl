error-setting-input-size = 输入尺寸为 { $found } 像素，应在 { $min } 到 { $max } 像素之间。
error-setting-crop-fraction = 裁剪比例为 { $found }，应在 { $min } 到 { $max } 之间。
error-setting-normalization = 归一化参数无效：均值必须是有限数，标准差必须大于 0。

try-none-yet = 还没有可试用的已训练模型。
try-start = 去训练
try-training = 模型仍在训练，训练结束后即可试用。
try-see-progress = 查看进度

try-choose = 选择图片
try-choose-hint = 也可以将图片拖放或粘贴到此处。图片不会离开此设备。
try-image-here = 您的图片会显示在此处
try-image = 您的图片：{ $name }
try-camera-start = 使用摄像头
try-camera-stop = 关闭摄像头
try-camera-starting = 正在等待摄像头
try-camera-view = 摄像头画面
try-camera-denied = 此页面无权使用摄像头。请在浏览器的地址栏中允许，然后重试。
try-camera-missing = 未找到摄像头。请连接摄像头，或选择图片。
try-camera-busy = 摄像头没有响应，可能正被其他程序使用。请关闭该程序，然后重试。
try-camera-unsupported = 此浏览器不允许此页面使用摄像头。请改为选择图片。

try-probabilities = 类别概率
try-predictions-here = 对您的图片的预测会显示在此处。
try-predicting = 正在预测
try-top-class = { $class } { $probability }
try-time = 用时 { $time }

try-download-heading = 在其他地方使用
try-download = 下载模型
try-half-precision = 较小的文件（半精度）
try-writing = 正在写入文件
try-saved = 已保存为“{ $file }”。您可以在第 2 步中打开此文件，也可以在其他程序中使用。
try-in-pytorch = 在 PyTorch 中，先创建模型，例如 torchvision.models.resnet18(num_classes=…)，然后：
try-on-command-line = 在命令行中：

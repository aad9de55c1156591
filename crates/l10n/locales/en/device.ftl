### The device that computes: the processor or the GPU.

device-compute-with = Compute with
device-cpu = Processor (CPU)
device-gpu = Graphics card (GPU)
device-cpu-about = Always available, in every browser.
device-gpu-detecting = Looking for a GPU.
# $name: the name of the GPU
device-gpu-software = { $name } emulates a GPU on the processor. Its results are correct, but it is slow.
device-gpu-found = { $name }. It is tested before its first use.
# $done (Number)
# $total (Number)
device-gpu-testing = { $name }. Test { $done } of { $total } is running.
device-gpu-ready = { $name }. Its results have been tested.
device-testing = Comparing the results of the GPU with those of the processor
device-loading = The engine is still loading. Then it detects which devices are available.
device-uses-cpu = Using the processor.
device-uses-gpu = Using the GPU.
# $size: such as "64 × 64 px"; $speed: such as "53 images/s"
device-speed-cpu = Measured here at { $size }: { $speed } on the processor.
device-speed-gpu = Measured here at { $size }: { $speed } on the GPU.
device-speeds = Measured here at { $size }: { $cpu } on the processor, { $gpu } on the GPU.
device-threads = Processor threads
device-threads-hint = More threads train faster, and leave less of the processor to other programs. The results are the same.
device-kernels-failed = The fast calculations for this processor failed their test, so the slower general ones are used.

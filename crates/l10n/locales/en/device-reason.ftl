### Why a device is used.

device-reason-gpu-not-tested = The processor is used until the GPU has been found and tested.
device-reason-no-gpu = This browser offers no GPU to web pages (WebGPU), so the processor is used.
device-reason-software-gpu = The GPU is emulated by the processor, so the processor itself is faster.
# $problem: sentences
device-reason-gpu-failed = The GPU cannot be used, so the processor is used. { $problem }
# $cpu, $gpu: such as "53 images/s"
device-reason-cpu-faster = The processor is faster here: it trains { $cpu }, the GPU { $gpu }.
# $cpu, $gpu: such as "53 images/s"
device-reason-gpu-faster = The GPU is faster: it trains { $gpu }, the processor { $cpu }.
device-reason-cpu-chosen = You chose the processor.
device-reason-gpu-chosen = You chose the GPU. Its results have been tested.

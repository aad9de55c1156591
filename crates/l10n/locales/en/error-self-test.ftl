### Why a device failed its self-test.

# $part: a part of the network, such as “layer1”; $error: such as "12%"
error-self-test-forward = The device computes wrong results: the activations before “{ $part }” differ from those of the processor by { $error }. Use the processor (CPU).
# $part: a part of the network, such as “layer1”; $error: such as "12%"
error-self-test-training = The device computes wrong results: a training step from “{ $part }” on differs from that of the processor by { $error }. Use the processor (CPU).

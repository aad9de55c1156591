### Why a device could not compute.

# $problem: the driver’s own words
error-compute-device = The compute device failed ({ $problem }). Try again, or use the processor (CPU).
# $problem: the driver’s own words
error-compute-no-gpu = No usable GPU was found ({ $problem }). Use the processor (CPU).
# $problem: the driver’s own words
error-compute-read = Values could not be read back from the compute device ({ $problem }). Try again, or use the processor (CPU).
# $problem: the operating system’s own words
error-compute-storage = The storage for the activation cache cannot be used ({ $problem }). Free some disk space, or turn the activation cache off.
# $transferred, $expected: such as “12 MB”
error-compute-short-transfer = The storage for the activation cache cannot be used (only { $transferred } of { $expected } were transferred). Free some disk space, or turn the activation cache off.
error-compute-batch-too-large = { $images ->
    [one] A single image of this input size does not fit in the memory. Choose a smaller input size, or train fewer layers.
   *[other] A batch of { $images } images does not fit in the memory. Choose a smaller batch size or a smaller input size.
}
# $expected, $found: such as “[64, 3, 7, 7]”
error-compute-shape = The tensor “{ $name }” has the shape { $found } instead of { $expected }.

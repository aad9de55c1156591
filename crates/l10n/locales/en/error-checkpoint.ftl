### Why a run cannot be continued from its checkpoint.

# $problem: sentences
error-checkpoint-unreadable = The checkpoint cannot be read. Start the run again. Details: { $problem }
error-checkpoint-not-a-checkpoint = The file is not a checkpoint of tunelab. Start the run again.
# $found (Number)
# $supported (Number)
error-checkpoint-version = The checkpoint has version { $found }, but this program continues version { $supported }. Start the run again.
error-checkpoint-other-training-images = The training images are not those that the run was started with. Use the same images, or start the run again.
error-checkpoint-other-validation-images = The validation images are not those that the run was started with. Use the same images, or start the run again.

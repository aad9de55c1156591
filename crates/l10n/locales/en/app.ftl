### The page around its four steps.

app-tagline = Fine-tune a neural network to classify your images.
app-privacy = Your images never leave this device.
app-skip-link = Skip to the first step
app-language = Language

app-steps = Steps
app-step-images = Images
app-step-model = Model
app-step-train = Train
app-step-try = Try it
# How far a step is; small, beside its name
app-step-waiting = waiting
app-step-ready = ready
app-step-done = done

app-free-software = tunelab is free software.
app-works-offline = Once opened, it also works offline.
app-no-tracking = It sends no data, sets no cookies and contains no trackers.

# The engine is the program that computes, in a worker. It is loaded while the page is in use already.
app-engine-loading = Loading the engine. You can start already.
# $size: what has arrived, such as "3.2 MB"
app-engine-loading-size = Loading the engine: { $size }. You can start already.
app-engine-stopped = The engine stopped.
# $import (Bool): the engine stopped while it imported images
# $checkpoint (Bool): the interrupted training run has a checkpoint
app-engine-restart-help = Restart it. Your images are loaded again automatically{ $import ->
    [true] , except those it was importing
   *[false] { "" }
}. { $checkpoint ->
    [true] To resume training from the last checkpoint, select “{ train-continue }”.
   *[false] A trained model that you have not downloaded must be trained again.
}
app-engine-restart = Restart the engine
app-reload = Reload the page

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

# $reason: the browser’s or the engine’s own words
app-engine-not-started = The browser could not start the engine ({ $reason }). Reload the page, or use a current browser.
app-engine-not-loaded = The engine could not be loaded ({ $reason }). Check your connection and reload the page.
app-engine-file-missing = The engine could not be loaded, because its first file is missing. Check your connection and reload the page.
app-engine-crashed = The engine failed with the message “{ $reason }”.
app-engine-message-refused = The browser refused a message between the page and the engine ({ $reason }). Reload the page.

# Where the browser does not store the app; it takes the place of app-works-offline
app-needs-connection = In this browser it needs a connection each time it is opened, because the browser does not store it.

app-dismiss = Dismiss
app-cancel = Cancel
# $reason: the browser’s own words
app-file-not-saved = The browser could not save “{ $file }” ({ $reason }). Close other tabs to free memory, then try again.
# $total (Number)
app-show-all = Show all { $total }
# $count (Number)
app-show-first = Show only the first { $count }
# $progress: such as "Loading images: 64 of 640"; $time: such as "about 25 s"
app-progress-with-time = { $progress }, { $time } left

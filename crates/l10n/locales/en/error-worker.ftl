### Why the worker could not carry out a request of the page.

error-worker-no-file = The request has no file. Choose the file again.
# $problem: sentences
error-worker-file = “{ $file }” cannot be used. { $problem }
error-worker-no-readable-images = None of the images could be read. Choose PNG, JPEG, WebP, GIF or BMP images.
error-worker-cifar-not-offered = This site does not offer CIFAR-10. Download cifar-10-binary.tar.gz and drop it here.

error-worker-no-pretrained-model = There is no pretrained model. Choose one in step 2.
error-worker-unknown-model = There is no model “{ $id }” to download.

error-worker-busy = The engine is busy. Stop that work first.
error-worker-continued-on-cpu = The GPU stopped working. Training continues on the processor (CPU).
error-worker-gpu-failed-while-stopping = The GPU stopped working while training was being stopped. The model of this run is lost.
error-worker-gpu-failed-in-search = The GPU stopped working. Continue the search to go on with the processor (CPU).

error-worker-no-trained-model = There is no trained model yet. Train one first.
error-worker-no-validation-images = No images are left for validation. Give at least one class two images.
# $problem: a sentence
error-worker-other-targets = The images do not match what the model predicts. { $problem }
error-worker-no-compared-model = This model is no longer available. Distill it again.

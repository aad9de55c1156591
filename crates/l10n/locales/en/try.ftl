### Step 4: trying the trained model on images, and downloading it.

try-none-yet = There is no trained model to try yet.
try-start = Train one
try-training = The model is still being trained. You can try it when the run has ended.
try-see-progress = See the progress

try-choose = Choose an image
try-choose-hint = Or drop or paste one here. It stays on this device.
try-image-here = Your image appears here
# $name: the name of the file
try-image = Your image: { $name }
try-camera-start = Use the camera
try-camera-stop = Stop the camera
try-camera-starting = Waiting for the camera
try-camera-view = Camera view
try-camera-denied = This page may not use the camera. Allow it in the address bar of the browser, then try again.
try-camera-missing = No camera was found. Connect one, or choose an image.
try-camera-busy = The camera does not respond. Another program may be using it. Close that program, then try again.
try-camera-unsupported = This browser does not give this page access to a camera. Choose an image instead.

try-probabilities = Class probabilities
try-predictions-here = Predictions for your image appear here.
try-predicting = Predicting
# $class: the name of the class; $probability: such as "98%"
try-top-class = { $class } { $probability }
# $time: such as "12 ms"
try-time = in { $time }

try-download-heading = Use it elsewhere
try-download = Download the model
try-half-precision = Smaller file (half precision)
try-writing = Writing the file
# $file: the name of the file
try-saved = Saved as “{ $file }”. You can open the file here in step 2, and in other programs.
# Followed by code
try-in-pytorch = In PyTorch, after creating the model, for example with torchvision.models.resnet18(num_classes=…):
try-on-command-line = On the command line:

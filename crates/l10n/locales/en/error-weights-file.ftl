### What a file is that contains no weights.

-choose-weights = Choose a .safetensors file or a PyTorch .pth file.

error-weights-file-empty = The file is empty. Choose the weights file itself, or download it again.
error-weights-file-zeros = The file contains only zeros, so its download was interrupted. Download it again.
# $format: such as “HDF5 (Keras, MATLAB)”
error-weights-file-other-format = The file is in the format of another program: { $format }. { -choose-weights }
# $format: such as “gzip”
error-weights-file-compressed = The file is compressed ({ $format }). Unpack it, and choose the .safetensors or .pth file inside.
# $format: such as “PNG”
error-weights-file-image = The file is an image ({ $format }), which can be used for training but not as a model. { -choose-weights }
error-weights-file-zip-of-images = The file is a zip archive of images. To train on them, unpack it and choose its folder as training data. { -choose-weights }
error-weights-file-zip-without-weights = The file is a zip archive that torch.save did not write. { -choose-weights }
error-weights-file-torch-export = The file is a program of torch.export. Save the model’s state_dict() instead.
error-weights-file-torchscript = The file is a TorchScript program (torch.jit.save). Save the model’s state_dict() with torch.save instead.
error-weights-file-old-pytorch = The file was saved by PyTorch before 0.1.10. Load it in PyTorch, and save it again with torch.save.
error-weights-file-compression = The PyTorch file is compressed by an unusual method. Save it again with torch.save.
error-weights-file-run-checkpoint = The file is the checkpoint of an unfinished training run, not a model. Choose the model.safetensors next to it, or continue the run.
# $found: as Python writes it, such as “dict”
error-weights-file-pickle = The file is a Python pickle of “{ $found }” that torch.save did not write. { -choose-weights }
error-weights-file-git-lfs-pointer = The file is a Git LFS pointer, which only says where the real file is. Get the real file by git lfs pull or from the project’s web page.
error-weights-file-web-page = The file is a web page, so the download went wrong. Open the page in a browser, and download the file itself.
error-weights-file-shard-index = The file is the index of weights that are split over several files. Save the model’s state_dict() to one file.
error-weights-file-model-config = The file is the configuration of a model. Choose the .safetensors file from the same place.
# $start: the first words of the text
error-weights-file-text = The file is a text that begins with “{ $start }”. Choose the weights file itself, or download it again.
error-weights-file-unknown = The format of the file is unknown. { -choose-weights }

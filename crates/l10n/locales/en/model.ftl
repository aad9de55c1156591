### Step 2: the pretrained model.

model-lead = Your classes are learned on top of a pretrained model. One is included.
model-pretrained = Pretrained means that the model was already trained on a large dataset, so it recognizes edges, textures and shapes. Only its last layer, the head, is new and learns your classes.
# $classes: a list of quoted names
model-trained-here = This model was trained with tunelab on { $classes }. You can try it right away, or train it further on your images.
model-try = Try this model

# The title of the included model
model-included = ResNet18, trained on Tiny-ImageNet (included)
model-architecture = Architecture
model-parameters = Parameters
model-dataset = Trained on
model-accuracy = Top-1 accuracy
model-input-size = Input size
model-file-size = File size
model-license = License
model-dataset-classes = { $count ->
    [one] { $dataset }, { $count } class
   *[other] { $dataset }, { $count } classes
}
model-classes = { $count ->
    [one] { $count } class
   *[other] { $count } classes
}

model-loading = Loading { $model }
model-loading-size = Loading { $model }: { $received }
model-loading-of = Loading { $model }: { $received } of { $total }
model-use-included = Use the included model
model-use-another = Use another model
model-others-about = The included model is small and fast. Models trained on ImageNet have learned more, but use 224 × 224 px images and train several times slower.
model-choose-file = Choose a model file
model-file-hint = Or drop one here: a .safetensors, .pth, .pt or .ckpt file with the weights of a ResNet. You can also open models that you trained and downloaded here.
model-downloads = Downloads
model-downloads-about = From Hugging Face, which learns only that you request this file. The file is verified and stored in this browser for next time.
model-download = Download
model-download-named = Download { $model }
model-in-use = In use
model-manual-downloads = Manual downloads
model-manual-about = The PyTorch site does not let other pages fetch its files. Follow a link, save the file and choose it above.
# Such as “ImageNet-1k, 224 × 224 px, 69.8% top-1 accuracy, 46.8 MB”
model-offer = { $dataset }, { $input }, { $accuracy } top-1 accuracy, { $size }
model-offer-with-license = { $dataset }, { $input }, { $accuracy } top-1 accuracy, { $size }, { $license }

model-diagram = The image passes through the pretrained stem and four pretrained stages to a new head, which predicts the class.
model-diagram-image = image
model-diagram-stem = stem
model-diagram-head = new head
model-diagram-pretrained = pretrained

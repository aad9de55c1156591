### Kinds of files by their content, and what to do with a file where an image is wanted.

# $format: such as "JPEG"
data-file-kind-image = a { $format } image
data-file-kind-avif = an AVIF image
data-file-kind-raw = a raw camera image
data-file-kind-ico = an icon (ICO)
data-file-kind-svg = an SVG drawing
data-file-kind-apple-png = a PNG image in Apple’s variant (CgBI)
data-file-kind-video = a video
data-file-kind-audio = an audio file
# $format: such as "zip"
data-file-kind-archive = a { $format } archive
data-file-kind-xz = an xz archive
data-file-kind-pdf = a PDF document
data-file-kind-html = a web page
data-file-kind-xml = an XML file
data-file-kind-json = a JSON file
data-file-kind-text = a text file
data-file-kind-office = an Office document
data-file-kind-parquet = a Parquet table
data-file-kind-sqlite = an SQLite database
data-file-kind-numpy = a NumPy array
data-file-kind-pickle = a Python pickle
data-file-kind-pytorch = a PyTorch file
data-file-kind-safetensors = a safetensors file
data-file-kind-hdf5 = an HDF5 file
data-file-kind-idx = an IDX file (the format of MNIST)
data-file-kind-lfs-pointer = a Git LFS pointer
data-file-kind-apple-double = a macOS metadata file
data-file-kind-shortcut = a Windows shortcut
data-file-kind-empty = an empty file
data-file-kind-zeros = a file of zeros
data-file-kind-unknown = a file of an unknown kind

data-file-remedy-save-again = Save the image again.
data-file-remedy-save-heic = Save it as JPEG. On an iPhone, choose Settings, Camera, Formats, Most Compatible.
data-file-remedy-export-svg = Export it as PNG.
data-file-remedy-convert = Save it as JPEG or PNG.
data-file-remedy-save-frames = Save single frames as JPEG.
data-file-remedy-unpack = Unpack it.
data-file-remedy-save-images = Save the images in it as JPEG or PNG.
data-file-remedy-download = Download the image itself.
data-file-remedy-export-images = Export the images in it as PNG.
data-file-remedy-pull = Run “git lfs pull”.
data-file-remedy-delete = Delete it.
data-file-remedy-copy-original = Copy the image itself.
data-file-remedy-copy-again = Copy the image again.
data-file-remedy-use-image = Use PNG, JPEG, WebP, GIF or BMP images.

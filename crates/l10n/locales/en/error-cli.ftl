### Why a command failed.

# $problem: sentences
error-cli-file = { $path }: { $problem }
# $problem: sentences
error-cli-option = --{ $flag }: { $problem }
# $problem: the operating system’s own words
error-cli-write = “{ $path }” cannot be written ({ $problem }).

error-cli-unfinished-run = “{ $folder }” contains an unfinished run. Continue it with “tunelab train --resume --out { $folder }”, or choose another folder.
error-cli-no-run = “{ $folder }” contains no run to resume. Choose the folder of an unfinished run.
error-cli-search-exists = “{ $folder }” contains a search already. Continue it with “tunelab search --resume --out { $folder }”, or choose another folder.
error-cli-no-images = There are no images in the given files and folders.

# Problems of a file, whose path is in front. $problem: the format’s own words
error-cli-config = This is not a valid configuration ({ $problem }). Choose the config.json of a run or the best.json of a search.
error-cli-search-state = The state of the search is damaged ({ $problem }). Start a new search.
# $sources: a list of names
error-cli-no-weights = There is no such file. Choose a .safetensors or .pth file, or one of { $sources }.
# $model (Number)
# $data (Number)
error-cli-output-count = The images have { $data } classes, but the model predicts { $model }. Choose images of the classes of the model.
error-cli-not-trained-here = tunelab did not train this model, so it cannot be a teacher. Choose a model.safetensors of a run.

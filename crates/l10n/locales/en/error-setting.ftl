### Settings of the preprocessing that are out of range.

# $found (Number)
# $min (Number)
# $max (Number)
error-setting-input-size = The input size is { $found } px. It must be between { $min } and { $max } px.
error-setting-crop-fraction = The crop fraction is { $found }. It must be between { $min } and { $max }.
error-setting-normalization = The normalization is not valid: every mean must be finite, and every standard deviation must be greater than 0.

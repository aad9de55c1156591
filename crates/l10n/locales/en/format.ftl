### Units and lists, which src/format.rs puts together. Numbers come as text, already written.

format-bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
format-hours = { $hours } h
format-minutes = { $minutes } min
format-seconds = { $seconds } s
format-milliseconds = { $milliseconds } ms
format-few-seconds = a few seconds
# $duration: such as "2 min"
format-about = about { $duration }
format-speed = { $images } images/s
format-image-size = { $width } × { $height } px

# In English from a million on; in Chinese 万, from ten thousand on.
format-large = { $number } million
# In English from a billion on; in Chinese 亿, from a hundred million on.
format-huge = { $number } billion

# Between two sentences
format-sentence-separator = { " " }

format-quoted = “{ $name }”
format-list-separator = { ", " }
# $items: all but the last, with separators
format-list-and = { $items } and { $last }
format-list-or = { $items } or { $last }
# $count (Number): how many are not listed
format-list-more = { $items } and { $count } more

format-bytes = { $count } 字节
format-hours = { $hours } 小时
format-minutes = { $minutes } 分钟
format-seconds = { $seconds } 秒
format-milliseconds = { $milliseconds } 毫秒
format-few-seconds = 几秒
format-about = 约 { $duration }
format-speed = { $images } 张/秒
format-image-size = { $width } × { $height } 像素

format-large = { $number } 万
format-huge = { $number } 亿

format-sentence-separator = { "" }

format-quoted = “{ $name }”
format-list-separator = 、
format-list-and = { $items }和{ $last }
format-list-or = { $items }或{ $last }
format-list-more = { $items }及另外 { $count } 个

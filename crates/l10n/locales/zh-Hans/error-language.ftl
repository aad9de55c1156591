error-language-unknown = 没有语言“{ $tag }”：请选择 { $tags }。

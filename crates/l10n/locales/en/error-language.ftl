# $tag: what was asked for. $tags: the languages there are
error-language-unknown = There is no language “{ $tag }”: choose { $tags }.

### Why a message between the page and its engine was refused.

error-protocol-version = The page and its engine have different versions. Reload the page.
# $problem: the format’s own words
error-protocol-malformed = The page and its engine do not understand each other ({ $problem }). Reload the page.

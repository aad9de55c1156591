### Why text is not comma-separated values.

# $line (Number)
error-csv-unclosed-quote = Line { $line }: a quotation mark is opened here and never closed. Add the missing quotation mark.
# $line (Number)
error-csv-text-after-quote = Line { $line }: there is text after a closing quotation mark. Double each quotation mark inside a quoted cell.

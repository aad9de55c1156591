error-csv-unclosed-quote = 第 { $line } 行：此处的引号没有闭合。请补上缺少的引号。
error-csv-text-after-quote = 第 { $line } 行：闭合引号之后还有文字。在带引号的单元格中，请将每个引号写两次。

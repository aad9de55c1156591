error-protocol-version = 页面与计算引擎的版本不同。请重新加载页面。
error-protocol-malformed = 页面与计算引擎无法相互理解（{ $problem }）。请重新加载页面。

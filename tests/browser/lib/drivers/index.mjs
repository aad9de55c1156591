// The browsers that the app is tested in. Each is started by its own means and then used in the same way:
//
//   version                      its name and version
//   open(url), reload()          and wait until the page is loaded
//   evaluate(code, ...values)    calls a function in the page, and gives what it returns, as JSON carries it
//   click(find, ...values)       clicks the element that a function in the page finds
//   upload(file, find, ...)      gives a file to such an element
//   screenshot(file)             writes a PNG of what is on the screen
//   errors()                     what was thrown in the page, or logged as an error
//   close()                      ends it
//
// What it saves lands in the folder `downloads` that it was started with. A browser that is not installed has
// no `program`.

import { chromium } from "./chromium.mjs";
import { firefox } from "./firefox.mjs";
import { webkit } from "./webkit.mjs";

export const BROWSERS = [chromium, firefox, webkit];

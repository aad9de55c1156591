// The browsers in which the app is tested. Each driver starts its browser in its own way and has the same methods:
//
//   version                      its name and version
//   open(url), reload()          waits until the page is loaded
//   evaluate(code, ...values)    calls a function in the page and returns its result, as JSON
//   click(find, ...values)       clicks the element that a function in the page finds
//   upload(file, find, ...)      gives a file to such an element
//   screenshot(file)             writes a PNG of the screen
//   errors()                     the errors that the page threw or logged
//   close()                      closes the browser
//
// The browser saves downloads to the folder `downloads`, with which it was started. A browser that is not installed
// has no `program`.

import { chromium } from "./chromium.mjs";
import { firefox } from "./firefox.mjs";
import { webkit } from "./webkit.mjs";

export const BROWSERS = [chromium, firefox, webkit];

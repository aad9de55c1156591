### Why the GPU of a browser cannot be used.

error-gpu-not-offered = This browser offers no GPU to web pages (WebGPU).
# $problem: the browser’s own words
error-gpu-refused = The browser does not open the GPU ({ $problem }).
error-gpu-no-answer = The GPU does not respond.
error-gpu-no-model = There is no pretrained model to test the GPU with. Load one first.

### What is shown before the page's program runs: www/boot-texts.js is made of it, see tests/catalogue/boot.rs.

boot-title = tunelab: fine-tune an image classifier in your browser
boot-loading = Loading…
boot-late = If this message stays, your connection is slow or this browser is too old for tunelab. Use a current version of Firefox, Chrome, Edge or Safari.
boot-no-simd = This browser cannot run WebAssembly with SIMD, which tunelab requires. It is too old, or its settings forbid it, as Lockdown Mode in Safari does. Use a current version of Firefox, Chrome, Edge or Safari.
# $reason: the browser's words
boot-not-loaded = tunelab could not be loaded ({ $reason }). Check your connection and reload the page.
boot-no-script = tunelab runs in your browser and needs JavaScript. Allow JavaScript for this page and reload it.

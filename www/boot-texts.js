// Made of crates/l10n/locales by the test `boot` of crates/l10n, which says how. Do not edit.

export const TEXTS = {
  "en": {
    title: "tunelab: fine-tune an image classifier in your browser",
    loading: "Loading…",
    late: "If this message stays, your connection is slow or this browser is too old for tunelab. Use a current version of Firefox, Chrome, Edge or Safari.",
    noSimd: "This browser cannot run WebAssembly with SIMD, which tunelab requires. It is too old, or its settings forbid it, as Lockdown Mode in Safari does. Use a current version of Firefox, Chrome, Edge or Safari.",
    notLoaded: (reason) => `tunelab could not be loaded (${reason}). Check your connection and reload the page.`,
  },
  "zh-Hans": {
    title: "tunelab：在浏览器中微调图片分类模型",
    loading: "正在加载……",
    late: "如果一直显示此消息，说明网络较慢，或者此浏览器版本过旧，无法运行 tunelab。请使用最新版本的 Firefox、Chrome、Edge 或 Safari。",
    noSimd: "此浏览器无法运行 tunelab 所需的 WebAssembly SIMD：浏览器版本过旧，或者其设置禁止了该功能（例如 Safari 的锁定模式）。请使用最新版本的 Firefox、Chrome、Edge 或 Safari。",
    notLoaded: (reason) => `无法加载 tunelab（${reason}）。请检查网络连接，然后重新加载页面。`,
  },
};

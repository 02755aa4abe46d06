/* Tells the page around the widget how high it is, and nothing else. */
(() => {
  "use strict";
  if (window.parent === window) return;
  const tell = () => window.parent.postMessage({ poruchHeight: document.documentElement.offsetHeight }, "*");
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
})();
